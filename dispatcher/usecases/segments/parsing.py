"""From what staff typed to a segment: saved names put in their place, every name and value checked."""

from collections.abc import Mapping

from dispatcher.errors import WrongSegment
from dispatcher.rules.segments import Alone, Comparison, Expression, Segment, Word, leaves
from dispatcher.usecases.attributes.schema import load_schema
from dispatcher.usecases.attributes.values import AttributeType
from dispatcher.usecases.segments.grammar import nearest, read_expression, tidied, wrong
from dispatcher.usecases.segments.meaning import EVERYONE, NOBODY, Column, Meaning
from dispatcher.usecases.segments.saved import saved_segments

_ROUNDS = 5  # saved segments within saved segments


def parse(text: str) -> Segment:
    """Read an expression, or a saved one's name. Raises WrongSegment, which points at the place."""
    schema = load_schema()
    line, expression = _written_out(tidied(text), set(schema))
    types = {name: one.type for name, one in schema.items()}
    choices = {name: one.choices for name, one in schema.items()}
    Meaning(line, types, choices).check(expression)
    named = {leaf.name.text.lower() for leaf in leaves(expression) if isinstance(leaf, Comparison | Alone)}
    return Segment(line, {name: str(types[name]) for name in sorted(named & types.keys())})


def read_again(segment: Segment) -> tuple[Expression, Meaning]:
    """The parts of a segment that was read before, and what its names meant then."""
    types = {name: AttributeType(kind) for name, kind in segment.types.items()}
    return read_expression(segment.text), Meaning(segment.text, types, {})


def _written_out(line: str, attributes: set[str]) -> tuple[str, Expression]:
    """The line with the names of saved segments replaced by what they stand for."""
    fields = {EVERYONE, NOBODY, *Column, *attributes}
    saved: Mapping[str, str] | None = None
    for _ in range(_ROUNDS):
        expression = read_expression(line)
        names = [leaf.name for leaf in leaves(expression) if isinstance(leaf, Alone)]
        unknown = [name for name in names if name.text.lower() not in fields]
        if not unknown:
            return line, expression
        saved = saved_segments() if saved is None else saved
        line = _replaced(line, unknown, saved, fields)
    problem = "saved segments name each other in a ring, or too many of them within each other."
    raise WrongSegment(problem=problem, where="")


def _replaced(line: str, names: list[Word], saved: Mapping[str, str], fields: set[str]) -> str:
    for name in reversed(names):  # from the end, so that the places before it stay
        if name.text not in saved:
            near = nearest(name.text, sorted({*saved, *fields}))
            problem = f"there is no saved segment and no yes-or-no attribute {name.text!r}. {near}"
            raise wrong(line, name.place, problem)
        meant = tidied(saved[name.text])
        if name.text != line:
            meant = f"({meant})"
        line = line[: name.place] + meant + line[name.place + len(name.text) :]
    return tidied(line)
