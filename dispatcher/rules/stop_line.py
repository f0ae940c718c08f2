"""How to stop, said in the first text to a number and at least monthly from then on, as carriers ask (CTIA).

A text that says it anyway needs no more; to any other one the line is added when it is due.
"""

import re
from datetime import timedelta

EVERY = timedelta(days=30)  # how long a number needs no reminder

_STOP = re.compile(r"\bSTOP\b")  # carriers listen for this word in every language


def tells_stop(body: str) -> bool:
    """Whether a text says how to stop."""
    return _STOP.search(body) is not None


def with_stop_line(body: str, line: str) -> str:
    """The text with the line under it, unless it says so already."""
    return body if tells_stop(body) else f"{body}\n{line}"
