"""What a worker needs to know of the messages it is about to send, read a page at a time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Edition, List, Message, Subscriber
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.deliver.lease import Lease
from dispatcher.usecases.short_links import Made, short_links_of
from dispatcher.usecases.stop_line import stop_due


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
    stop_due: bool = True  # the number must be told how to stop


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
    sensitive: bool = False  # one of the lists is
    practice: bool = False  # this channel's messages reach nobody
    short_links: tuple[Made, ...] = ()  # in its messages on this channel


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
        select(List.id, List.public_name, List.sensitive).where(List.slug.in_(slugs)).order_by(List.id)
    ).all()
    return Occasion(
        alert.id,
        alert.edition_number,
        content,
        tuple(row.id for row in lists),
        lists[0].public_name if lists else "",
        alert.deadline,
        alert.laid_out_at or alert.created_at,
        any(row.sensitive for row in lists),
        alert.practice or lease.channel in alert.practice_channels.split(","),
        short_links_of(session, alert.id, alert.edition_number, lease.channel),
    )


def read_page(session: Session, lease: Lease, edition_number: int, *, after: int, size: int) -> list[Due]:
    """The chunk's next queued messages in id order, from the one behind message `after`."""
    texts = lease.channel is Channel.SMS
    columns: list[Any] = [  # as in Due
        Message.id,
        Message.subscriber_id,
        Subscriber.phone if texts else Subscriber.email,
        Subscriber.first_name,
        Subscriber.last_name,
        Subscriber.attributes,
        Message.language,
        Message.attempt,
        Subscriber.quiet_zones,
        stop_due(Message.address_key.expression) if texts else false(),
    ]
    rows = session.execute(
        select(*columns)
        .outerjoin(Subscriber, Subscriber.id == Message.subscriber_id)
        .where(Message.alert_id == lease.alert_id, Message.chunk_number == lease.number)
        .where(Message.status == Status.QUEUED, Message.edition_number == edition_number)
        .where(Message.id > after)
        .order_by(Message.id)
        .limit(size)
    )
    return [Due(*row) for row in rows]
