"""What was said of texts before they were sent is what the outbox shows afterwards, segment by segment."""

import json
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from campaigns import write_campaign
from conftest import OpenHouse
from people import add_list, add_people, add_person
from sqlalchemy import select
from town import Town

from dispatcher.channels.outbox import OutboxSender
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import StopTold, Subscriber
from dispatcher.rules import sms
from dispatcher.rules.alert import Channel
from dispatcher.rules.text_cost import TextCost
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases.send_campaign import Request, carry_out, plan
from dispatcher.usecases.text_spending import spent
from dispatcher.usecases.translate import accept

SMS = Channel.SMS
TEXTS = {
    "en": "ICIRR: {{ name or 'friend' }}, it\u2019s today\u2026 {{ action_url }} " + "x" * 75,
    "es": "ICIRR: {{ first_name }}, llame hoy {{ action_url }} {{ attributes.city|default('') }} " + "y" * 45,
    "pl": "ICIRR: {{ action_url }} {{ leave_url }} Zadzwońcie! Odpisz STOP",
    "ar": "ICIRR:\nصوتكم مهم اليوم {{ name }} {{ action_url }}\n{{ chrome.reply_stop }}",
}
NAMES = ["Ana", "José", "Łucja", "María de los Ángeles", "O\u2019Hara", "李", "😀 Zoe", "Konstanty", None]


@pytest.fixture
def house(open_house_with: OpenHouse, any_database_url: str, tmp_path: Path) -> House:
    """Readers of four languages with all kinds of names, from two countries; some were told how to stop."""
    house = open_house_with(
        database_url=any_database_url, public_url="https://go.example.org", sms_prices="US=0.0079,MX=0.04"
    )
    add_list(house)
    folder = write_campaign(tmp_path, languages=[*TEXTS], channels=[SMS])
    (folder / "campaign.toml").write_text((folder / "campaign.toml").read_text() + "smart_text = true\n")
    lines = count(1000)
    for language, text in TEXTS.items():
        place = folder if language == "en" else folder / language
        (place / "sms.txt").write_text(text)
        for name in NAMES:
            add_person(house, phone=f"+1312555{next(lines)}", language=language, first_name=name)
    for language in ("es", "pl", "ar"):
        accept("budget", language)
    add_person(house, phone="+525512345678", language="es-MX", first_name="Lupe")
    add_people(house, 150, language="es", channels=[SMS])
    with house.db.transaction() as session:
        session.get_one(Subscriber, 12).attributes = json.dumps({"city": "Łódź"})
        for person in session.scalars(select(Subscriber).where(Subscriber.id % 3 == 0)):
            session.add(StopTold(address_key=person.phone_key, told_at=house.db.now()))
    return house


def test_what_was_said_of_texts_is_what_the_outbox_shows(
    house: House, redis_url: str, tmp_path: Path
) -> None:
    planned = plan(house, Request("budget"))
    said = planned.survey.channels[SMS].texts
    town = Town(house, Limiter(parse_service_url(redis_url)))
    outbox = tmp_path / "var" / "outbox"
    town.sms = OutboxSender(outbox, SMS)  # type: ignore[assignment]
    carry_out(house, planned)
    while town.turn(SMS):
        pass

    language_of = {message.id: message.language for message in town.messages()}
    shown = dict.fromkeys(TEXTS, TextCost(currency="USD"))
    sizes = set()
    for path in outbox.glob("*.txt"):
        head, _, body = path.read_text().partition("\n\n")
        to, segments = head.removeprefix("To: ").split("\nSegments: ")
        assert sms.segments(body.removesuffix("\n")) == int(segments)
        price = Decimal("0.04" if to.startswith("+52") else "0.0079")
        shown[language_of[int(path.stem)]] += TextCost(1, int(segments), price * int(segments))
        sizes.add(int(segments))
    assert said == shown
    assert sizes == {1, 2, 3}  # if all were the same, this would show little
    with house.db.reading() as session:
        assert spent(session, house.settings.prices, 1) == said
