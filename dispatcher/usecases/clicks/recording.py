"""Write down that links were opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Edition, LinkCount, Message, ShortLink, Visit
from dispatcher.rules.visits import PICTURE, Visitor, all_at_once, too_soon
from dispatcher.sql import insert_with_conflicts


@dataclass(frozen=True, slots=True)
class Opened:
    """A link was opened: by whom as far as the request tells, and in which message where the link says so."""

    link_id: int
    visitor: Visitor
    at: datetime
    message_id: int | None = None


def record_visits(session: Session, visits: Iterable[Opened]) -> None:
    """Count each, and keep it beside its message. Ordered by link, so that two sites can't deadlock."""
    for visit in sorted(visits, key=lambda one: (one.link_id, one.message_id or 0, one.at)):
        visitor = _of_message(session, visit, visit.message_id) if visit.message_id else visit.visitor
        _count(session, visit.link_id, visit.at, visitor)


def _of_message(session: Session, visit: Opened, message_id: int) -> Visitor:
    """Keep a visit of one message; who it was, now that its message and its other links are known."""
    standing = _standing(session, visit, message_id)
    if standing is None:
        return visit.visitor  # the code belongs to a message of another edition, or one that is gone
    sent_at, place = standing
    others = {} if place == PICTURE else _other_links(session, visit, message_id)
    burst = all_at_once({link_id: other.at for link_id, other in others.items()}, visit.at)
    for other in (others[link_id] for link_id in sorted(burst)):
        if other.visitor is Visitor.PERSON:  # it looked like one, until now
            _count(session, other.link_id, other.at, Visitor.PERSON, -1)
            _count(session, other.link_id, other.at, Visitor.MACHINE)
            other.visitor = Visitor.MACHINE
    visitor = Visitor.MACHINE if burst or too_soon(sent_at, visit.at) else visit.visitor
    _keep(session, visit, message_id, visitor)
    return visitor


def _other_links(session: Session, visit: Opened, message_id: int) -> dict[int, Visit]:
    """The visits of the same message by link; the picture is none: mail programs load it by themselves."""
    links = (
        select(Visit)
        .join(ShortLink, ShortLink.id == Visit.link_id)
        .where(Visit.message_id == message_id, Visit.link_id != visit.link_id, ShortLink.place != PICTURE)
        .order_by(Visit.link_id)
        .with_for_update(of=Visit)
    )
    return {one.link_id: one for one in session.scalars(links)}


def _keep(session: Session, visit: Opened, message_id: int, visitor: Visitor) -> None:
    """The first visit stays, but that a person's takes the place of a machine's."""
    statement = insert_with_conflicts(session, Visit).values(
        message_id=message_id, link_id=visit.link_id, visitor=visitor, at=visit.at
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Visit.message_id, Visit.link_id],
            set_={"visitor": statement.excluded.visitor, "at": statement.excluded.at},
            where=(Visit.visitor == Visitor.MACHINE) & (statement.excluded.visitor == Visitor.PERSON),
        )
    )


def _standing(session: Session, visit: Opened, message_id: int) -> tuple[datetime, int] | None:
    """When the message was handed over, and the link's place in it; None when it doesn't stand there."""
    found = session.execute(
        select(Message.changed_at, ShortLink.place)
        .join(Alert, Alert.id == Message.alert_id)
        .join(Edition, (Edition.alert_id == Alert.id) & (Edition.number == Message.edition_number))
        .join(ShortLink, ShortLink.edition_id == Edition.id)
        .where(Message.id == message_id, ShortLink.id == visit.link_id)
    ).one_or_none()
    return found and (found.changed_at, found.place)


def _count(session: Session, link_id: int, at: datetime, visitor: Visitor, many: int = 1) -> None:
    statement = insert_with_conflicts(session, LinkCount).values(
        link_id=link_id, day=at.date(), visitor=visitor, count=many
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[LinkCount.link_id, LinkCount.day, LinkCount.visitor],
            set_={"count": LinkCount.count + statement.excluded.count},
        )
    )
