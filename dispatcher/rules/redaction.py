"""Providers' words without anybody's address: what may stand in the delivery log, in logs and on a screen."""

import re

# Begins only where a word does, so that hostile text costs linear time.
_BREAK = r"\s<>()\[\],;:\"'"
_EMAIL = re.compile(rf"(?<![^{_BREAK}=])[^{_BREAK}@]+@[^{_BREAK}@]+")
_NUMBER = re.compile(r"\+\d[\dX*]{6,14}")  # E.164, also as providers mask it: +1312555XXXX
_LONGEST_READ = 2000  # characters of a reply that are looked at
_SHORTEST_NAME = 3  # a local part shorter than this is no clue to a person, and may be any word


def without_addresses(words: str, to: str = "", *, limit: int = 300) -> str:
    """`words` on one line of at most `limit` characters, with `<address>` for every email address and
    `<number>` for every phone number.

    `to` is the recipient (an email address or E.164): its parts are taken out too, since servers write
    "maria: no such user" and "13125550123 has left".
    """
    text = " ".join("".join(c if c.isprintable() else " " for c in words[:_LONGEST_READ]).split())
    for part, mark in _own_parts(to):
        text = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", mark, text, flags=re.IGNORECASE)
    text = _NUMBER.sub("<number>", _EMAIL.sub("<address>", text)).replace("<<address>>", "<address>")
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _own_parts(to: str) -> list[tuple[str, str]]:
    if "@" in to:
        local = to.rpartition("@")[0]
        names = [to, local] if len(local) >= _SHORTEST_NAME else [to]
        return [(name, "<address>") for name in names]
    digits = to.removeprefix("+")
    numbers = [to, digits, digits[-10:]] if len(digits) >= 10 else []
    return [(number, "<number>") for number in numbers]
