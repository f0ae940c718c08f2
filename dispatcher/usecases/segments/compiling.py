"""From a segment to a condition over subscribers. Whatever staff typed ends as a bound parameter.

Every part is true or false, never null: who has no postal code isn't in 606*, and is in `not` of it.

How PostgreSQL answers `language = es and postal_code in 606* and not acted(daca)`, of a million people in
0.04 seconds (EXPLAIN ANALYZE over the database of benchmarks/segments.py):

    Aggregate
      ->  Hash Anti Join on actions.subscriber_id = subscribers.id            not acted(daca)
            ->  Index Only Scan using ix_subscribers_postal_code_language_id on subscribers
                  Index Cond: postal_code ~>=~ '606' AND postal_code ~<~ '606\U0010ffff'
                  Filter: language = 'es' OR language ~>=~ 'es-' AND language ~<~ 'es-\U0010ffff'
            ->  Hash  ->  Seq Scan on actions where campaign_id = 1

The beginning of a code is a range of an index that is ordered by bytes. That index has language and id as
well: whoever is counted by them is never visited, and a language alone is a parallel scan of 39 MB instead of
400. What is asked of the past, and of attributes, is EXISTS, which becomes a semi- or anti-join (as IN or NOT
IN it would be a table of everybody first). Only with `or` between two such questions it stays one look, or a
hash of the answers, for each person: some two seconds of a million.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, not_, or_, true
from sqlalchemy.orm import Session

from dispatcher.models import (
    Action,
    Alert,
    AttributeValue,
    Message,
    ShortLink,
    Subscriber,
    Subscription,
    Visit,
)
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.segments import (
    Asked,
    Both,
    Comparison,
    Either,
    Expression,
    Not,
    Operator,
    Segment,
    Word,
)
from dispatcher.rules.visits import PICTURE, Visitor
from dispatcher.usecases.attributes.keys import name_key, value_key
from dispatcher.usecases.attributes.values import AttributeType
from dispatcher.usecases.segments.known import Numbers, numbers_of, refuse_unknown
from dispatcher.usecases.segments.meaning import EVERYONE, NOBODY, Column, Meaning
from dispatcher.usecases.segments.parsing import parse, read_again

_LAST = "\U0010ffff"  # after every character that a text can hold
_GOT = (Status.SENT, Status.DELIVERED, Status.COMPLAINED)
_ADDRESS_KEYS = {Channel.EMAIL: Subscriber.email_key, Channel.SMS: Subscriber.phone_key}
_COLUMNS: Mapping[Column, Any] = {
    Column.LANGUAGE: Subscriber.language,
    Column.POSTAL_CODE: Subscriber.postal_code,
    Column.TIME_ZONE: Subscriber.time_zone,
}


def check(session: Session, segment: Segment) -> None:
    """Raise WrongSegment for a list or campaign that isn't there, or whose clicks can't be asked for."""
    refuse_unknown(session, *read_again(segment))


def condition(session: Session, segment: Segment) -> ColumnElement[bool]:
    """Whether a row of `subscribers` is in the segment. What isn't there any more holds nobody."""
    expression, meaning = read_again(segment)
    dialect = session.get_bind().dialect.name
    return _Compiler(meaning, numbers_of(session, expression), dialect).compiled(expression)


def wanted(session: Session, text: str) -> ColumnElement[bool]:
    """The condition of what staff typed. Raises WrongSegment."""
    segment = parse(text)
    check(session, segment)
    return condition(session, segment)


@dataclass(frozen=True, slots=True)
class _Compiler:
    meaning: Meaning
    numbers: Numbers
    dialect: str

    def compiled(self, expression: Expression) -> ColumnElement[bool]:
        match expression:
            case Both(parts=parts):
                return and_(*map(self.compiled, parts))
            case Either(parts=parts):
                return or_(*map(self.compiled, parts))
            case Not(part=part):
                return not_(self.compiled(part))
            case Comparison():
                return self._compared(expression)
            case Asked():
                return self._asked(expression)
        return self._alone(expression.name.text.lower())

    def _alone(self, name: str) -> ColumnElement[bool]:
        if name in (EVERYONE, NOBODY):
            return true() if name == EVERYONE else false()
        return _attribute(name, AttributeValue.value_key == value_key(name, "yes"))

    def _compared(self, leaf: Comparison) -> ColumnElement[bool]:
        kind, name = self.meaning.type_of(leaf.name), leaf.name.text.lower()
        if leaf.operator.ordered:
            value = self.meaning.value(kind, leaf.values[0], name)
            if isinstance(value, date):
                return _day_compared(leaf.operator, value)
            return _attribute(name, _ordered(leaf.operator, AttributeValue.number, value))
        found = self._equal(kind, name, leaf.values)
        return not_(found) if leaf.operator is Operator.UNEQUAL else found

    def _equal(self, kind: Column | AttributeType, name: str, words: tuple[Word, ...]) -> ColumnElement[bool]:
        values = [self.meaning.value(kind, word, name) for word in words]
        if kind is Column.JOINED:
            days = [value for value in values if isinstance(value, date)]
            return or_(*(_day_compared(Operator.EQUAL, day) for day in days))
        if isinstance(kind, Column):
            column = _COLUMNS[kind]
            texts = [(str(value), word.prefix) for value, word in zip(values, words, strict=True)]
            return and_(column.is_not(None), or_(*(self._fits(column, *text) for text in texts)))
        if kind.ordered:
            return _attribute(name, AttributeValue.number.in_(values))
        keys = [value_key(name, str(value)) for value in values]
        return _attribute(name, AttributeValue.value_key.in_(keys))

    def _fits(self, column: Any, text: str, prefix: bool) -> ColumnElement[bool]:
        """`es` is also whoever reads es-MX, and 60608 also 60608-1234."""
        if prefix:
            return self._begins(column, text)
        return or_(column == text, self._begins(column, f"{text}-"))

    def _begins(self, column: Any, text: str) -> ColumnElement[bool]:
        """Not LIKE: on SQLite that can't use the index, and takes small letters for capitals."""
        if self.dialect == "postgresql":  # as bytes, whatever the database's language would have first
            from_there = column.op("~>=~", is_comparison=True)(text)
            return and_(from_there, column.op("~<~", is_comparison=True)(text + _LAST))
        return and_(column >= text, column < text + _LAST)

    def _asked(self, leaf: Asked) -> ColumnElement[bool]:
        name, first = leaf.name.text.lower(), leaf.arguments[0]
        since = _start_of(self.meaning.day(leaf.since)) if leaf.since else None
        if name == "has":
            return _ADDRESS_KEYS[self.meaning.channel(first)].is_not(None)
        if name in ("on", "left"):
            list_id = self.numbers.lists.get(first.text, 0)
            channels = [self.meaning.channel(word) for word in leaf.arguments[1:]] or list(Channel)
            on_it = _on(list_id, channels)
            return on_it if name == "on" else and_(_was_on(list_id, channels), not_(on_it))
        campaign_id = self.numbers.campaigns.get(first.text, 0)
        return _ASKED[name](campaign_id, since)


def _on(list_id: int, channels: list[Channel]) -> ColumnElement[bool]:
    # As a CASE: see usecases.audience.agreed. One EXISTS for both channels: two with OR between them would be
    # looked up a million times each instead of joined.
    same = [
        (and_(Subscription.channel == channel, Subscription.address_key == _ADDRESS_KEYS[channel]), true())
        for channel in channels
    ]
    return exists().where(
        Subscription.subscriber_id == Subscriber.id,
        Subscription.list_id == list_id,
        Subscription.left_at.is_(None),
        case(*same, else_=false()),
    )


def _was_on(list_id: int, channels: list[Channel]) -> ColumnElement[bool]:
    return exists().where(
        Subscription.subscriber_id == Subscriber.id,
        Subscription.channel.in_(channels),
        Subscription.list_id == list_id,
        Subscription.left_at.is_not(None),
    )


def _acted(campaign_id: int, since: datetime | None) -> ColumnElement[bool]:
    found = exists().where(Action.campaign_id == campaign_id, Action.subscriber_id == Subscriber.id)
    return found if since is None else found.where(Action.at >= since)


def _got(campaign_id: int, since: datetime | None) -> ColumnElement[bool]:
    """Whether a real alert of the campaign reached them, by any channel."""
    found = exists().where(*_theirs(campaign_id), Message.status.in_(_GOT))
    return found if since is None else found.where(Message.changed_at >= since)


def _clicked(campaign_id: int, since: datetime | None) -> ColumnElement[bool]:
    """Whether they followed a link, as far as that is kept: of emails that aren't sensitive."""
    found = exists().where(
        *_theirs(campaign_id),
        Visit.message_id == Message.id,
        Visit.visitor == Visitor.PERSON,
        ShortLink.id == Visit.link_id,
        ShortLink.place != PICTURE,
    )
    return found if since is None else found.where(Visit.at >= since)


def _theirs(campaign_id: int) -> tuple[ColumnElement[bool], ...]:
    """A message to them, of a real alert of the campaign."""
    return (
        Message.subscriber_id == Subscriber.id,
        Message.alert_id == Alert.id,
        Alert.campaign_id == campaign_id,
        Alert.practice.is_(False),
    )


_ASKED = {"acted": _acted, "got": _got, "clicked": _clicked}


def _attribute(name: str, fits: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        AttributeValue.subscriber_id == Subscriber.id, AttributeValue.name_key == name_key(name), fits
    )


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _day_compared(operator: Operator, day: date) -> ColumnElement[bool]:
    """By whole days: after the 1st begins with the 2nd."""
    joined: ColumnElement[datetime] = Subscriber.created_at.expression
    start, end = _start_of(day), _start_of(day + timedelta(days=1))
    if operator is Operator.EQUAL:
        return and_(joined >= start, joined < end)
    if operator in (Operator.LESS, Operator.AT_LEAST):
        return _ordered(operator, joined, start)
    return joined >= end if operator is Operator.MORE else joined < end


def _ordered(operator: Operator, column: Any, value: Any) -> ColumnElement[bool]:
    signs: dict[Operator, ColumnElement[bool]] = {
        Operator.LESS: column < value,
        Operator.AT_MOST: column <= value,
        Operator.MORE: column > value,
        Operator.AT_LEAST: column >= value,
    }
    return signs[operator]
