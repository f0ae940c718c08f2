"""From the words of a segment to its parts: the grammar, and errors that point at the place."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from dispatcher.errors import WrongSegment
from dispatcher.rules.segments import Alone, Asked, Both, Comparison, Either, Expression, Not, Operator, Word

if TYPE_CHECKING:
    from lark import Lark, Token, UnexpectedInput

_LONGEST = 4000  # characters
_DEEPEST = 25  # brackets and nots within each other
_SHOWN = 70  # characters of the expression beside an error

# A word is anything without spaces, brackets, commas, quotation marks and signs: so `O'Hare` needs quotes.
# No pattern can match the same letters in two ways, so none can be made to try for long.
_WORD = r"""(?!(?:and|or|not|in)(?![^\s()=!<>≠≤≥,"“”']))[^\s()=!<>≠≤≥,"“”']+"""
_END = r"""(?![^\s()=!<>≠≤≥,"“”'])"""
_GRAMMAR = rf"""
?start: either
?either: both (_OR both)*
?both: negation (_AND negation)*
?negation: _NOT negation -> never
    | "(" either ")"
    | FIELD OPERATOR value -> compared
    | FIELD _IN values -> among
    | FIELD _NOT _IN values -> not_among
    | FIELD "(" [value ("," value)* [","]] [_SINCE since] ")" -> asked
    | FIELD -> alone
values: value ("," value)* | "(" value ("," value)* ")"
?since: VALUE -> latest
?value: VALUE -> value | QUOTED -> quoted
_OR.2: /or{_END}/i
_AND.2: /and{_END}/i
_NOT.2: /not{_END}/i
_IN.2: /in{_END}/i
_SINCE.2: /since{_END}/i
OPERATOR.2: /!=|<>|<=|>=|==|[=<>≠≤≥]|(?:before|after){_END}/i
QUOTED: /"[^"]*"|“[^”]*”|'[^']*'/
FIELD: /{_WORD}/i
VALUE: /{_WORD}/i
%ignore " "
"""
_SIGNS = {"==": "=", "<>": "!=", "≠": "!=", "≤": "<=", "≥": ">=", "before": "<", "after": ">"}
_EXPECTED = {  # what may stand at a place, in words; what isn't here goes without saying
    "FIELD": "a field such as language, or a question such as acted(daca)",
    "VALUE": "a value such as es",
    "OPERATOR": "a comparison (=, !=, <, >, in)",
    "_IN": "`in`",
    "_AND": "`and`",
    "_OR": "`or`",
    "RPAR": "a closing bracket",
    "_SINCE": "`since` and a day",
}


def wrong(text: str, place: int, problem: str) -> WrongSegment:
    """The error, with the words and a mark under the place."""
    first = max(0, place - _SHOWN // 2) if len(text) > _SHOWN else 0
    shown = text[first : first + _SHOWN]
    before, after = ("... " if first else ""), (" ..." if first + _SHOWN < len(text) else "")
    width = sum(_width(char) for char in shown[: place - first])
    return WrongSegment(
        problem=problem, where=f"\n  {before}{shown}{after}\n  {' ' * (len(before) + width)}^"
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean language?`, or all that there is."""
    names = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), names, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {names[close[0]]}?"
    return f"There are: {', '.join(names.values())}." if names else "There is none yet."


def tidied(text: str) -> str:
    """One line without what can't be seen. Raises WrongSegment for an empty or an endless one."""
    line = "".join(" " if char.isspace() else char for char in text).strip()
    if not line:
        raise WrongSegment(problem="it is empty. Write whom you mean, such as language = es.", where="")
    if len(line) > _LONGEST:
        problem = (
            f"it has more than {_LONGEST:,} characters. Keep long lists of people as a list of their own."
        )
        raise WrongSegment(problem=problem, where="")
    for place, char in enumerate(line):
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Cn", "Co"}:
            shown = "".join(c if c.isprintable() else "?" for c in line)
            raise wrong(shown, place, "there is a character here that can't be seen. Type it anew.")
    return line


def read_expression(line: str) -> Expression:
    """The parts of a `tidied` line. Raises WrongSegment."""
    from lark import UnexpectedInput

    try:
        found: Expression = _parser().parse(line)  # type: ignore[assignment]  # the builder makes no Tree
    except UnexpectedInput as error:
        raise _unexpected(line, error) from None
    if found.depth > _DEEPEST:
        raise wrong(line, 0, f"more than {_DEEPEST} brackets are within each other. Save its parts by name.")
    return found


@cache
def _parser() -> "Lark":
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", transformer=_Builder(), maybe_placeholders=False)


class _Builder:
    """Makes each part as soon as its end is read: nothing recurses, however deep the brackets are."""

    def either(self, parts: list[Expression]) -> Expression:
        return Either(tuple(parts), 1 + max(part.depth for part in parts))

    def both(self, parts: list[Expression]) -> Expression:
        return Both(tuple(parts), 1 + max(part.depth for part in parts))

    def never(self, parts: list[Expression]) -> Expression:
        return Not(parts[0], 1 + parts[0].depth)

    def compared(self, parts: list[Any]) -> Expression:
        name, sign, value = parts
        operator = Operator(_SIGNS.get(sign.lower(), str(sign)))
        return Comparison(_word(name), operator, sign.start_pos, (value,))

    def among(self, parts: list[Any]) -> Expression:
        return Comparison(_word(parts[0]), Operator.EQUAL, parts[0].end_pos, parts[1])

    def not_among(self, parts: list[Any]) -> Expression:
        return Comparison(_word(parts[0]), Operator.UNEQUAL, parts[0].end_pos, parts[1])

    def asked(self, parts: list[Any]) -> Expression:
        name, *arguments = parts
        since = arguments.pop().word if arguments and isinstance(arguments[-1], _Latest) else None
        return Asked(_word(name), tuple(arguments), since)

    def alone(self, parts: "list[Token]") -> Expression:
        return Alone(_word(parts[0]))

    def values(self, parts: list[Word]) -> tuple[Word, ...]:
        return tuple(parts)

    def latest(self, parts: "list[Token]") -> "_Latest":
        return _Latest(_word(parts[0]))

    def value(self, parts: "list[Token]") -> Word:
        word = _word(parts[0])
        return Word(word.text[:-1], word.place, prefix=True) if word.text.endswith("*") else word

    def quoted(self, parts: "list[Token]") -> Word:
        return Word(str(parts[0][1:-1]), int(parts[0].start_pos or 0))


class _Latest:
    """The day of a `since`: told apart from the values before it."""

    def __init__(self, word: Word) -> None:
        self.word = word


def _word(token: "Token") -> Word:
    return Word(str(token), int(token.start_pos or 0))


def _unexpected(line: str, error: "UnexpectedInput") -> WrongSegment:
    from lark import UnexpectedCharacters, UnexpectedToken

    place: int = getattr(error, "pos_in_stream", None) or 0
    assert isinstance(error, UnexpectedCharacters | UnexpectedToken)  # an LALR parser raises no other
    if isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    else:
        expected = set(error.accepts or error.expected)
        place = len(line) if error.token.type == "$END" else place
    return wrong(line, place, _problem(line[place:], expected))


def _problem(rest: str, expected: set[str]) -> str:
    if rest[:1] in {'"', "'", "“", "”"}:
        return "a quotation mark is here that has no other half."
    found = re.match(r"[^\s(),]+|[(),]", rest)
    here = f"{found[0]!r} can't stand here" if found else "it isn't finished"
    *others, last = _in_words(expected)
    return f"{here}. Expected: {', '.join(others)}{' or ' if others else ''}{last}."


def _in_words(expected: set[str]) -> Iterator[str]:
    shown = expected - {"_IN"} if "OPERATOR" in expected else expected
    yield from (words for name, words in _EXPECTED.items() if name in shown)
    if "$END" in expected:
        yield "the end"


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
