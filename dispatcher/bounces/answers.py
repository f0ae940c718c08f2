"""A person's answer by mail: who writes, which message of ours it may be about, and their own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dispatcher.bounces.addresses import addresses_in
from dispatcher.bounces.mail import Part, read_mail, words_of
from dispatcher.bounces.verp import leave_token, token_of
from dispatcher.bounces.written import cleaned, written_words
from dispatcher.rules.references import reference_in

_MOST_REFERENCES = 20
_ANSWERS = re.compile(r"\W*[^\W\d_]{1,4}(?:\[\d{1,3}\])?\s?[:\uff1a]")  # Re: RE[2]: Odp: AW: and the like
_LONGEST_SUBJECT = 200
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,240}>")  # printable ASCII without < and >
_TO_MANY = frozenset({"bulk", "list", "junk"})


@dataclass(frozen=True, slots=True)
class Answer:
    """`references` look like ours, the surest first; whether one is, is for others to prove."""

    sender: str = field(repr=False)  # "" where nobody is named; anybody can write anybody's name
    references: tuple[str, ...]
    words: str = field(repr=False)
    message_id: str = field(repr=False, default="")  # the mail's own, as it may stand in a header of ours
    by_hand: bool = True  # False: a mailing list or a program may have a part in it


def read_answer(raw: bytes) -> Answer:
    """What a mail says that a person wrote. It always answers, whatever it is given."""
    mail = read_mail(raw)
    sender = next(iter(addresses_in(words_of(mail.header("from")))), "")
    references = tuple(dict.fromkeys(_references(mail)))[:_MOST_REFERENCES]
    own_id = _MESSAGE_ID.search(mail.header("message-id"))
    precedence = mail.header("precedence").strip().lower()
    by_hand = "list-id" not in mail.headers and precedence not in _TO_MANY
    return Answer(
        sender, references, written_words(mail) or _subject(mail), own_id[0] if own_id else "", by_hand
    )


def _references(mail: Part) -> Iterator[str]:
    """From the address that it came to, from what it answers, from the thread (the nearest first)."""
    token = token_of(mail, "")
    if token and not leave_token(token):
        yield token
    for name in ("in-reply-to", "references"):
        for value in mail.headers.get(name, []):
            yield from filter(None, map(reference_in, reversed(value.split())))


def _subject(mail: Part) -> str:
    """The words of a mail without any other; not those of our own subject, which come back behind `Re:`."""
    subject = cleaned(words_of(mail.header("subject")))
    return "" if _ANSWERS.match(subject) else subject[:_LONGEST_SUBJECT]
