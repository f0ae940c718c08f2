"""Messages that went out, and providers that tell of them: taken in and applied as workers do."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from people import add_list, add_person
from sqlalchemy import insert, select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import (
    Alert,
    Campaign,
    DeliveryLogEntry,
    Message,
    ProviderEvent,
    Subscriber,
    Suppression,
)
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.feedback import Outcome
from dispatcher.rules.moves import Status
from dispatcher.usecases.feedback.applying import apply_due
from dispatcher.usecases.feedback.references import message_reference
from dispatcher.usecases.feedback.taking import event_key, take

EMAIL, PHONE = "maria@example.org", "+13122000001"

_ids = itertools.count(1)


@dataclass
class Maria:
    """On the lists daca and health, by email and by text; an alert of daca is out."""

    house: House
    id: int
    alert: int

    @property
    def email_key(self) -> bytes:
        return self.house.keys.address_key(EMAIL)

    @property
    def phone_key(self) -> bytes:
        return self.house.keys.address_key(PHONE)

    def sent(self, channel: Channel = Channel.EMAIL, **given: Any) -> tuple[int, str]:
        """A message to her, and its reference."""
        (number,) = add_messages(self.house, self.alert, [self.id], channel, **given)
        return number, reference(self.house, number)


def somebody(house: House) -> Maria:
    add_list(house)
    add_list(house, "health", "Health alerts")
    person = add_person(house, email=EMAIL, phone=PHONE, lists=("daca", "health"))
    return Maria(house, person, open_alert(house))


def open_alert(house: House, lists: Sequence[str] = ("daca",)) -> int:
    """A running alert to these lists, without messages; its id."""
    with house.db.transaction() as session:
        campaign = Campaign(slug=f"campaign{next(_ids)}", title="DACA", level="federal")
        session.add(campaign)
        session.flush()
        audience = f'{{"lists": {list(lists)}}}'.replace("'", '"')
        alert = Alert(campaign_id=campaign.id, name="", state=AlertState.RUNNING, audience=audience)
        session.add(alert)
        session.flush()
        return alert.id


def add_messages(
    house: House,
    alert_id: int,
    people: Sequence[int | None],
    channel: Channel = Channel.EMAIL,
    status: Status = Status.SENT,
    attempt: int = 1,
    **values: Any,
) -> list[int]:
    """A message to each of these people (None: somebody who was forgotten); their ids."""
    with house.db.transaction() as session:
        key = Subscriber.email_key if channel is Channel.EMAIL else Subscriber.phone_key
        keys = dict(session.execute(select(Subscriber.id, key)).all())
        shared = {"edition_number": 1, "language": "en", "lane": "", **values}
        rows = [
            {
                "alert_id": alert_id,
                "channel": channel,
                "address_key": keys[person] if person else b"nobody%10d" % next(_ids),
                "subscriber_id": person,
                "status": status,
                "attempt": attempt,
                **shared,
            }
            for person in people
        ]
        made = insert(Message).returning(Message.id, sort_by_parameter_order=True)
        return list(session.scalars(made, rows))


def reference(house: House, number: int) -> str:
    """What a message went out with."""
    with house.db.reading() as session:
        return message_reference(house.keys, session.get_one(Message, number))


def told(kind: EventKind, provider: str = "sendgrid", **given: Any) -> Event:
    """An event with an id of its own, unless one is given."""
    return Event(**{"kind": kind, "provider": provider, "event_id": f"e{next(_ids)}", "at": None} | given)


def take_in(house: House, *events: Event) -> int:
    """Take events in; how many were news."""
    with house.db.transaction() as session:
        return take(session, house.keys, events)


def apply_all(house: House) -> int:
    """Apply all that is due; how many rounds that took."""
    return sum(1 for _ in iter(lambda: apply_due(house), 0))


def come_back(house: House, *events: Event) -> list[Outcome | None]:
    """Take events in and apply them together; what came of each."""
    take_in(house, *events)
    apply_all(house)
    return outcomes(house, *events)


def outcomes(house: House, *events: Event) -> list[Outcome | None]:
    """What has come of each by now."""
    rows = select(ProviderEvent.provider, ProviderEvent.event_key, ProviderEvent.outcome)
    with house.db.reading() as session:
        found = {(provider, bytes(key)): outcome for provider, key, outcome in session.execute(rows)}
    return [found[event.provider, event_key(event.event_id)] for event in events]


def due_again(house: House) -> None:
    """Let whatever is put off be due now."""
    with house.db.transaction() as session:
        put_off = update(ProviderEvent).where(ProviderEvent.next_try_at.is_not(None))
        session.execute(put_off.values(next_try_at=db_now(-1)))


def statuses(house: House, ids: Iterable[int]) -> list[Status]:
    with house.db.reading() as session:
        found = dict(session.execute(select(Message.id, Message.status)).all())
    return [found[number] for number in ids]


def log_of(house: House, number: int) -> list[tuple[str, str | None, str | None]]:
    """A message's lines: status, error and words."""
    with house.db.reading() as session:
        lines = session.execute(
            select(DeliveryLogEntry.status, DeliveryLogEntry.error, DeliveryLogEntry.detail)
            .where(DeliveryLogEntry.message_id == number)
            .order_by(DeliveryLogEntry.at)
        )
        return [(str(status), error, detail) for status, error, detail in lines]


def suppressed(house: House) -> dict[bytes, str]:
    """Why each address is suppressed."""
    with house.db.reading() as session:
        return {bytes(one.address_key): str(one.reason) for one in session.scalars(select(Suppression))}


def day(number: int) -> datetime:
    """Noon of a day: tests of strikes need several."""
    return datetime(2026, 3, number, 12, tzinfo=UTC)
