"""What each name of a segment means, checked against the fields there are; a word to whoever mistyped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dispatcher.errors import WrongSegment
from dispatcher.rules.alert import Channel
from dispatcher.rules.segments import Alone, Asked, Comparison, Expression, Word, leaves
from dispatcher.usecases.attributes.values import AttributeType, comparable, day
from dispatcher.usecases.segments.grammar import nearest, wrong

EVERYONE, NOBODY = "everyone", "nobody"
MOST_VALUES = 500


class Column(StrEnum):
    """A field that every subscriber has."""

    LANGUAGE = "language"
    POSTAL_CODE = "postal_code"
    TIME_ZONE = "time_zone"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Question:
    """What can be asked of somebody's past: what the first argument is, and what may come after it."""

    about: str  # list, campaign or channel
    channel: bool = False
    since: bool = False


QUESTIONS = {
    "on": Question("list", channel=True),
    "left": Question("list", channel=True),
    "acted": Question("campaign", since=True),
    "got": Question("campaign", since=True),
    "clicked": Question("campaign", since=True),
    "has": Question("channel"),
}
_CHANNELS = {**{str(channel): channel for channel in Channel}, "phone": Channel.SMS, "texts": Channel.SMS}
_ENCRYPTED = frozenset({"email", "phone", "first_name", "last_name", "name"})
_EXAMPLES = {
    AttributeType.NUMBER: "a number here, such as 40 or 12.5",
    AttributeType.DATE: "a day here, such as 2026-11-01",
    AttributeType.YES_NO: "yes or no here",
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """The attributes that an expression may name; `choices` by name, where those are known."""

    text: str
    types: Mapping[str, AttributeType]
    choices: Mapping[str, tuple[str, ...]]

    def wrong(self, place: int, problem: str) -> WrongSegment:
        """An error that points at the place."""
        return wrong(self.text, place, problem)

    def check(self, expression: Expression) -> None:
        """Raise WrongSegment for the first name, sign or value that means nothing."""
        for leaf in leaves(expression):
            if isinstance(leaf, Comparison):
                self._check_comparison(leaf)
            elif isinstance(leaf, Asked):
                self._check_question(leaf)
            else:
                self._check_alone(leaf)

    def type_of(self, name: Word) -> Column | AttributeType:
        """What a field holds."""
        known = name.text.lower()
        if known in set(Column):
            return Column(known)
        if known in self.types:
            return self.types[known]
        if known in _ENCRYPTED:
            problem = "is encrypted, so that nobody can be searched for. Ask has(email) or has(phone) instead"
            raise self.wrong(name.place, f"{known} {problem}.")
        if known in QUESTIONS:
            raise self.wrong(name.place, f"{known} asks something: write {known}({_example(known)}).")
        near = nearest(known, [*Column, *self.types])
        more = "" if self.types else " Attributes are named in attributes.toml."
        raise self.wrong(name.place, f"there is no field {name.text!r}. {near}{more}")

    def value(self, kind: Column | AttributeType, word: Word, name: str = "") -> str | float | date:
        """A value as the field has it: a day for `joined`, else text or a number."""
        if kind is Column.JOINED:
            return self.day(word)
        if isinstance(kind, Column):
            if not word.text:
                raise self.wrong(word.place, "an empty value means nobody. To mean all, leave this part out.")
            if "*" in word.text:  # nobody's field has one: it would quietly mean nobody
                raise self.wrong(word.place, "an asterisk stands at the end alone, unquoted: 606*.")
            return word.text.upper() if kind is Column.POSTAL_CODE else word.text
        if word.prefix:
            problem = "takes whole values: it is kept so that a stolen database doesn't show it"
            raise self.wrong(word.place, f"{name} {problem}. An asterisk works with postal_code.")
        found = comparable(kind, word.text)
        if found is None:
            raise self.wrong(word.place, f"{name} needs {_EXAMPLES.get(kind, 'a value here')}.")
        if choices := self.choices.get(name):
            known = {comparable(kind, choice): choice for choice in choices}
            if found not in known:
                raise self.wrong(word.place, f"{name} is never that. {nearest(word.text, choices)}")
        return found

    def day(self, word: Word) -> date:
        """A day as people write it."""
        found = None if word.prefix else day(word.text)
        if found is None:
            raise self.wrong(word.place, "expected a day, such as 2026-11-01.")
        return found

    def channel(self, word: Word) -> Channel:
        """`email`; `sms` or `phone`."""
        if word.text.lower() not in _CHANNELS:
            raise self.wrong(word.place, f"{word.text!r} is no way to reach people: email or sms.")
        return _CHANNELS[word.text.lower()]

    def _check_comparison(self, leaf: Comparison) -> None:
        kind = self.type_of(leaf.name)
        ordered = kind is Column.JOINED or (isinstance(kind, AttributeType) and kind.ordered)
        if leaf.operator.ordered and not ordered:
            name = leaf.name.text.lower()
            raise self.wrong(leaf.operator_place, f"{name} has no more and no less: use =, != or in.")
        if len(leaf.values) > MOST_VALUES:
            problem = f"more than {MOST_VALUES} values. Import these people into a list, and say on(list)."
            raise self.wrong(leaf.values[MOST_VALUES].place, problem)
        for word in leaf.values:
            self.value(kind, word, leaf.name.text.lower())

    def _check_question(self, leaf: Asked) -> None:
        name = leaf.name.text.lower()
        if name not in QUESTIONS:
            raise self.wrong(
                leaf.name.place, f"there is nothing to ask as {name}(...). {nearest(name, QUESTIONS)}"
            )
        question = QUESTIONS[name]
        if not leaf.arguments:
            raise self.wrong(leaf.name.place, f"{name} of what? Write {name}({_example(name)}).")
        for word in leaf.arguments:
            if word.prefix:
                raise self.wrong(word.place, "an asterisk can't stand here: name one.")
        self._check_arguments(leaf, question)
        if leaf.since and not question.since:
            raise self.wrong(leaf.since.place, f"{name} can't be asked since a day.")
        if leaf.since:
            self.day(leaf.since)

    def _check_arguments(self, leaf: Asked, question: Question) -> None:
        first, *more = leaf.arguments
        if question.about == "channel":
            self.channel(first)
        taken = 1 if question.channel else 0
        if len(more) > taken:
            what = f"one {question.about}{' and a channel' if question.channel else ''}"
            name = leaf.name.text.lower()
            raise self.wrong(more[taken].place, f"{name} takes {what}. Join several with `or`.")
        if more:
            self.channel(more[0])

    def _check_alone(self, leaf: Alone) -> None:
        if leaf.name.text.lower() in (EVERYONE, NOBODY):
            return
        kind = self.type_of(leaf.name)
        if kind is not AttributeType.YES_NO:
            name = leaf.name.text.lower()
            (example, *_) = self.choices.get(name) or (_value(kind),)
            raise self.wrong(leaf.name.place, f"what of {name}? Write, say, {name} = {example}.")


def _example(question: str) -> str:
    return {"list": "daca", "campaign": "daca", "channel": "email"}[QUESTIONS[question].about]


def _value(kind: Column | AttributeType) -> str:
    examples: dict[Column | AttributeType, str] = {
        Column.LANGUAGE: "es",
        Column.POSTAL_CODE: "60608",
        Column.TIME_ZONE: "America/Chicago",
        Column.JOINED: "2026-11-01",
        AttributeType.DATE: "2026-11-01",
        AttributeType.NUMBER: "40",
    }
    return examples.get(kind, "Chicago")
