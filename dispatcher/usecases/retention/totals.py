"""What is known of a closed alert: counts, without anybody's message."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from dispatcher.models import AlertTotal, Closing, Message, Part, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.small_counts import OTHER, too_small


def totals(session: Session, alert_id: int) -> dict[str, dict[str, int]]:
    """Channel -> status -> messages."""
    counts: dict[str, dict[str, int]] = {}
    rows = session.execute(
        select(AlertTotal.channel, AlertTotal.status, AlertTotal.messages)
        .where(AlertTotal.alert_id == alert_id, AlertTotal.part == Part.WHOLE)
        .order_by(AlertTotal.channel, AlertTotal.status)
    )
    for channel, status, number in rows:
        counts.setdefault(str(channel), {})[str(status)] = number
    return counts


def last_event(session: Session, alert_id: int) -> datetime | None:
    """When the alert's newest event was."""
    return session.scalar(select(Closing.last_event_at).where(Closing.alert_id == alert_id))


def texts_taken(session: Session, alert_id: int, taken: tuple[Status, ...]) -> dict[str, tuple[int, int]]:
    """Language -> texts in one of the statuses, and their segments."""
    rows = session.execute(
        select(AlertTotal.value, func.sum(AlertTotal.messages), func.sum(AlertTotal.segments))
        .where(AlertTotal.alert_id == alert_id, AlertTotal.part == Part.LANGUAGE)
        .where(AlertTotal.channel == Channel.SMS, AlertTotal.status.in_(taken))
        .group_by(AlertTotal.value)
        .order_by(AlertTotal.value)
    )
    return {language: (int(number), int(took)) for language, number, took in rows}


class _Cell(NamedTuple):
    """What one count is of."""

    channel: Channel
    status: Status
    value: str

    @property
    def whatever_became_of_it(self) -> tuple[Channel, str]:
        return self.channel, self.value


@dataclass(frozen=True, slots=True)
class _Alike:
    """Messages of which the same is known."""

    channel: Channel
    status: Status
    values: dict[Part, str]
    messages: int
    segments: int


def write_totals(session: Session, alert_id: int, *, sensitive: bool) -> None:
    """Count an alert's messages for good: in all, and by language, domain and error, each by itself.

    A domain with few messages may be somebody's own, so it counts as `other`. Of a sensitive alert so does
    every small count of a language or domain.
    """
    alike = list(_counted(session, alert_id))
    rows = [row for part in Part for row in _rows(part, alike, sensitive=sensitive)]
    if rows:
        session.execute(insert(AlertTotal), [row | {"alert_id": alert_id} for row in rows])


def _counted(session: Session, alert_id: int) -> Iterator[_Alike]:
    domain = func.coalesce(Subscriber.email_domain, OTHER)
    columns = (Message.channel, Message.status, Message.language, domain, func.coalesce(Message.error, ""))
    rows = session.execute(
        select(*columns, func.count(), func.sum(Message.segments))
        .outerjoin(Subscriber, Subscriber.id == Message.subscriber_id)
        .where(Message.alert_id == alert_id)
        .group_by(*columns)
    )
    for channel, status, language, of_domain, error, messages, segments in rows:
        values = {Part.WHOLE: "", Part.LANGUAGE: language}
        if channel is Channel.EMAIL:
            values[Part.DOMAIN] = of_domain
        if error:
            values[Part.ERROR] = error
        yield _Alike(channel, status, values, messages, int(segments or 0))


def _rows(part: Part, alike: list[_Alike], *, sensitive: bool) -> Iterator[dict[str, Any]]:
    messages, segments = Counter[_Cell](), Counter[_Cell]()
    for one in alike:
        if part in one.values:
            cell = _Cell(one.channel, one.status, one.values[part])
            messages[cell] += one.messages
            segments[cell] += one.segments
    hidden = _hidden(part, messages, sensitive=sensitive)
    for counts in (messages, segments):
        for cell in hidden:
            counts[cell._replace(value=OTHER)] += counts.pop(cell)
    for cell, number in sorted(messages.items()):
        yield {**cell._asdict(), "part": part, "messages": number, "segments": segments[cell]}


def _hidden(part: Part, messages: Counter[_Cell], *, sensitive: bool) -> set[_Cell]:
    if sensitive and part in (Part.LANGUAGE, Part.DOMAIN):
        return too_small(messages, together=tuple)
    if part is Part.DOMAIN:
        return too_small(messages, together=lambda cell: cell.whatever_became_of_it)
    return set()
