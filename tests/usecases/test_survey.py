"""What staff are told before they are asked: who gets it, who doesn't and why, and when it leaves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people, add_person, leave, suppress_person
from sqlalchemy import update

from dispatcher.errors import UnknownList
from dispatcher.house import House
from dispatcher.models import DailyUse, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.survey import Survey, people_reached, survey

EMAIL, SMS = Channel.EMAIL, Channel.SMS
TWILIO = "twilio://AC1:token@?from=+13125550100"
NOON = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)  # in Chicago; 8 am in Honolulu


def look(
    house: House,
    *,
    now: datetime = NOON,
    alert_id: int | None = None,
    **choice: Any,
) -> Survey:
    """The survey of the campaign in this folder; `choice` as for `opening`."""
    frozen = frozen_campaign()
    wanted = opening(frozen, **choice).choice
    with house.db.reading() as session:
        return survey(session, frozen, wanted, house.settings, now=now, alert_id=alert_id)


def lengthen(folder: Path) -> None:
    """Make the text in this folder two segments."""
    (folder / "sms.txt").write_text(f"ICIRR: {'x' * 160} STOP")


def phone_of(house: House, person: int) -> str | None:
    with house.db.reading() as session:
        return session.get_one(Subscriber, person).phone


def test_people_are_counted_by_channel_and_by_the_language_they_get(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    add_people(any_house, 2, language="es-MX")
    add_people(any_house, 1, language="es", channels=[EMAIL])
    add_people(any_house, 1, language="pl")
    write_campaign(tmp_path, languages=["en", "es"])
    found = look(any_house)
    assert found.channels[EMAIL].people == {"en": 3, "es": 3}
    assert found.channels[SMS].people == {"en": 3, "es": 2}
    assert found.channels[SMS].left_out == {"reads pl, which isn't there": 1}
    assert (found.channels[EMAIL].total, found.total) == (6, 11)


def test_with_fallback_nobody_is_left_out_for_their_language(house: House, tmp_path: Path) -> None:
    add_list(house)
    add_people(house, 2, language="pl")
    write_campaign(tmp_path)
    assert look(house).total == 0
    found = look(house, fallback=True).channels[EMAIL]
    assert (found.people, found.left_out) == ({"en": 2}, {})


def test_everybody_who_is_left_out_is_counted_under_one_reason(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    gone, dead, stopped, moved, reader, first, *_ = add_people(any_house, 10)
    leave(any_house, gone, SMS)
    suppress_person(any_house, dead, SMS, SuppressionReason.BOUNCED)
    suppress_person(any_house, stopped, SMS, SuppressionReason.STOP)
    with any_house.db.transaction() as session:
        person = update(Subscriber)
        session.execute(person.where(Subscriber.id == moved).values(phone_key=b"n" * 16))
        session.execute(person.where(Subscriber.id == reader).values(language="pl"))
    add_person(any_house, phone=phone_of(any_house, first))
    write_campaign(tmp_path)
    found = look(any_house, channels=[SMS], limit=2).channels[SMS]
    assert found.left_out == {
        "left the list": 1,
        "has another address now, which hasn't agreed": 1,
        "suppressed (bounced)": 1,
        "suppressed (stop)": 1,
        "reads pl, which isn't there": 1,
        "shares a phone with somebody who gets it": 1,
        "beyond --limit": 3,
    }
    assert found.total + sum(found.left_out.values()) == 11


def test_who_left_one_list_and_stays_on_another_is_not_left_out(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_list(any_house, "budget")
    person = add_person(any_house, email="a@example.org", lists=["daca", "budget"])
    leave(any_house, person, EMAIL)
    write_campaign(tmp_path, lists=["daca", "budget"])
    found = look(any_house).channels[EMAIL]
    assert (found.total, found.left_out) == (1, {})


def test_who_has_the_alert_already_is_named(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    send(any_house, opening(frozen_campaign()))
    add_people(any_house, 1)
    found = look(any_house, alert_id=1).channels[SMS]
    assert (found.total, found.left_out) == (1, {"has it already": 3})


def test_a_survey_changes_nothing(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    assert look(any_house).total == 6
    assert not messages_of(any_house)


def test_a_limit_counts_people_not_messages(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 5)
    write_campaign(tmp_path)
    found = look(any_house, limit=2)
    assert [found.channels[channel].total for channel in (EMAIL, SMS)] == [2, 2]
    assert found.channels[EMAIL].left_out == {"beyond --limit": 3}
    assert look(any_house, limit=5).channels[EMAIL].left_out == {}


def test_people_are_counted_once_whatever_they_get(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    add_people(any_house, 2, channels=[SMS])
    write_campaign(tmp_path)
    found = look(any_house, limit=4)
    with any_house.db.reading() as session:
        assert (people_reached(session, found), found.total) == (4, 7)


def test_texts_are_told_in_segments_and_emails_are_not(house: House, tmp_path: Path) -> None:
    add_list(house)
    add_people(house, 3)
    add_people(house, 2, language="es")
    lengthen(write_campaign(tmp_path, languages=["en", "es"]) / "es")
    found = look(house)
    assert {language: cost.segments for language, cost in found.channels[SMS].texts.items()} == {
        "en": 3,
        "es": 4,
    }
    assert (found.channels[SMS].segments, found.channels[EMAIL].segments) == (7, 0)


def test_departures_are_told_at_the_limits_of_each_channel(
    open_house_with: OpenHouse, tmp_path: Path
) -> None:
    house = open_house_with(rate_email="2/s", rate_sms="1/s")
    add_list(house)
    add_people(house, 60)
    lengthen(write_campaign(tmp_path))
    found = look(house)
    email, sms = found.channels[EMAIL].departures, found.channels[SMS].departures
    assert email
    assert sms
    assert (email.first, email.last) == (NOON, NOON + timedelta(seconds=30))
    assert (sms.first, sms.last) == (NOON, NOON + timedelta(seconds=120))


def test_a_limited_domain_is_the_last_to_leave(open_house_with: OpenHouse, tmp_path: Path) -> None:
    house = open_house_with(rate_email="10/s", rate_domains="gmail.com=1/m, hey.com=1/h")
    add_list(house)
    add_people(house, 5, channels=[EMAIL], domain="gmail.com")
    add_people(house, 50, channels=[EMAIL])
    write_campaign(tmp_path)
    found = look(house).channels[EMAIL].departures
    assert found
    assert found.last == NOON + timedelta(minutes=5)


def test_real_texts_leave_when_people_are_awake(open_house_with: OpenHouse, tmp_path: Path) -> None:
    house = open_house_with(sms_url=TWILIO, rate_sms="1/s")
    add_list(house)
    add_people(house, 60, quiet_zones="Pacific/Honolulu")
    write_campaign(tmp_path)
    early = NOON - timedelta(hours=5)
    found = look(house, now=early)
    email, sms = found.channels[EMAIL].departures, found.channels[SMS].departures
    assert email
    assert sms
    assert (email.first, sms.first, sms.last) == (early, NOON, NOON + timedelta(minutes=1))


def test_where_a_day_has_a_limit_the_rest_leaves_on_the_days_after(
    open_house_with: OpenHouse, tmp_path: Path
) -> None:
    house = open_house_with(rate_sms="1/s", daily_sms=50, daily_email=60)
    add_list(house)
    add_people(house, 60)
    lengthen(write_campaign(tmp_path))
    found = look(house).channels
    email, sms = found[EMAIL].departures, found[SMS].departures
    assert email
    assert sms
    assert (email.last, found[EMAIL].left_today) == (NOON, 60)
    assert (sms.first, found[SMS].left_today) == (NOON, 50)
    second_day_after = datetime(2026, 12, 3, 8, 0, tzinfo=UTC)  # midnight in Los Angeles
    assert sms.last == second_day_after + timedelta(seconds=20)


def test_a_day_that_is_used_up_lets_the_first_leave_on_the_next(
    open_house_with: OpenHouse, tmp_path: Path
) -> None:
    house = open_house_with(daily_email=60)
    add_list(house)
    add_people(house, 2)
    write_campaign(tmp_path)
    with house.db.transaction() as session:
        day_after = NOON + timedelta(hours=14)
        session.add(DailyUse(channel=EMAIL, used=60, allowed=60, ends_at=day_after))
    found = look(house).channels[EMAIL]
    assert found.left_today == 0
    assert found.departures
    assert found.departures.first == found.departures.last == day_after
    assert look(house, now=NOON + timedelta(days=2)).channels[EMAIL].left_today == 60


def test_nobody_departs_never(house: House, tmp_path: Path) -> None:
    add_list(house)
    write_campaign(tmp_path)
    assert [channel.departures for channel in look(house).channels.values()] == [None, None]


def test_who_has_no_hour_in_common_with_their_zones_is_left_out(
    open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, sms_url=TWILIO, sms_hours="8-9")
    add_list(house)
    add_people(house, 2, channels=[SMS], quiet_zones="America/Chicago,Pacific/Honolulu")
    add_people(house, 1, channels=[SMS])
    write_campaign(tmp_path)
    found = look(house).channels[SMS]
    assert found.left_out == {"no hour suits all zones that the number may be in": 2}
    assert found.total == send(house, opening(frozen_campaign())).added == 1


def test_an_unknown_list_is_named_with_those_that_are_there(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    with pytest.raises(UnknownList, match=r"'daca'.*none yet.*dispatch lists add daca"):
        look(house)
    add_list(house, "rents")
    add_list(house, "budget")
    with pytest.raises(UnknownList, match="There are: budget, rents"):
        look(house)
