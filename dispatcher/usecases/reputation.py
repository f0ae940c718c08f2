"""What is wrong with an alert by what came back of it: complaints, bounces, refusals, silence, leavers.

A look costs as much as there are bad ones, not as there are messages: they are counted first, over the index
of counts, and the good ones only as far as it takes to know that the bad ones are borne.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from fractions import Fraction

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Alert, Message
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.error_rate import Kind, kind_of
from dispatcher.rules.moves import Status
from dispatcher.rules.reputation import (
    BLOCKED,
    BOUNCES,
    CALLBACKS_TAKE,
    COMPLAINTS_PAUSE,
    COMPLAINTS_WARN,
    EARLIER,
    EARLIER_LEAST,
    UNDELIVERED_ANYWAY,
    Bar,
    Concern,
    leaving_bar,
    undelivered_bar,
    usual,
)
from dispatcher.usecases.deliver.lease import opened_as
from dispatcher.usecases.outcomes import DELIVERED, NOT_BOUNCED, SENT, count_left, served_at, statuses_of

LOOKED_AT = timedelta(days=30)  # complaints come days later, hardly weeks
_TRIED = (*SENT, Status.FAILED)
_UNDELIVERED = tuple(status for status in _TRIED if status not in DELIVERED)
_SERVED_AT = {Channel.EMAIL: Alert.email_served_at, Channel.SMS: Alert.sms_served_at}
_NEWEST_FIRST = (Alert.laid_out_at.desc(), Alert.id.desc())


def young_alerts(session: Session, channel: Channel) -> list[Alert]:
    """Real alerts of the channel that are looked at, the newest first."""
    young = (Alert.laid_out_at > db_now(-LOOKED_AT.total_seconds()), Alert.state != AlertState.CLOSED)
    return list(session.scalars(select(Alert).where(*young, *_went_by(channel)).order_by(*_NEWEST_FIRST)))


def concerns(
    session: Session,
    alert: Alert,
    channel: Channel,
    *,
    compared: bool = True,
    but_for: Collection[Event] = (),
) -> Iterator[Concern]:
    """What is wrong with an alert on a channel. `but_for`: what is known already, and isn't looked at.

    Without `compared` only what no earlier alert need be asked for.
    """
    bad = _bad(session, alert, channel)
    found = _complaints(session, alert, channel, bad)
    if found and (found.grave or Event.COMPLAINTS not in but_for):
        yield found
    refused = [one for one in _refusals(session, alert, channel, bad) if one.event not in but_for]
    yield from refused
    if not compared:
        return
    explained = refused or {Event.BOUNCES, Event.BLOCKED, Event.NOT_DELIVERED} & {*but_for}
    if not explained and (lacking := _not_delivered(session, alert, channel)):
        yield lacking
    if Event.LEAVING not in but_for and (leaving := _leaving(session, alert, channel)):
        yield leaving


def has_queued(session: Session, alert: Alert, channel: Channel) -> bool:
    """Whether something of it has yet to leave on the channel."""
    queued = (Message.alert_id == alert.id, Message.channel == channel, Message.status == Status.QUEUED)
    return bool(session.scalar(select(exists().where(*queued))))


def _complaints(session: Session, alert: Alert, channel: Channel, bad: Counter[Status]) -> Concern | None:
    """Over 0.3%, or else over 0.1%. What somebody knew of who resumed the alert is no new reason to pause."""
    number = bad[Status.COMPLAINED]
    if number < COMPLAINTS_WARN.least:
        return None
    of = _count(session, alert, channel, NOT_BOUNCED, COMPLAINTS_WARN.count_to(number))
    fresh = number
    if alert.resumed_at is not None:
        later = (*_messages(alert, channel, (Status.COMPLAINED,)), Message.changed_at > alert.resumed_at)
        fresh = session.scalar(select(func.count()).where(*later)) or 0
    if COMPLAINTS_PAUSE.is_crossed(fresh, of):
        return Concern(
            Event.COMPLAINTS, channel, fresh, of, grave=True, since_resumed=alert.resumed_at is not None
        )
    return _over(COMPLAINTS_WARN, Event.COMPLAINTS, channel, number, of)


def _refusals(session: Session, alert: Alert, channel: Channel, bad: Counter[Status]) -> Iterator[Concern]:
    bounced = bad[Status.BOUNCED]
    if bounced >= BOUNCES[channel].least and (
        found := _judged(session, alert, channel, BOUNCES[channel], Event.BOUNCES, bounced)
    ):
        yield found
    if bad[Status.FAILED] >= BLOCKED[channel].least:
        blocked = _blocked(session, alert, channel)
        if found := _judged(session, alert, channel, BLOCKED[channel], Event.BLOCKED, blocked):
            yield found


def _judged(
    session: Session, alert: Alert, channel: Channel, bar: Bar, event: Event, number: int
) -> Concern | None:
    return _over(bar, event, channel, number, _count(session, alert, channel, _TRIED, bar.count_to(number)))


def _over(
    bar: Bar, event: Event, channel: Channel, number: int, of: int, usually: Fraction | None = None
) -> Concern | None:
    return Concern(event, channel, number, of, usual=usually) if bar.is_crossed(number, of) else None


def _not_delivered(session: Session, alert: Alert, channel: Channel) -> Concern | None:
    """Once callbacks have had their time, and where a provider tells at all what arrived."""
    now = session.scalars(select(db_now())).one()
    served = served_at(alert, channel)
    if served is None or served > now - CALLBACKS_TAKE:
        return None
    if not session.scalar(select(exists().where(*_messages(alert, channel, (Status.DELIVERED,))))):
        return None  # complaints come from providers that tell nothing else, too
    number = _count(session, alert, channel, _UNDELIVERED)
    of = number + _count(session, alert, channel, DELIVERED, UNDELIVERED_ANYWAY.count_to(number))
    if not UNDELIVERED_ANYWAY.is_crossed(number, of):
        return None
    usually = usual(_delivered_shares(session, alert, channel))
    return _over(undelivered_bar(channel, usually), Event.NOT_DELIVERED, channel, number, of, usually)


def _leaving(session: Session, alert: Alert, channel: Channel) -> Concern | None:
    floor = leaving_bar(channel, None)
    number = count_left(session, alert, channel)
    of = _count(session, alert, channel, NOT_BOUNCED, floor.count_to(number))
    if not floor.is_crossed(number, of):
        return None
    usually = usual(_left_shares(session, alert, channel))
    return _over(leaving_bar(channel, usually), Event.LEAVING, channel, number, of, usually)


def _delivered_shares(session: Session, alert: Alert, channel: Channel) -> Iterator[Fraction]:
    for earlier in _earlier(session, alert, channel):
        by = statuses_of(session, earlier).get(channel, {})
        delivered, tried = (sum(by.get(one, 0) for one in which) for which in (DELIVERED, _TRIED))
        if by.get(Status.DELIVERED) and tried >= EARLIER_LEAST:
            yield Fraction(delivered, tried)


def _left_shares(session: Session, alert: Alert, channel: Channel) -> Iterator[Fraction]:
    """Of a closed alert nobody knows any more who left because of it."""
    for earlier in _earlier(session, alert, channel, Alert.state != AlertState.CLOSED):
        not_bounced = _count(session, earlier, channel, NOT_BOUNCED)
        if not_bounced >= EARLIER_LEAST:
            yield Fraction(count_left(session, earlier, channel), not_bounced)


def _earlier(
    session: Session, alert: Alert, channel: Channel, *which: ColumnElement[bool]
) -> Iterator[Alert]:
    """The channel's real alerts before this one, of any campaign."""
    query = select(Alert).where(Alert.laid_out_at < alert.laid_out_at, *_went_by(channel), *which)
    yield from session.scalars(query.order_by(*_NEWEST_FIRST).limit(EARLIER)).all()


def _went_by(channel: Channel) -> tuple[ColumnElement[bool], ...]:
    """SQL: some of it has left by the channel, to people."""
    return opened_as(channel, practice=False), _SERVED_AT[channel].is_not(None)


def _bad(session: Session, alert: Alert, channel: Channel) -> Counter[Status]:
    of = (Status.BOUNCED, Status.COMPLAINED, Status.FAILED)
    rows = session.execute(
        select(Message.status, func.count()).where(*_messages(alert, channel, of)).group_by(Message.status)
    )
    return Counter(dict(rows.all()))


def _blocked(session: Session, alert: Alert, channel: Channel) -> int:
    failed = (
        select(Message.error, func.count())
        .where(*_messages(alert, channel, (Status.FAILED,)))
        .group_by(Message.error)
    )
    return sum(
        number
        for error, number in session.execute(failed)
        if kind_of(channel, Status.FAILED, error) is Kind.BLOCKED
    )


def _count(
    session: Session, alert: Alert, channel: Channel, statuses: tuple[Status, ...], enough: int | None = None
) -> int:
    """Messages in these statuses; counted to `enough` and no further."""
    some = select(Message.id).where(*_messages(alert, channel, statuses)).limit(enough).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def _messages(
    alert: Alert, channel: Channel, statuses: tuple[Status, ...]
) -> tuple[ColumnElement[bool], ...]:
    """SQL: every column of the index of counts is named, so that it answers alone."""
    return Message.alert_id == alert.id, Message.channel == channel, Message.status.in_(statuses)
