"""Whether a text says OK, the answer to `dispatch test --ask-ok`. YES never does: it opts in."""

from dispatcher.rules.folding import folded

# As people type it, by the keyboard that they have at hand: Latin, Cyrillic, Arabic.
_OK = frozenset({"ok", "okay", "okey", "okej", "oki", "\u043e\u043a", "окей", "اوك", "اوكي"})
_THUMBS = "\U0001f44d"


def says_ok(text: str) -> bool:
    """Whether the whole text is an OK."""
    return folded(text) in _OK or text.strip().startswith(_THUMBS)
