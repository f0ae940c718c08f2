"""Sample people: whom a campaign is tried on before it is sent to anybody."""

from collections.abc import Iterable, Sequence

from jinja2 import nodes

from dispatcher.content.context import Person
from dispatcher.content.templating import parse

LEAVE_URL = "https://leave.example.org/l/sample"
ONE_CLICK_URL = "https://leave.example.org/1/sample"
LIST_NAME = "Example alerts"
_MOST_VALUES = 8
_ODD_NAME = 'Zoë "Zed" <b>O\'Hara</b> & {{ x }}, 李'


def sample_people(language: str, sources: Iterable[str]) -> list[Person]:
    """People with and without names, with odd characters, with each value that the sources compare with."""
    trees = [parse(source, "sample.html") for source in sources]
    names, values = _attribute_names(trees), _compared_values(trees)
    people = [
        _person(language, "María", "Núñez", dict.fromkeys(names, "Sample")),
        _person(language, None, None, dict.fromkeys(names, "")),
        _person(language, _ODD_NAME, "نور", dict.fromkeys(names, _ODD_NAME)),
    ]
    if names:
        people.append(_person(language, "Ewa", None, {}))
        people += [_person(language, "Li", "Wei", dict.fromkeys(names, value)) for value in values]
    return people


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
    )


def _attribute_names(trees: Sequence[nodes.Template]) -> list[str]:
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
        _constant(operand.expr)
        for tree in trees
        for comparison in tree.find_all(nodes.Compare)
        for operand in comparison.ops
    }
    return sorted(filter(None, constants))[:_MOST_VALUES]


def _constant(node: nodes.Expr) -> str:
    return str(node.value) if isinstance(node, nodes.Const) else ""
