"""What to write in place of characters that turn a text into UCS-2, in words for staff."""

from collections.abc import Iterable, Sequence

from dispatcher.rules.typographic import GSM_SPELLING

_SPELLED = {"": "nothing", " ": "a space"}


def forces(chars: Sequence[str]) -> str:
    """`á and í force UCS-2`."""
    return f"{_listed(map(_shown, chars))} {'forces' if len(chars) == 1 else 'force'} UCS-2"


def other_spelling(forcing: Sequence[str], also: str = "") -> str:
    """Another spelling where there is one, and what may be done `also`; a letter is never misspelled."""
    signs = [char for char in forcing if char in GSM_SPELLING]
    letters = [char for char in forcing if char.isalpha() and char not in GSM_SPELLING]
    others = [char for char in forcing if char not in signs and char not in letters]
    mends = []
    if signs:
        spelled = [
            f"{_SPELLED.get(GSM_SPELLING[sign], GSM_SPELLING[sign])} for {_shown(sign)}" for sign in signs
        ]
        mends.append(f"Write {_listed(spelled)}{also}.")
    if letters:
        mends.append(f"Look for other words in place of those with {_listed(letters)}; don't misspell them.")
    if others:
        mends.append(f"Leave {_listed(map(_shown, others))} out.")
    return " ".join(mends)


def _shown(char: str) -> str:
    """A character; of one that can't be seen its code."""
    return char if char.isprintable() else f"U+{ord(char):04X}"


def _listed(items: Iterable[str]) -> str:
    *most, last = items
    return " and ".join(filter(None, (", ".join(most), last)))
