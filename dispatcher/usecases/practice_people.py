"""Two hundred people who don't exist, for practice: reserved addresses, real languages and zones."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatcher.addresses import parse_email, parse_phone, quiet_zones_for
from dispatcher.keyring import Keyring
from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.reserved import PRACTICE_DOMAIN
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger, disclosure_id
from dispatcher.usecases.suppress import suppress

HOW_MANY = 200
SOURCE = "practice"
_DISCLOSURE = (
    "Practice: ICIRR alerts by text, a few a month. Msg & data rates may apply. "
    "Reply STOP to stop, HELP for help."
)
_NAMES = {
    "en": (
        "Alice James Ruth Daniel Grace Henry Nora Samuel".split(),
        "Brown Carter Evans Moore Reed Young".split(),
    ),
    "es": (
        "María José Lucía Carlos Ana Diego Elena Íñigo".split(),
        "García López Núñez Pérez Ríos Vega".split(),
    ),
    "pl": (
        "Anna Piotr Zofia Łukasz Ewa Jan Małgorzata".split(),
        "Kowalski Nowak Wójcik Zieliński Żak".split(),
    ),
    "ar": ("ليلى عمر فاطمة يوسف مريم خالد".split(), "حداد منصور خوري نصار سالم".split()),
}
_READERS = ("en",) * 9 + ("es",) * 7 + ("pl",) * 2 + ("ar",) * 2
_PLACES = (
    ("312", "60604", "America/Chicago"),
    ("773", "60608", "America/Chicago"),
    ("708", "60402", "America/Chicago"),
    ("212", "10001", "America/New_York"),
    ("303", "80202", "America/Denver"),
    ("602", "85003", "America/Phoenix"),
    ("213", "90012", "America/Los_Angeles"),
    ("808", "96813", "Pacific/Honolulu"),
)
_BY_EMAIL_ONLY = 7  # every seventh gave no consent to texts
_SUPPRESSED = 3  # the last ones have said STOP


@dataclass(frozen=True, slots=True)
class Person:
    """One made-up person."""

    email: str
    phone: str
    first_name: str
    last_name: str
    language: str
    postal_code: str
    time_zone: str | None


def people() -> list[Person]:
    """The same two hundred every time. Number 2 shares number 1's phone, as families do."""
    chance = random.Random(2024)  # noqa: S311 - not for secrets: practice people should be the same every time
    made = []
    for number in range(1, HOW_MANY + 1):
        language = chance.choice(_READERS)
        firsts, lasts = _NAMES[language]
        area, postal_code, zone = _PLACES[number % len(_PLACES)]
        line = number // len(_PLACES)
        made.append(
            Person(
                email=f"person{number:03}@{PRACTICE_DOMAIN}",
                phone=f"+1{area}55501{line:02}",
                first_name=chance.choice(firsts),
                last_name=chance.choice(lasts),
                language=language,
                postal_code=postal_code,
                time_zone=zone if chance.random() < 0.5 else None,
            )
        )
    second = made[1]
    made[1] = Person(
        second.email,
        made[0].phone,
        second.first_name,
        made[0].last_name,
        second.language,
        second.postal_code,
        None,
    )
    return made


def add_practice_people(session: Session, keys: Keyring, list_ids: Sequence[int]) -> int:
    """Add the two hundred, with consent to these lists, where nobody is yet; returns how many were added."""
    if session.scalar(select(exists().where(Subscriber.id.is_not(None)))):
        return 0
    subscribers = [_subscriber(person, keys) for person in people()]
    session.add_all(subscribers)
    session.flush()
    texted = [one for number, one in enumerate(subscribers, start=1) if number % _BY_EMAIL_ONLY]
    shown = Evidence(SOURCE, disclosure_id=disclosure_id(session, _DISCLOSURE))
    for list_id in list_ids:
        ledger = ListLedger(session, list_id)
        ledger.join([_agreement(one, Channel.EMAIL) for one in subscribers], Evidence(SOURCE))
        ledger.join([_agreement(one, Channel.SMS) for one in texted], shown)
    for one in subscribers[-_SUPPRESSED:]:
        key = _agreement(one, Channel.SMS).address_key
        suppress(session, Channel.SMS, key, SuppressionReason.STOP, source=SOURCE)
    return HOW_MANY


def _agreement(one: Subscriber, channel: Channel) -> Agreement:
    key = one.key_of(channel)
    assert key is not None  # each of them has both
    return Agreement(one.id, channel, key, one.language)


def _subscriber(person: Person, keys: Keyring) -> Subscriber:
    email, phone = parse_email(person.email), parse_phone(person.phone)
    return Subscriber(
        email=email.address,
        email_key=keys.address_key(email.normalised),
        email_domain=email.domain,
        phone=phone.e164,
        phone_key=keys.address_key(phone.e164),
        first_name=person.first_name,
        last_name=person.last_name,
        language=person.language,
        time_zone=person.time_zone,
        postal_code=person.postal_code,
        quiet_zones=quiet_zones_for(person.time_zone, person.postal_code, phone.e164),
    )
