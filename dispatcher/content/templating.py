"""The one Jinja that campaigns are written in: sandboxed, strict, and without anything that could hang.

`safe` isn't among the filters and `{% autoescape %}` is refused, so merge data can never become markup.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from dispatcher.content.filters import FILTERS
from dispatcher.content.protect import unquoted
from dispatcher.errors import BrokenCampaign, RenderFailed

_FILTERS = (
    *("capitalize", "d", "default", "e", "escape", "first", "forceescape", "int", "join", "last", "length"),
    *("lower", "replace", "round", "sort", "striptags", "title", "trim", "truncate", "upper", "urlencode"),
    "wordcount",
)
_TESTS = (
    *("defined", "undefined", "none", "string", "number", "mapping", "sequence", "even", "odd", "in"),
    *("eq", "ne", "lt", "le", "gt", "ge"),
)
_REFUSED: dict[type[nodes.Node], str] = {
    nodes.ScopedEvalContextModifier: "{% autoescape %} isn't allowed: names are always escaped in HTML",
    nodes.Extends: "{% extends %} isn't known here; the layout is put around the body by itself",
    nodes.Import: '{% import %} isn\'t known here; write {% include "name.html" %}',
    nodes.FromImport: '{% from %} isn\'t known here; write {% include "name.html" %}',
    nodes.Macro: '{% macro %} isn\'t known here; write {% include "name.html" %}',
}
_TAG_ALONE = re.compile(r"^[ \t]*(\{%(?:(?!%\}).)*%\})[ \t]*\n", re.MULTILINE)
_LARGEST_PRODUCT = 10_000


class Words(Mapping[str, Any]):
    """A mapping for `{{ org.name }}`: only its keys can be reached, so `attributes.items` is a column."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Sandbox(ImmutableSandboxedEnvironment):
    """Refuses the operators that can make something huge of something small."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`a.b`; in Words only the key `b`, never a method."""
        if not isinstance(obj, Words):
            return super().getattr(obj, attribute)
        return obj[attribute] if attribute in obj else self.undefined(name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """`a[b]`; what is missing isn't named: `b` may be a person's name."""
        found = obj.get(argument) if isinstance(obj, Words) else super().getitem(obj, argument)
        missing = found is None or isinstance(found, StrictUndefined)
        return self.undefined(hint="nothing in these brackets") if missing else found

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers only, and small ones: `"x" * 10**9` would fill the memory."""
        numbers = isinstance(left, int | float) and isinstance(right, int | float)
        if not numbers or operator == "**" or (operator == "*" and abs(left * right) > _LARGEST_PRODUCT):
            raise SecurityError(f"{operator} isn't allowed here")
        return super().call_binop(context, operator, left, right)


@cache
def sandbox(*, html: bool) -> Sandbox:
    """The environment of HTML parts (autoescaped), or of subjects and texts (not)."""
    environment = Sandbox(autoescape=html, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals.clear()  # range, cycler, lipsum ...
    environment.filters = {name: environment.filters[name] for name in _FILTERS} | FILTERS
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


def is_html(name: str) -> bool:
    """Whether a file is written as HTML; every other is plain text."""
    return name.endswith(".html")


@lru_cache(maxsize=128)  # a look over a campaign asks for the same trees many times
def parse(source: str, file: str) -> nodes.Template:
    """The syntax tree of one file; BrokenCampaign, with its line, when it isn't a template that we allow.

    It is shared: only look at it.
    """
    environment = sandbox(html=is_html(file))
    try:
        tree = environment.parse(source, filename=file)
        _refuse(tree)
        environment.compile(source, filename=file)  # finds unknown filters and tests
        _refuse_unquoted(source, file)
    except TemplateSyntaxError as error:
        raise BrokenCampaign(file=file, place=f":{error.lineno}", problem=f"{error.message}.") from None
    return tree


def _refuse_unquoted(source: str, file: str) -> None:
    if is_html(file) and (bare := unquoted(source)):
        line = source.count("\n", 0, source.index(bare)) + 1
        raise TemplateSyntaxError(f'put quotes around {bare}: "{bare}"', line)


def _refuse(tree: nodes.Template) -> None:
    for node in tree.find_all(tuple(_REFUSED)):
        raise TemplateSyntaxError(_REFUSED[type(node)], node.lineno)
    for call in tree.find_all(nodes.Call):
        _refuse_call(call)


def _refuse_call(call: nodes.Call) -> None:
    """Nothing is called but `chrome.why.format(list_name=list_name)`: the frame's words have gaps."""
    words = call.node.node if isinstance(call.node, nodes.Getattr) and call.node.attr == "format" else None
    if not (
        isinstance(words, nodes.Getattr)
        and isinstance(words.node, nodes.Name)
        and words.node.name == "chrome"
    ):
        raise TemplateSyntaxError(
            "nothing can be called here; filters such as |default(...) can be used", call.lineno
        )


def compile_part(source: str, name: str) -> Template:
    """A part of an edition, to be rendered many times. A line that holds only a tag leaves none behind."""
    return sandbox(html=is_html(name)).from_string(_TAG_ALONE.sub(r"\1", source))


def render_part(template: Template, variables: Mapping[str, Any]) -> str:
    """A part's text for one person; RenderFailed, without anything of the person in it, when it can't be."""
    return "".join(render_pieces(template, variables))


def render_pieces(template: Template, variables: Mapping[str, Any]) -> list[str]:
    """As `render_part`, in pieces: the author's words are the same objects each time."""
    try:
        return list(template.generate(variables))
    except UndefinedError as error:
        names = re.findall(r"'(\w+)'", str(error))
        raise RenderFailed(reason="undefined variable", detail=f": {names[-1]}" if names else "") from None
    except Exception as error:  # noqa: BLE001 - its words may hold merge data, its class doesn't
        raise RenderFailed(reason="template error", detail=f": {type(error).__name__}") from None
