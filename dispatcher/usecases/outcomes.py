"""What came of an alert, in numbers by channel: what staff see, and what an alarm is judged by."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from dispatcher.models import Action, Alert, ConsentEvent, List, Message, ShortLink, Visit
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.moves import Status
from dispatcher.rules.visits import PICTURE, Visitor
from dispatcher.usecases.leave import OWN_WAYS
from dispatcher.usecases.retention.totals import totals

SENT = (Status.SENT, Status.DELIVERED, Status.BOUNCED, Status.COMPLAINED)  # what a provider has taken
NOT_BOUNCED = (Status.SENT, Status.DELIVERED, Status.COMPLAINED)  # of the sent
DELIVERED = (Status.DELIVERED, Status.COMPLAINED)  # who complains of it has it

_LEFT_WITHIN = timedelta(days=7)  # after the channel's last messages were handed over


@dataclass(frozen=True, slots=True)
class Outcomes:
    """An alert on one channel, in messages. None: it isn't known (any more)."""

    audience: int  # all that were laid out, also those that were skipped or cancelled
    sent: int  # taken by the provider; the bounced are among them
    delivered: int  # as far as providers tell it
    bounced: int
    failed: int
    uncertain: int
    complained: int
    left: int | None  # whose addresses left because of it: see `leavings`
    acted: int | None  # whose people did what the campaign asks for, until its next alert
    clicked: int | None  # whose people opened a link; None also where it isn't kept who did


def outcomes(session: Session, alert: Alert) -> dict[Channel, Outcomes]:
    """What came of an alert until now, on each channel that it has messages on.

    It counts all of them: for one alert that somebody looks at, not for a look every few seconds. Of a closed
    one the statuses alone are known.
    """
    found = {}
    for channel, by in statuses_of(session, alert).items():
        known = alert.state is not AlertState.CLOSED
        found[channel] = Outcomes(
            audience=sum(by.values()),
            sent=sum(by.get(status, 0) for status in SENT),
            delivered=sum(by.get(status, 0) for status in DELIVERED),
            bounced=by.get(Status.BOUNCED, 0),
            failed=by.get(Status.FAILED, 0),
            uncertain=by.get(Status.UNCERTAIN, 0),
            complained=by.get(Status.COMPLAINED, 0),
            left=count_left(session, alert, channel) if known else None,
            acted=_acted(session, alert, channel) if known else None,
            clicked=_clicked(session, alert, channel) if known else None,
        )
    return found


def count_left(session: Session, alert: Alert, channel: Channel) -> int:
    """How many addresses left on a channel because of an alert. Costs as much as have left meanwhile."""
    gone = leavings(alert, channel)
    return 0 if gone is None else session.scalar(select(func.count()).select_from(gone)) or 0


def leavings(alert: Alert, channel: Channel) -> CTE | None:
    """SQL: `address_key` of who left because of an alert; None of one that hasn't begun.

    That is: by themselves, one of the alert's lists, after its message and none of a later alert, within a
    week of the channel's last messages. Few have left meanwhile, so the ledger is read from that side, and
    each address looked up among the messages; the other way round each of a million messages would be.
    """
    if (begins := alert.laid_out_at) is None:
        return None
    ends = (served_at(alert, channel) or begins) + _LEFT_WITHIN
    left = (
        select(ConsentEvent.address_key, func.min(ConsentEvent.at).label("at"))
        .where(ConsentEvent.channel == channel, ConsentEvent.act.expression == ConsentAct.LEFT)
        .where(ConsentEvent.at >= begins, ConsentEvent.at < ends, ConsentEvent.source.in_(OWN_WAYS))
        .group_by(ConsentEvent.address_key)
    )
    if slugs := json.loads(alert.audience).get("lists"):  # none, of an alert that a journal has brought back
        left = left.where(ConsentEvent.list_id.in_(select(List.id).where(List.slug.in_(slugs))))
    gone = left.cte("gone").prefix_with("MATERIALIZED")
    newer, its_message = aliased(Alert), aliased(Message)
    # By IN: in a join SQLite would read all messages first, for each who left.
    before_it = (newer.laid_out_at > begins, newer.laid_out_at <= gone.c.at)
    meanwhile = select(newer.id).where(*before_it).correlate(gone)
    by_a_newer_one = exists().where(
        its_message.alert_id.in_(meanwhile), *_to(its_message, channel, gone.c.address_key)
    )
    ours = exists().where(Message.alert_id == alert.id, *_to(Message, channel, gone.c.address_key))
    return select(gone.c.address_key).where(ours, ~by_a_newer_one).cte("left_because")


def served_at(alert: Alert, channel: Channel) -> datetime | None:
    """When a worker last took messages of it."""
    return alert.email_served_at if channel is Channel.EMAIL else alert.sms_served_at


def _to(
    message: type[Message], channel: Channel, key: ColumnElement[bytes]
) -> tuple[ColumnElement[bool], ...]:
    return message.channel == channel, message.address_key == key, message.status.in_(SENT)


def statuses_of(session: Session, alert: Alert) -> dict[Channel, dict[str, int]]:
    """Messages by channel and status; of a closed alert what retention has kept."""
    if alert.state is AlertState.CLOSED and (kept := totals(session, alert.id)):
        return {Channel(channel): by for channel, by in kept.items()}
    counted: dict[Channel, dict[str, int]] = {}
    rows = session.execute(
        select(Message.channel, Message.status, func.count())
        .where(Message.alert_id == alert.id)
        .group_by(Message.channel, Message.status)
        .order_by(Message.channel, Message.status)
    )
    for channel, status, number in rows:
        counted.setdefault(channel, {})[str(status)] = number
    return counted


def _acted(session: Session, alert: Alert, channel: Channel) -> int:
    """Whoever was asked on both channels counts on both."""
    next_one = (
        select(func.min(Alert.laid_out_at))
        .where(Alert.campaign_id == alert.campaign_id, Alert.practice.is_(alert.practice))
        .where(Alert.laid_out_at > alert.laid_out_at)
        .scalar_subquery()
    )
    acted = exists().where(
        Action.campaign_id == alert.campaign_id,
        Action.subscriber_id == Message.subscriber_id,
        Action.at >= alert.laid_out_at,
        or_(next_one.is_(None), Action.at < next_one),
    )
    return session.scalar(select(func.count()).where(*_sent(alert, channel), acted)) or 0


def _clicked(session: Session, alert: Alert, channel: Channel) -> int:
    opened = (
        select(func.count(func.distinct(Visit.message_id)))
        .join(Message, Message.id == Visit.message_id)
        .join(ShortLink, ShortLink.id == Visit.link_id)
        .where(*_sent(alert, channel), Visit.visitor == Visitor.PERSON, ShortLink.place != PICTURE)
    )
    return session.scalar(opened) or 0


def _sent(alert: Alert, channel: Channel) -> tuple[ColumnElement[bool], ...]:
    return Message.alert_id == alert.id, Message.channel == channel, Message.status.in_(SENT)
