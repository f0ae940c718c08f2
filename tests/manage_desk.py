"""What tests of fresh links ask of a house: tokens, notices, who is on what."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Notice, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState
from dispatcher.tokens import Signer
from dispatcher.usecases.managing.links import MANAGE_PATH, ManageToken, manage_url, read_manage_token


@dataclass(frozen=True, slots=True)
class Desk:
    """A house, and what the tests ask of it."""

    house: House
    signer: Signer

    def token(self, person_id: int, channel: Channel = Channel.EMAIL) -> ManageToken:
        """What a link that was just sent to this person opens."""
        now = datetime.now(UTC)
        with self.house.db.reading() as session:
            url = manage_url(self.signer, "", session.get_one(Subscriber, person_id), channel, now)
        return read_manage_token(self.signer, url.removeprefix(MANAGE_PATH), now)

    def notices(self) -> list[Notice]:
        """What is on its way, oldest first."""
        with self.house.db.reading() as session:
            queued = select(Notice).where(Notice.state == NoticeState.QUEUED)
            return list(session.scalars(queued.order_by(Notice.id)))

    def on(self) -> set[tuple[int, str]]:
        """Subscriber and channel of whoever is on a list."""
        with self.house.db.reading() as session:
            held = select(Subscription.subscriber_id, Subscription.channel).where(
                Subscription.left_at.is_(None)
            )
            return {(person, str(channel)) for person, channel in session.execute(held)}

    def suppressed(self) -> dict[str, str]:
        """Channel -> why its address is suppressed."""
        with self.house.db.reading() as session:
            found = session.execute(select(Suppression.channel, Suppression.reason))
            return {str(channel): str(reason) for channel, reason in found}
