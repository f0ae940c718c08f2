"""Sample people: whom a campaign is tried on before it is sent to anybody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from jinja2 import nodes

from dispatcher.content.context import Person
from dispatcher.content.templating import parse

LEAVE_URL = "https://leave.example.org/l/sample"
ONE_CLICK_URL = "https://leave.example.org/1/sample"
VIEW_URL = "https://leave.example.org/v/sample"
LIST_NAME = "Example alerts"
_MOST_VALUES = 8
_ODD_NAME = 'Zoë "Zed" <b>O\'Hara</b> & {{ x }}, 李'


def sample_people(language: str, sources: Iterable[str], *, every_shape: bool = False) -> list[Person]:
    """People with and without names, with odd characters, with the values that the sources compare with.

    `every_shape` adds all of those values, and somebody for each `{% if %}` that asks several things at once.
    """
    trees = [parse(source, "sample.html") for source in sources]
    names, values = _attribute_names(trees), _compared_values(trees)
    people = [
        _person(language, "María", "Núñez", dict.fromkeys(names, "Sample")),
        _person(language, None, None, dict.fromkeys(names, "")),
        _person(language, _ODD_NAME, "نور", dict.fromkeys(names, _ODD_NAME)),
    ]
    if names:
        people.append(_person(language, "Ewa", None, {}))
        shapes = [dict.fromkeys(names, value) for value in values[: None if every_shape else _MOST_VALUES]]
        shapes += [dict.fromkeys(names, "") | met for met in _conditions_met(trees)] if every_shape else []
        people += [_person(language, "Li", "Wei", shape) for shape in shapes]
    return people


def is_ordinary(person: Person) -> bool:
    """Whether a sample person's own words hold nothing that a check could take for the author's."""
    return _ODD_NAME not in (person.first_name, *person.attributes.values())


def _person(
    language: str, first_name: str | None, last_name: str | None, attributes: dict[str, str]
) -> Person:
    return Person(
        message_id=0,
        to="sample@example.org",
        first_name=first_name,
        last_name=last_name,
        language=language,
        attributes=attributes,
        list_name=LIST_NAME,
        leave_url=LEAVE_URL,
        one_click_url=ONE_CLICK_URL,
        view_url=VIEW_URL if first_name else "",
    )


def _attribute_names(trees: Sequence[nodes.Node]) -> list[str]:
    """Every x of `attributes.x` and `attributes["x"]`."""
    dotted = {
        found.attr for tree in trees for found in tree.find_all(nodes.Getattr) if _of_attributes(found.node)
    }
    bracketed = {
        _constant(found.arg)
        for tree in trees
        for found in tree.find_all(nodes.Getitem)
        if _of_attributes(found.node)
    }
    return sorted(filter(None, dotted | bracketed))


def _of_attributes(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Name) and node.name == "attributes"


def _compared_values(trees: Sequence[nodes.Template]) -> list[str]:
    constants = {
        value
        for tree in trees
        for comparison in tree.find_all(nodes.Compare)
        for operand in comparison.ops
        for value in _constants(operand.expr)
    }
    return sorted(filter(None, constants))


def _conditions_met(trees: Sequence[nodes.Template]) -> list[dict[str, str]]:
    """For each `{% if %}` the attributes that make it and those around it true, where constants say them."""
    met = [found for tree in trees for found in _met_within(tree, {})]
    return [found for number, found in enumerate(met) if found and found not in met[:number]]


def _met_within(node: nodes.Node, around: Mapping[str, str]) -> Iterator[dict[str, str]]:
    for child in node.iter_child_nodes():
        if not isinstance(child, nodes.If):
            yield from _met_within(child, around)
            continue
        here = dict(around) | _equalities(child.test)
        yield here
        yield from _met_within(nodes.Scope(child.body), here)
        yield from _met_within(nodes.Scope([*child.elif_, *child.else_]), around)


def _equalities(test: nodes.Node) -> dict[str, str]:
    """The attributes that a condition compares, with the first value that it compares each with."""
    wanted: dict[str, str] = {}
    for comparison in [test] if isinstance(test, nodes.Compare) else test.find_all(nodes.Compare):
        for name in _attribute_names([comparison]):
            values = _constants(comparison.ops[0].expr)
            if values:
                wanted.setdefault(name, values[0])
    return wanted


def _constants(node: nodes.Expr) -> list[str]:
    """The constants of an expression, those of a list too; around a whole number those beside it."""
    if isinstance(node, nodes.List | nodes.Tuple):
        return [value for item in node.items for value in _constants(item)]
    if not isinstance(node, nodes.Const):
        return []
    whole = isinstance(node.value, int) and not isinstance(node.value, bool)
    return [str(node.value + step) for step in (0, 1, -1)] if whole else [str(node.value)]


def _constant(node: nodes.Expr) -> str:
    return str(node.value) if isinstance(node, nodes.Const) else ""
