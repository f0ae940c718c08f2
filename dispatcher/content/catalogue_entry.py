"""What an entry of a catalogue must keep of its English: the gaps, and the words that carriers listen for."""

import re
from string import Formatter

_MAY_GO = {"chrome.greeting": frozenset({"{name}"})}  # some languages would have to bend it
_LISTENED_FOR = ("STOP", "START", "HELP")
_OK = "OK"  # the answer to `dispatch test --ask-ok`; on a page it is a word like any other
_ANSWERS = "text."


def slip_in(key: str, english: str, words: str) -> str:
    """Why these words can't be used, in words that follow the key; nothing when they can.

    Carriers listen for STOP, START and HELP in every language (CTIA), and so do we.
    """
    try:
        theirs = _gaps(words)
    except ValueError as error:
        return f"has braces that don't fit together: {error}."
    ours = _gaps(english)
    if strange := theirs - ours:
        return f"has {min(strange)}, which its English hasn't: nothing would stand there."
    if lost := ours - theirs - _MAY_GO.get(key, frozenset()):
        return f"has lost {min(lost)}."
    listened_for = (*_LISTENED_FOR, _OK) if key.startswith(_ANSWERS) else _LISTENED_FOR
    for word in listened_for:
        if _says(word, english) and not _says(word, words):
            return f"has lost the word {word}, which carriers and we listen for in every language."
    return ""


def _gaps(text: str) -> set[str]:
    """Everything in braces, as it is written; ValueError when a brace is left alone."""
    found = set()
    for _, name, form, conversion in Formatter().parse(text):
        if name is not None:
            found.add(f"{{{name}{f'!{conversion}' if conversion else ''}{f':{form}' if form else ''}}}")
    return found


def _says(word: str, text: str) -> bool:
    """Whether a text has the word by itself; letters of other scripts may stand beside it."""
    return re.search(rf"(?<![A-Za-z]){word}(?![A-Za-z])", text) is not None
