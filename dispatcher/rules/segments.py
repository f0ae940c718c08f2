"""Segments: which people an expression means, as `language = es and not acted(daca)` says it.

The parts of an expression, as the parser makes them, each with its place in the words that staff wrote.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Segment:
    """An expression that was read and checked. It says the same later, whatever becomes of any file.

    `types` are those of its attributes, by name: attributes.toml may change, or be on another machine.
    """

    text: str
    types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Word:
    """A name or a value, and where it begins. `prefix`: it had an asterisk at its end."""

    text: str
    place: int
    prefix: bool = False


class Operator(StrEnum):
    """How a field is compared. `in` is EQUAL with several values."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="

    @property
    def ordered(self) -> bool:
        """Whether it needs values that have an order."""
        return self not in {Operator.EQUAL, Operator.UNEQUAL}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field beside one value, or several of which one must fit."""

    name: Word
    operator: Operator
    operator_place: int
    values: tuple[Word, ...]
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """`acted(daca, since 2026-11-01)`: something to ask of each person's past."""

    name: Word
    arguments: tuple[Word, ...]
    since: Word | None = None
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Alone:
    """A word by itself: `everyone`, a yes-or-no attribute, or the name of a saved segment."""

    name: Word
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Not:
    """Whoever the part doesn't mean."""

    part: "Expression"
    depth: int


@dataclass(frozen=True, slots=True)
class Both:
    """Whoever all the parts mean."""

    parts: tuple["Expression", ...]
    depth: int


@dataclass(frozen=True, slots=True)
class Either:
    """Whoever one of the parts means."""

    parts: tuple["Expression", ...]
    depth: int


Leaf = Comparison | Asked | Alone
Expression = Leaf | Not | Both | Either


def leaves(expression: Expression) -> Iterator[Leaf]:
    """Every part of an expression that asks something, from left to right."""
    if isinstance(expression, Not):
        yield from leaves(expression.part)
    elif isinstance(expression, Both | Either):
        for part in expression.parts:
            yield from leaves(part)
    else:
        yield expression
