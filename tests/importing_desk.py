"""Staff at a desk with a list and files of people: what the tests of imports share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.usecases.import_subscribers import prepare, run
from dispatcher.usecases.importing.report import ImportOrder, ImportReport


@dataclass
class Desk:
    """Staff with a list called daca and files to import into it."""

    house: House
    folder: Path

    def bring(self, text: str, *, dry_run: bool = False, **asked: Any) -> ImportReport:
        """Import a CSV file that holds this text, indented or not."""
        path = self.folder / "people.csv"
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()), encoding="utf-8")
        order = ImportOrder(
            path, asked.pop("list_slug", "daca"), asked.pop("source", "rally 12 May"), **asked
        )
        return run(self.house, prepare(order), dry_run=dry_run)

    def bring_with_texts(self, text: str, **asked: Any) -> ImportReport:
        """The same, of people who agreed to texts as well."""
        return self.bring(
            text, channels=frozenset(Channel), disclosure="Msg & data rates may apply.", **asked
        )

    def people(self) -> list[dict[str, Any]]:
        """Everybody here in the order in which they came."""
        names = (
            "email",
            "phone",
            "first_name",
            "last_name",
            "language",
            "time_zone",
            "postal_code",
            "attributes",
        )
        with self.house.db.reading() as session:
            found = session.scalars(select(Subscriber).order_by(Subscriber.id))
            return [{name: value for name in names if (value := getattr(one, name))} for one in found]

    def on_the_list(self, channel: Channel) -> list[str]:
        """The addresses that a message to the list would reach now, sorted."""
        key, address = (
            (Subscriber.email_key, Subscriber.email)
            if channel is Channel.EMAIL
            else (Subscriber.phone_key, Subscriber.phone)
        )
        held = (
            select(address)
            .join(Subscription, Subscription.subscriber_id == Subscriber.id)
            .where(Subscription.channel == channel, Subscription.left_at.is_(None))
            .where(Subscription.address_key == key)
        )
        with self.house.db.reading() as session:
            return sorted(found for found in session.scalars(held) if found)
