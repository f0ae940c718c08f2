"""When things happened: by the hour, by the day, in the zone of whoever asks."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from past_alerts import BEGAN, Told, act, past_alert
from people import add_list, add_people
from reports_desk import reporting

from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.report.measures import Measure
from dispatcher.usecases.report.timeline import Slot

M = Measure


def log(house: House, *lines: tuple[datetime, Status]) -> None:
    with house.db.transaction() as session:
        session.add_all(
            DeliveryLogEntry(at=at, message_id=nth, status=status, alert_id=1, channel=Channel.EMAIL)
            for nth, (at, status) in enumerate(lines)
        )


def numbers(slots: Iterable[Slot]) -> list[tuple[object, ...]]:
    return [(one.begins, *(one[measure] for measure in (M.SENT, M.DELIVERED, M.ACTED))) for one in slots]


def test_a_short_alert_is_told_by_the_hour_without_a_gap(any_house: House) -> None:
    add_list(any_house)
    people = add_people(any_house, 2)
    past_alert(any_house, [Told(one) for one in people])
    minute = timedelta(minutes=1)
    log(
        any_house,
        (BEGAN + 5 * minute, Status.SENT),
        (BEGAN + 59 * minute, Status.SENT),
        (BEGAN + 61 * minute, Status.DELIVERED),
        (BEGAN + 62 * minute, Status.FAILED),
    )
    act(any_house, people[0], at=BEGAN + 200 * minute)
    zone = ZoneInfo("America/Chicago")
    found = reporting(any_house, zone=zone).timeline
    hour = [BEGAN.astimezone(zone) + nth * timedelta(hours=1) for nth in range(4)]
    assert found.by_hour
    assert numbers(found.slots) == [
        (hour[0], 2, 0, 0),
        (hour[1], 0, 1, 0),
        (hour[2], 0, 0, 0),
        (hour[3], 0, 0, 1),
    ]
    assert found.slots[0].begins.isoformat() == "2026-03-02T09:00:00-06:00"


def test_a_long_one_by_the_day_of_the_zone_and_no_longer_than_a_month(house: House) -> None:
    add_list(house)
    people = add_people(house, 2)
    past_alert(house, [Told(one) for one in people])
    log(house, (BEGAN, Status.SENT), (BEGAN + timedelta(hours=16), Status.DELIVERED))
    act(house, people[0], at=BEGAN + timedelta(days=2))
    act(house, people[1], at=BEGAN + timedelta(days=60))
    found = reporting(house, zone=ZoneInfo("America/Chicago")).timeline
    assert not found.by_hour
    assert (len(found.slots), found.later) == (31, 1)
    assert numbers(found.slots)[:3] == [
        (date(2026, 3, 2), 1, 0, 0),
        (date(2026, 3, 3), 0, 1, 0),
        (date(2026, 3, 4), 0, 0, 1),
    ]


def test_of_a_sensitive_alert_there_are_days_and_no_acts(house: House) -> None:
    add_list(house, sensitive=True)
    people = add_people(house, 2)
    past_alert(house, [Told(one) for one in people])
    log(house, (BEGAN, Status.SENT))
    act(house, people[0])
    found = reporting(house).timeline
    assert numbers(found.slots) == [(BEGAN.date(), 1, None, None)]  # unknown, or untold: never 0
    assert found.measures == (M.SENT,)
    assert not found.by_hour


def test_of_a_closed_alert_acts_alone_are_known(house: House) -> None:
    add_list(house)
    people = add_people(house, 1)
    past_alert(house, [Told(people[0])], state=AlertState.CLOSED)
    act(house, people[0], at=BEGAN)
    assert numbers(reporting(house).timeline.slots) == [(BEGAN, None, None, 1)]
