"""A house whose webhooks are followed and told by hand."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select, update

from dispatcher.channels.webhook import Poster
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, Campaign, DeliveryLogEntry, Message, Webhook, WebhookDelivery
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.webhooks import Kind
from dispatcher.usecases.webhooks.following import follow
from dispatcher.usecases.webhooks.registering import add_webhook
from dispatcher.usecases.webhooks.telling import tell
from fakes.receiver import Receiver

A_DAY = timedelta(days=1)


class WebhookDesk:
    """`desk.log(...)` writes what a worker would; `desk.turn()` finds and tells it, without waiting."""

    def __init__(self, house: House, crm: Receiver) -> None:
        self.house = house
        self.crm = crm
        self.number = self.add()

    def add(self, kinds: Collection[Kind] = tuple(Kind), batch: int = 1, begun: float = -60.0) -> int:
        """A webhook to the receiver, which was there so many seconds ago."""
        with self.house.db.transaction() as session:
            number, self.crm.secret = add_webhook(session, self.crm.url, kinds, batch)
            session.execute(update(Webhook).where(Webhook.id == number).values(begins_at=db_now(begun)))
        return number

    def alert(self, *, practice: bool = False, state: AlertState = AlertState.RUNNING) -> int:
        """An alert of a campaign of its own, without messages."""
        with self.house.db.transaction() as session:
            known = session.scalar(select(func.count()).select_from(Campaign)) or 0
            campaign = Campaign(slug=f"daca-{known}", title="DACA", level="federal")
            session.add(campaign)
            session.flush()
            alert = Alert(campaign_id=campaign.id, name="", state=state, practice=practice)
            session.add(alert)
            session.flush()
            return alert.id

    def message(self, alert: int, person: int | None = None, status: Status = Status.SENDING) -> int:
        """A message of the alert, in Spanish."""
        with self.house.db.transaction() as session:
            nth = session.scalar(select(func.count()).select_from(Message)) or 0
            message = Message(
                alert_id=alert,
                channel=Channel.EMAIL,
                address_key=b"%016d" % nth,
                subscriber_id=person,
                edition_number=1,
                language="es",
                status=status,
            )
            session.add(message)
            session.flush()
            return message.id

    def log(
        self, *messages: int, status: Status = Status.SENT, alert: int = 1, seconds: float = -1.0
    ) -> None:
        """Lines of the delivery log, written so many seconds ago."""
        with self.house.db.transaction() as session:
            session.execute(insert(DeliveryLogEntry), self.lines(messages, status, alert, seconds))

    def lines(
        self, messages: Collection[int], status: Status = Status.SENT, alert: int = 1, seconds: float = -1.0
    ) -> list[dict[str, Any]]:
        at = self.house.db.now() + timedelta(seconds=seconds)
        shared = {"at": at, "status": status, "alert_id": alert, "channel": Channel.EMAIL, "attempt": 1}
        return [shared | {"message_id": number} for number in messages]

    def follow(self, lag: float = 0.0, **how: Any) -> bool:
        return follow(self.house, lag=lag, **how)

    def tell(self, within: float = 5.0) -> bool:
        with Poster() as poster:
            return tell(self.house, poster, lambda: False, within)

    def turn(self) -> None:
        """Find everything and tell it."""
        while self.follow():
            pass
        self.tell()

    def rest_over(self) -> None:
        """As if all waits were over."""
        with self.house.db.transaction() as session:
            session.execute(update(Webhook).values(rest_until=None))
            due = WebhookDelivery.due_at.is_not(None)
            session.execute(update(WebhookDelivery).where(due).values(due_at=db_now(-1)))

    def hook(self, number: int = 0) -> Webhook:
        with self.house.db.reading() as session:
            return session.get_one(Webhook, number or self.number)

    def waiting(self) -> list[WebhookDelivery]:
        with self.house.db.reading() as session:
            return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))
