"""What people did after an alert: who opened a link, who acted, who left. Defined as in usecases.outcomes.

Each is counted by the message that asked them, and only where it was sent: a share of the sent is never more
than all of them. What a person does counts for an alert until its campaign's next one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from dispatcher.models import Action, Alert, Edition, Message, ShortLink, Subscriber, Visit
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.visits import PICTURE, Visitor
from dispatcher.usecases.outcomes import SENT, leavings
from dispatcher.usecases.report.counting import Cell, domain_of_message
from dispatcher.usecases.report.measures import Measure


@dataclass(frozen=True, slots=True)
class Span:
    """When acts count for an alert: from its laying out until the campaign's next."""

    begins: datetime
    ends: datetime | None

    def holds(self, moment: Any) -> ColumnElement[bool]:
        """SQL: a column's moment lies within."""
        within: ColumnElement[bool] = moment >= self.begins
        return within if self.ends is None else within & (moment < self.ends)


@dataclass(frozen=True, slots=True)
class Answers:
    """Messages whose people did something, by cell; and people who acted, counted once each.

    A measure that isn't in `cells` isn't known. `acted_at_all` has also those whom no message of this alert
    had asked.
    """

    cells: Mapping[Measure, Counter[Cell]] = field(default_factory=dict)
    acted: int | None = None
    acted_at_all: int = 0
    clicks_known: frozenset[Channel] = frozenset()


def span_of(session: Session, alert: Alert) -> Span | None:
    """None of an alert that hasn't begun. Practice alerts are a series of their own."""
    if alert.laid_out_at is None:
        return None
    ends = session.scalar(
        select(func.min(Alert.laid_out_at)).where(
            Alert.campaign_id == alert.campaign_id,
            Alert.practice.is_(alert.practice),
            Alert.laid_out_at > alert.laid_out_at,
        )
    )
    return Span(alert.laid_out_at, ends)


def answers_to(session: Session, alert: Alert, span: Span, clicks_known: frozenset[Channel]) -> Answers:
    """`clicks_known`: of which channels it is kept who opened a link. Of a closed alert only `acted_at_all`
    is known: whom it had asked is deleted.
    """
    acts = (Action.campaign_id == alert.campaign_id, span.holds(Action.at))
    at_all = session.scalar(select(func.count(Action.subscriber_id.distinct())).where(*acts)) or 0
    if alert.state is AlertState.CLOSED:
        return Answers(acted_at_all=at_all)
    actors = select(Action.subscriber_id).where(*acts)
    acted = Message.subscriber_id.in_(actors)
    cells = {Measure.ACTED: _by_cell(session, alert, acted), Measure.LEFT: _left(session, alert)}
    if clicks_known:
        cells[Measure.CLICKED] = _by_cell(session, alert, Message.id.in_(_clicked(alert)))
    people = session.scalar(select(func.count(Message.subscriber_id.distinct())).where(*_sent(alert), acted))
    return Answers(cells, people or 0, at_all, clicks_known)


def _sent(alert: Alert) -> tuple[ColumnElement[bool], ...]:
    return Message.alert_id == alert.id, Message.status.in_(SENT)


def _by_cell(session: Session, alert: Alert, did: ColumnElement[bool]) -> Counter[Cell]:
    """Messages whose people did something. They are few, and told by IN: both databases begin with them and
    look each up among the messages. (A join isn't turned round by SQLite where an outer one stands before.)
    """
    channel, language, domain = Message.channel.expression, Message.language.expression, domain_of_message()
    rows = session.execute(
        select(channel, language, domain, func.count())
        .select_from(Message)
        .outerjoin(Subscriber, Subscriber.id == Message.subscriber_id)
        .where(*_sent(alert), did)
        .group_by(channel, language, domain)
    )
    return Counter({Cell(of, written_in, to): number for of, written_in, to, number in rows})


def _clicked(alert: Alert) -> Select[int]:
    return (
        select(Visit.message_id)
        .join(ShortLink, ShortLink.id == Visit.link_id)
        .join(Edition, Edition.id == ShortLink.edition_id)
        .where(Edition.alert_id == alert.id, Visit.visitor == Visitor.PERSON, ShortLink.place != PICTURE)
    )


def _left(session: Session, alert: Alert) -> Counter[Cell]:
    found: Counter[Cell] = Counter()
    for channel in Channel:
        gone = leavings(alert, channel)
        assert gone is not None  # it has begun
        theirs = (Message.channel == channel) & Message.address_key.in_(select(gone.c.address_key))
        found += _by_cell(session, alert, theirs)
    return found
