"""Alerts that went out some time ago, for tests that need their rows alone: what came of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Action, Alert, Campaign, ConsentEvent, List, Message, Subscriber
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.moves import Status
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.leave import ONE_CLICK

BEGAN = datetime(2026, 3, 2, 15, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """One message and what became of it."""

    person: int | None
    status: Status = Status.DELIVERED
    channel: Channel = Channel.EMAIL
    language: str = "en"
    error: str | None = None
    segments: int | None = None


def past_alert(
    house: House,
    messages: Iterable[Told],
    *,
    began: datetime | None = BEGAN,
    state: AlertState = AlertState.RUNNING,
    practice: bool = False,
    name: str = "",
) -> int:
    """An alert of the campaign `budget` to the list `daca` with these messages; returns its number."""
    with house.db.transaction() as session:
        campaign = session.scalar(select(Campaign).where(Campaign.slug == "budget"))
        if campaign is None:
            campaign = Campaign(slug="budget", title="Keep the budget whole", level="state")
            session.add(campaign)
            session.flush()
        alert = Alert(
            campaign_id=campaign.id,
            name=name,
            state=state,
            practice=practice,
            audience=Choice((Channel.EMAIL, Channel.SMS), ("daca",)).to_json(),
            laid_out_at=began,
            email_served_at=began,
            sms_served_at=began,
        )
        session.add(alert)
        session.flush()
        for nth, told in enumerate(messages):
            person = session.get(Subscriber, told.person) if told.person is not None else None
            key = person.key_of(told.channel) if person else None
            session.add(
                Message(
                    alert_id=alert.id,
                    channel=told.channel,
                    address_key=key or nth.to_bytes(16),
                    subscriber_id=told.person,
                    edition_number=1,
                    language=told.language,
                    status=told.status,
                    error=told.error,
                    segments=told.segments,
                )
            )
        return alert.id


def act(house: House, *people: int, at: datetime = BEGAN + timedelta(hours=2)) -> None:
    """These people do what the campaign `budget` asks for."""
    with house.db.transaction() as session:
        campaign_id = session.scalars(select(Campaign.id).where(Campaign.slug == "budget")).one()
        session.add_all(
            Action(campaign_id=campaign_id, subscriber_id=person, at=at, how=ActionHow.REPORTED)
            for person in people
        )


def leave_by_click(
    house: House, *people: int, at: datetime = BEGAN + timedelta(hours=3), channel: Channel = Channel.EMAIL
) -> None:
    """These people leave the list `daca` on a channel, by the link in a message."""
    with house.db.transaction() as session:
        list_id = session.scalars(select(List.id).where(List.slug == "daca")).one()
        for one in people:
            event: dict[str, Any] = {"subscriber_id": one, "list_id": list_id, "channel": channel}
            key = session.get_one(Subscriber, one).key_of(channel)
            session.add(ConsentEvent(**event, address_key=key, act=ConsentAct.LEFT, source=ONE_CLICK, at=at))
