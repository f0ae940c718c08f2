"""Lay out an audience: one QUEUED message an address, in chunks of one channel, one lane and one due time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, func, insert, literal, select, type_coerce
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Chunk, Message, Subscriber
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.audience import (
    Languages,
    Reach,
    Tally,
    reachable,
    tallied,
    without_doubles,
)

OTHERS = ""  # the lane of every domain that has none of its own


@dataclass(frozen=True, slots=True)
class Group:
    """What a chunk's messages share beside their channel."""

    lane: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which group each subscriber falls into, by one column's value; `others` for those not listed."""

    column: ColumnElement[str]
    groups: Mapping[str, Group]
    others: Group
    never: frozenset[str] = frozenset()  # values of people for whom there is no time at all: left out


@dataclass(frozen=True, slots=True)
class Audience:
    """One channel's people: where they come from, what they read, and how they fall into chunks."""

    reach: Reach
    languages: Languages
    grouping: Grouping
    tally: Tally  # of everybody who may be written to, whatever they read, before any limit

    @property
    def readers(self) -> Select[int]:
        """Who may be written to in words that they read."""
        return reachable(self.reach).where(Subscriber.language.in_(list(self.languages.written_in)))

    @property
    def tally_of_readers(self) -> Tally:
        return {keys: number for keys, number in self.tally.items() if keys[0] in self.languages.written_in}

    @property
    def tally_in_time(self) -> Tally:
        never = self.grouping.never
        return {keys: number for keys, number in self.tally_of_readers.items() if keys[1] not in never}

    def tally_of_recipients(self, session: Session) -> Tally:
        """People by language and group, as many as get a message."""
        if self.reach.channel is Channel.EMAIL and self.reach.last_id is None:
            return self.tally_in_time  # nobody shares an email address
        return tallied(session, self.recipients, self.grouping.column)

    @property
    def in_time(self) -> Select[int]:
        """Of those, whoever there is a time for."""
        never = self.grouping.never
        return self.readers.where(self.grouping.column.not_in(never)) if never else self.readers

    @property
    def recipients(self) -> Select[int]:
        """Of those, who gets a message: one an address."""
        return without_doubles(self.in_time, self.reach.channel)


def lay_out(session: Session, alert: Alert, audience: Audience, chunk_size: int) -> int:
    """Insert one channel's messages and their chunks; returns how many people they reach.

    The caller holds the campaign's lock. A chunk's number is its group's first number plus the message's rank
    in the group divided by the size, so one INSERT ... SELECT does it all; numbers may have gaps.
    """
    channel, grouping = audience.reach.channel, audience.grouping
    # Room for people who join between this count and the INSERT: numbers of two groups must never meet.
    stride = 2 * (sum(audience.tally.values()) // chunk_size + 2)
    distinct = sorted({grouping.others, *grouping.groups.values()}, key=lambda g: (g.due_at, g.lane))
    first = {group: alert.chunk_count + stride * i for i, group in enumerate(distinct)}

    by_value = {value: first[group] for value, group in grouping.groups.items()}
    base = _by(grouping.column, by_value, first[grouping.others])
    lane = _by(grouping.column, {v: g.lane for v, g in grouping.groups.items()}, grouping.others.lane)
    nth = func.row_number().over(partition_by=base, order_by=Subscriber.id)
    rank = type_coerce(nth, BigInteger) - 1
    rows = audience.recipients.with_only_columns(
        literal(alert.id),
        literal(channel, Message.channel.type),
        address_key(channel),
        Subscriber.id,
        literal(alert.edition_number),
        _by(Subscriber.language.expression, dict(audience.languages.written_in), ""),
        lane,
        literal(Status.QUEUED, Message.status.type),
        base + rank // chunk_size,
        literal(0),
        db_now(),
    ).order_by(Subscriber.id)
    session.execute(insert(Message).from_select(_COLUMNS, rows))
    starts = {number: group for group, number in first.items()}
    reached = _add_chunks(session, alert, channel, starts, stride)
    alert.chunk_count += stride * len(distinct)
    return reached


def _by(column: ColumnElement[str], values: Mapping[str, Any], otherwise: Any) -> ColumnElement[Any]:
    """CASE column WHEN value THEN ...; a plain literal when there is nothing to tell apart."""
    if not values:
        return literal(otherwise)
    return case(
        *((column == value, literal(result)) for value, result in values.items()), else_=literal(otherwise)
    )


def _add_chunks(
    session: Session, alert: Alert, channel: Channel, starts: Mapping[int, Group], stride: int
) -> int:
    """Make the chunk rows of the messages just inserted; returns how many messages they hold."""
    inserted = (
        select(Message.chunk_number, func.count())
        .where(Message.alert_id == alert.id, Message.chunk_number >= alert.chunk_count)
        .where(Message.status == Status.QUEUED, Message.channel == channel)
        .group_by(Message.chunk_number)
    )
    sizes = {number: size for number, size in session.execute(inserted) if number is not None}
    lowest = min(starts)
    rows = []
    for number, size in sorted(sizes.items()):
        group = starts[lowest + (number - lowest) // stride * stride]
        rows.append(
            {
                "alert_id": alert.id,
                "number": number,
                "channel": channel,
                "lane": group.lane,
                "due_at": group.due_at,
                "size": size,
            }
        )
    if rows:
        session.execute(insert(Chunk), rows)
    return sum(sizes.values())


_COLUMNS = [
    Message.alert_id,
    Message.channel,
    Message.address_key,
    Message.subscriber_id,
    Message.edition_number,
    Message.language,
    Message.lane,
    Message.status,
    Message.chunk_number,
    Message.attempt,
    Message.changed_at,
]
