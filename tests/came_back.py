"""Alerts of which it is known what came back, for tests that need their rows alone."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from dispatcher.house import House
from dispatcher.models import Alert, Campaign, ConsentEvent, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.moves import Status
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.leave import STOPPED


def alert_with(
    house: House,
    counts: Mapping[Status, int],
    *,
    channel: Channel = Channel.EMAIL,
    hours_ago: float = 2.0,
    slug: str = "budget",
    lists: tuple[str, ...] = ("daca",),
    error: str | None = None,
    **given: Any,
) -> int:
    """A real alert that went out so long ago, with so many messages in these statuses; returns its number.

    Its nth message goes to `key(n)`, in the order of `counts`. `error` is why messages failed.
    """
    then = house.db.now() - timedelta(hours=hours_ago)
    with house.db.transaction() as session:
        campaign = session.scalar(select(Campaign).where(Campaign.slug == slug))
        if campaign is None:
            campaign = Campaign(slug=slug, title="Keep the budget whole", level="state")
            session.add(campaign)
            session.flush()
        name = str(session.scalar(select(func.count()).select_from(Alert)))
        values = {"state": AlertState.RUNNING, "laid_out_at": then, "created_at": then} | given
        values |= {f"{channel}_served_at": then, "audience": Choice((channel,), lists).to_json()}
        alert = Alert(campaign_id=campaign.id, name=name, **values)
        session.add(alert)
        session.flush()
        add_messages(house, alert.id, counts, channel=channel, error=error, session=session)
        return alert.id


def add_messages(
    house: House,
    alert_id: int,
    counts: Mapping[Status, int],
    *,
    channel: Channel = Channel.EMAIL,
    error: str | None = None,
    session: Any = None,
) -> None:
    """More messages of an alert, to addresses that come after those that it has."""
    if session is None:
        with house.db.transaction() as own:
            add_messages(house, alert_id, counts, channel=channel, error=error, session=own)
        return
    of_channel = select(func.count()).where(Message.alert_id == alert_id, Message.channel == channel)
    first = session.scalar(of_channel) or 0
    statuses = [status for status, number in counts.items() for _ in range(number)]
    shared = {"alert_id": alert_id, "channel": channel, "edition_number": 1, "language": "en"}
    rows = [
        shared
        | {"address_key": key(nth), "status": status, "error": error if status is Status.FAILED else None}
        for nth, status in enumerate(statuses, start=first + 1)
    ]
    if rows:
        session.connection().execute(insert(Message), rows)


def key(nth: int) -> bytes:
    """The keyed hash of the nth address."""
    return nth.to_bytes(16)


def become(house: House, alert_id: int, status: Status, number: int, *, seconds_ago: float = 0.0) -> None:
    """So many of the alert's messages that have arrived get this status."""
    with house.db.transaction() as session:
        arrived = (Status.SENT, Status.DELIVERED)
        some = (
            select(Message.id).where(Message.alert_id == alert_id, Message.status.in_(arrived)).limit(number)
        )
        ids = session.scalars(some).all()
        at = house.db.now() - timedelta(seconds=seconds_ago)
        session.execute(update(Message).where(Message.id.in_(ids)).values(status=status, changed_at=at))


def leave_ledger(
    house: House,
    numbers: Iterable[int],
    *,
    list_id: int = 1,
    channel: Channel = Channel.EMAIL,
    source: str = STOPPED,
    hours_ago: float = 1.0,
    act: ConsentAct = ConsentAct.LEFT,
) -> None:
    """The ledger says that these addresses left a list so long ago."""
    at = house.db.now() - timedelta(hours=hours_ago)
    shared = {"list_id": list_id, "channel": channel, "act": act, "source": source, "at": at}
    with house.db.transaction() as session:
        session.execute(insert(ConsentEvent), [shared | {"address_key": key(nth)} for nth in numbers])
