"""Quiet hours: when a text may arrive, on the recipient's own clock.

Federal: 8 am to 9 pm (47 CFR 64.1200(c)(1)). Stricter states are in STATE_WINDOWS.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` o'clock up to, not including, `end` o'clock; 24 is midnight."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"


def parse_window(text: str) -> Window | None:
    """`8-21` as a Window, `none` as None; ValueError says what would be right."""
    if text.strip().lower() == "none":
        return None
    first, _, last = text.partition("-")
    if not (first.strip().isdigit() and last.strip().isdigit()):
        raise ValueError(f"{text!r} isn't a span of hours; write 8-21, or none")
    window = Window(int(first), int(last))
    if not 0 <= window.start < window.end <= 24:
        raise ValueError(f"{text!r} isn't a span within one day; write 8-21, or none")
    return window
