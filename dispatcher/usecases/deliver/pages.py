"""What a worker needs to know of the messages it is about to send, read a page at a time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Edition, List, Message, Subscriber
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.deliver.lease import Lease


@dataclass(frozen=True, slots=True)
class Due:
    """One queued message and its person, decrypted; lives only while it is being sent."""

    message_id: int
    subscriber_id: int | None
    address: str | None
    first_name: str | None
    last_name: str | None
    attributes: str | None  # JSON
    language: str
    attempt: int
    quiet_zones: str | None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The leased chunk's alert and its edition, as they stand now."""

    alert_id: int
    edition_number: int
    content: str  # content.edition.Frozen as JSON
    list_ids: tuple[int, ...]
    list_name: str  # the only name of its lists that leaves the house
    deadline: datetime | None
    since: datetime


def occasion_of(session: Session, lease: Lease) -> Occasion | None:
    """What the lease's alert says; None when it is no longer running."""
    found = session.execute(
        select(Alert, Edition.content)
        .join(Edition, (Edition.alert_id == Alert.id) & (Edition.number == Alert.edition_number))
        .where(Alert.id == lease.alert_id, Alert.state == AlertState.RUNNING)
    ).one_or_none()
    if found is None:
        return None
    alert, content = found
    slugs = Choice.from_json(alert.audience).lists
    lists = session.execute(
        select(List.id, List.public_name).where(List.slug.in_(slugs)).order_by(List.id)
    ).all()
    return Occasion(
        alert.id,
        alert.edition_number,
        content,
        tuple(row.id for row in lists),
        lists[0].public_name if lists else "",
        alert.deadline,
        alert.laid_out_at or alert.created_at,
    )


def read_page(session: Session, lease: Lease, edition_number: int, *, after: int, size: int) -> list[Due]:
    """The chunk's next queued messages in id order, from the one behind message `after`."""
    address = Subscriber.email if lease.channel is Channel.EMAIL else Subscriber.phone
    rows = session.execute(
        select(
            Message.id,
            Message.subscriber_id,
            address,
            Subscriber.first_name,
            Subscriber.last_name,
            Subscriber.attributes,
            Message.language,
            Message.attempt,
            Subscriber.quiet_zones,
        )
        .outerjoin(Subscriber, Subscriber.id == Message.subscriber_id)
        .where(Message.alert_id == lease.alert_id, Message.chunk_number == lease.number)
        .where(Message.status == Status.QUEUED, Message.edition_number == edition_number)
        .where(Message.id > after)
        .order_by(Message.id)
        .limit(size)
    )
    return [Due(*row) for row in rows]
