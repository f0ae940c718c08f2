"""Segments: people picked by an expression such as `language = es and not acted(daca)`.

`parse` reads what staff typed, `check` looks for the lists and campaigns that it names, and `condition` makes
it a condition over subscribers, for any SELECT; `wanted` does all three.
"""

from dispatcher.usecases.segments.compiling import check, condition, wanted
from dispatcher.usecases.segments.parsing import parse

__all__ = ["check", "condition", "parse", "wanted"]
