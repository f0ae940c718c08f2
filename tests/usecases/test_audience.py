"""Who an alert reaches: by consent, once an address, in a language that they read."""

from pathlib import Path

from campaigns import frozen_campaign, messages_of, opening, reached, send, write_campaign
from people import add_list, add_people, add_person, leave, suppress_person
from sqlalchemy import update

from dispatcher.house import House
from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.audience import Choice, match_languages

EMAIL, SMS = Channel.EMAIL, Channel.SMS


def test_each_address_that_agreed_gets_one_message_on_its_channel(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    both = add_person(any_house, email="a@example.org", phone="312-555-0101")
    by_email = add_person(any_house, email="b@example.org", phone="312-555-0102", channels=[EMAIL])
    by_phone = add_person(any_house, phone="312-555-0103")
    add_person(any_house, email="c@example.org", lists=[])
    write_campaign(tmp_path)
    opened = send(any_house, opening(frozen_campaign()))
    assert reached(any_house) == [(EMAIL, both), (EMAIL, by_email), (SMS, both), (SMS, by_phone)]
    assert opened.added == 4


def test_who_is_on_two_of_the_lists_gets_one_message(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_list(any_house, "budget")
    add_list(any_house, "rents")
    twice = add_person(any_house, email="a@example.org", lists=["daca", "budget"])
    once = add_person(any_house, email="b@example.org", lists=["budget"])
    add_person(any_house, email="c@example.org", lists=["rents"])
    write_campaign(tmp_path, lists=["daca", "budget"])
    send(any_house, opening(frozen_campaign()))
    assert reached(any_house) == [(EMAIL, twice), (EMAIL, once)]


def test_a_family_phone_gets_one_text(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    first = add_person(any_house, email="a@example.org", phone="312-555-0101")
    second = add_person(any_house, email="b@example.org", phone="312-555-0101")
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    assert reached(any_house) == [(EMAIL, first), (EMAIL, second), (SMS, first)]


def test_a_family_phone_is_written_to_in_a_language_that_somebody_reads(
    any_house: House, tmp_path: Path
) -> None:
    add_list(any_house)
    add_person(any_house, phone="312-555-0101", language="zh")
    reader = add_person(any_house, phone="312-555-0101", language="es")
    write_campaign(tmp_path, languages=["en", "es"])
    send(any_house, opening(frozen_campaign()))
    assert reached(any_house) == [(SMS, reader)]


def test_who_left_is_suppressed_or_has_another_address_is_left_out(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    left, dead, moved, stays = add_people(any_house, 4)
    leave(any_house, left, SMS)
    suppress_person(any_house, dead, EMAIL, SuppressionReason.BOUNCED)
    with any_house.db.transaction() as session:
        new_key = any_house.keys.address_key("new@example.org")
        session.execute(update(Subscriber).where(Subscriber.id == moved).values(email_key=new_key))
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    assert reached(any_house) == [
        *[(EMAIL, person) for person in (left, stays)],
        *[(SMS, person) for person in (dead, moved, stays)],
    ]


def test_who_left_one_list_and_is_on_another_of_the_campaign_is_reached(
    any_house: House, tmp_path: Path
) -> None:
    add_list(any_house)
    add_list(any_house, "budget")
    person = add_person(any_house, email="a@example.org", lists=["daca", "budget"])
    leave(any_house, person, EMAIL, "daca")
    write_campaign(tmp_path, lists=["daca", "budget"])
    send(any_house, opening(frozen_campaign()))
    assert reached(any_house) == [(EMAIL, person)]


def test_a_reader_gets_their_language_else_the_one_without_its_region(
    any_house: House, tmp_path: Path
) -> None:
    add_list(any_house)
    readers = {
        add_person(any_house, email=f"{language}@example.org", language=language): language
        for language in ("en", "es", "es-MX", "en_US", "pl")
    }
    write_campaign(tmp_path, languages=["en", "es"])
    send(any_house, opening(frozen_campaign()))
    written = {readers[m.subscriber_id or 0]: m.language for m in messages_of(any_house)}
    assert written == {"en": "en", "es": "es", "es-MX": "es", "en_US": "en"}


def test_with_fallback_others_get_the_campaigns_own_language(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_person(any_house, email="a@example.org", language="pl")
    write_campaign(tmp_path, languages=["es", "en"])
    frozen = frozen_campaign()
    assert send(any_house, opening(frozen)).added == 0
    assert send(any_house, opening(frozen, fallback=True)).added == 1
    assert [message.language for message in messages_of(any_house)] == ["es"]


def test_languages_are_matched_and_those_without_are_counted() -> None:
    readers = {"es-MX": 3, "pl": 2, "en": 1}
    found = match_languages(readers, frozenset({"es"}), "en", fallback=False)
    assert found.written_in == {"es-MX": "es"}
    assert found.missing == {"pl": 2, "en": 1}


def test_fallback_gives_only_a_language_that_is_there() -> None:
    assert match_languages({"pl": 2}, frozenset({"es"}), "es", fallback=True).written_in == {"pl": "es"}
    assert match_languages({"pl": 2}, frozenset({"es"}), "en", fallback=True).missing == {"pl": 2}


def test_a_choice_is_kept_whole() -> None:
    choice = Choice((EMAIL, SMS), ("daca", "budget"), fallback=True, limit=7)
    assert Choice.from_json(choice.to_json()) == choice


def test_a_later_send_widens_what_the_alert_means() -> None:
    first = Choice((SMS,), ("daca",), fallback=True, limit=10)
    later = Choice((EMAIL,), ("budget", "daca"))
    assert first.joined_with(later) == Choice((EMAIL, SMS), ("daca", "budget"), fallback=True)
    assert later.joined_with(first).limit == 10
