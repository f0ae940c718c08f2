"""A text as a phone shows it, for previews: a bubble, each line in the direction of its first letter."""

import re

from dispatcher.content.files import read_text
from dispatcher.content.templating import compile_part, render_part
from dispatcher.paths import shipped

_LINK = re.compile(r"(https?://[^\s<>\"]+)", re.IGNORECASE)


def bubble(body: str, *, segments: int, sender: str, language: str, direction: str) -> str:
    """A page with one text in it, and beneath it what it takes; `direction` is ltr or rtl."""
    counted = "1 segment" if segments == 1 else f"{segments} segments"
    facts = {
        "pieces": [(words, number % 2 == 1) for number, words in enumerate(_LINK.split(body)) if words],
        "sender": sender or "?",
        "size": f"{counted}, {len(body)} characters",
        "language": language,
        "dir": direction,
    }
    return render_part(
        compile_part(read_text(shipped("templates", "preview", "text.html")), "text.html"), facts
    )
