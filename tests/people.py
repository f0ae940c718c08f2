"""Lists and subscribers with consent, for tests: one, or thousands at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, update

from dispatcher.addresses import parse_email, parse_phone, quiet_zones_for
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import List, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.audience import list_ids
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger, join
from dispatcher.usecases.suppress import suppress

BOTH = (Channel.EMAIL, Channel.SMS)
EVIDENCE = Evidence("a test")
_KEYS = {Channel.EMAIL: "email_key", Channel.SMS: "phone_key"}


def add_list(
    house: House,
    slug: str = "daca",
    public_name: str = "ICIRR alerts",
    sensitive: bool = False,
    is_open: bool = False,
) -> int:
    """Add a list; returns its id."""
    with house.db.transaction() as session:
        added = List(slug=slug, public_name=public_name, sensitive=sensitive, open=is_open)
        session.add(added)
        session.flush()
        return added.id


def add_person(
    house: House,
    *,
    email: str | None = None,
    phone: str | None = None,
    language: str = "en",
    lists: Sequence[str] = ("daca",),
    channels: Sequence[Channel] = BOTH,
    time_zone: str | None = None,
    quiet_zones: str | None = None,
    first_name: str | None = None,
) -> int:
    """Add a person who agreed to these lists, on those of `channels` that have an address; returns the id.

    `quiet_zones` (as rules.hours reads them) come from zone and number unless given.
    """
    mail = parse_email(email) if email else None
    number = parse_phone(phone).e164 if phone else None
    addresses = {Channel.EMAIL: mail, Channel.SMS: number}
    with house.db.transaction() as session:
        person = Subscriber(
            email=mail and mail.address,
            email_key=mail and house.keys.address_key(mail.normalised),
            email_domain=mail and mail.domain,
            phone=number,
            phone_key=number and house.keys.address_key(number),
            first_name=first_name,
            language=language,
            time_zone=time_zone,
            quiet_zones=quiet_zones or quiet_zones_for(time_zone, None, number),
        )
        session.add(person)
        session.flush()
        for list_id in list_ids(session, lists):
            for channel in channels:
                if addresses[channel]:
                    join(session, person, list_id, channel, EVIDENCE)
        return person.id


def add_people(
    house: House,
    number: int,
    *,
    language: str = "en",
    lists: Sequence[str] = ("daca",),
    channels: Sequence[Channel] = BOTH,
    domain: str = "example.org",
    quiet_zones: str | None = "America/Chicago",
) -> list[int]:
    """Add many people at once, with an address and consent on each of `channels`; returns their ids.

    They differ in their addresses alone. Called again it adds others.
    """
    with house.db.transaction() as session:
        known = session.scalar(select(func.max(Subscriber.id))) or 0
        numbers = range(known + 1, known + number + 1)
        shared = {"language": language, "quiet_zones": quiet_zones}
        rows = [shared | _addresses(house, nth, domain, channels) for nth in numbers]
        ids = list(
            session.scalars(insert(Subscriber).returning(Subscriber.id, sort_by_parameter_order=True), rows)
        )
        agreements = [
            Agreement(person, channel, row[_KEYS[channel]], language)
            for channel in channels
            for person, row in zip(ids, rows, strict=True)
        ]
        for list_id in list_ids(session, lists):
            ListLedger(session, list_id).join(agreements, EVIDENCE)
        return ids


def leave(house: House, person_id: int, channel: Channel, slug: str = "daca") -> None:
    """The person leaves a list on one channel."""
    with house.db.transaction() as session:
        one = (Subscription.subscriber_id == person_id, Subscription.channel == channel)
        of_list = Subscription.list_id.in_(list_ids(session, [slug]))
        session.execute(update(Subscription).where(*one, of_list).values(left_at=db_now()))


def suppress_person(
    house: House, person_id: int, channel: Channel, reason: SuppressionReason = SuppressionReason.STOP
) -> None:
    """The person's address on this channel must not be contacted any more."""
    with house.db.transaction() as session:
        person = session.get_one(Subscriber, person_id)
        key = person.email_key if channel is Channel.EMAIL else person.phone_key
        assert key
        suppress(session, channel, key, reason, source="a test")


def _addresses(house: House, nth: int, domain: str, channels: Sequence[Channel]) -> dict[str, Any]:
    email, phone = f"person{nth}@{domain}", f"+1312{2_000_000 + nth}"
    row: dict[str, Any] = {}
    if Channel.EMAIL in channels:
        row |= {"email": email, "email_key": house.keys.address_key(email), "email_domain": domain}
    if Channel.SMS in channels:
        row |= {"phone": phone, "phone_key": house.keys.address_key(phone)}
    return row
