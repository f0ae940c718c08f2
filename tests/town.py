"""Turns of a worker without a worker: senders in memory, the real database, the real limiter."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from dispatcher.channels.memory import MemorySender
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import Chunk, DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases import deliver

REAL = dict.fromkeys(Channel, False)  # the senders' kind: not practice


@dataclass
class Town:
    """A house with the list `daca`, a campaign `budget` in one language, and what was sent to whom."""

    house: House
    limiter: Limiter
    stop: Callable[[], bool] = lambda: False
    email: MemorySender = field(default_factory=lambda: MemorySender(Channel.EMAIL))
    sms: MemorySender = field(default_factory=lambda: MemorySender(Channel.SMS))

    def turn(self, channel: Channel = Channel.EMAIL, seconds: float = 20.0) -> bool:
        """One task of a worker; whether more work is due."""
        senders = {Channel.EMAIL: self.email, Channel.SMS: self.sms}
        return deliver.run(self.house, channel, senders, self.limiter, self.stop, seconds)

    def statuses(self) -> dict[str, int]:
        """How many messages are in which status."""
        with self.house.db.reading() as session:
            return dict(Counter(str(status) for status in session.scalars(select(Message.status))))

    def messages(self) -> list[Message]:
        """Every message, by id."""
        with self.house.db.reading() as session:
            return list(session.scalars(select(Message).order_by(Message.id)))

    def log(self) -> list[DeliveryLogEntry]:
        """Every line of the delivery log, in order."""
        with self.house.db.reading() as session:
            return list(session.scalars(select(DeliveryLogEntry).order_by(DeliveryLogEntry.at)))

    def leased(self) -> int:
        """How many chunks somebody holds."""
        with self.house.db.reading() as session:
            return len(session.scalars(select(Chunk.number).where(Chunk.lease_token.is_not(None))).all())

    def errors(self) -> set[str | None]:
        """Why messages are as they are."""
        return {message.error for message in self.messages()}

    def status_of(self, message_id: int) -> Status:
        return next(message.status for message in self.messages() if message.id == message_id)
