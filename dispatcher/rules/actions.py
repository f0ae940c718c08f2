"""How we know that somebody acted."""

from enum import StrEnum


class ActionHow(StrEnum):
    """Where the knowledge comes from. A click is no act: they may have stopped at the form."""

    TOLD = "told"  # staff wrote it down: a call, a meeting, a signature on paper
    REPORTED = "reported"  # the site where people act said so
