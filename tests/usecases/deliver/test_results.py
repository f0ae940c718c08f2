"""Alerts that pause by themselves because of their results."""

from collections.abc import Callable

from attempts import ACCEPTED, attempt
from campaigns import frozen_campaign, real, send
from people import add_people
from sqlalchemy import insert, select
from town import Town

from dispatcher.channels.base import Result
from dispatcher.db import db_now
from dispatcher.models import Alarm, Alert, DeliveryLogEntry, Message
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases import deliver, steer
from dispatcher.usecases.deliver.pages import Due

GONE = (Result.REFUSED, "smtp 550 5.1.1", "no such user")
FINE = (ACCEPTED, "", "")


def open_alert(town: Town, people: int, channel: Channel = Channel.EMAIL) -> int:
    """An alert to so many people, none of whom has been written to."""
    add_people(town.house, people, channels=[channel], domain="example.org")
    return send(town.house, real(frozen_campaign(), channels=[channel])).alert_id


def add_more(town: Town, people: int, channel: Channel = Channel.EMAIL) -> None:
    add_people(town.house, people, channels=[channel], domain="example.org")
    send(town.house, real(frozen_campaign(), channels=[channel]))


def of_each(count: int, bad: int) -> Callable[[Due], tuple[Result, str, str]]:
    """Bad for so many of each `count`."""
    return lambda due: GONE if due.message_id % count < bad else FINE


def state(town: Town) -> tuple[AlertState, str]:
    with town.house.db.reading() as session:
        alert = session.scalars(select(Alert)).one()
        return alert.state, alert.state_reason


def alarms(town: Town) -> list[tuple[Event, str, bool]]:
    with town.house.db.reading() as session:
        rows = session.scalars(select(Alarm).order_by(Alarm.id))
        return [(alarm.event, alarm.subject, alarm.over) for alarm in rows]


def test_a_stale_list_pauses_its_alert_says_so_and_raises_an_alarm(town: Town) -> None:
    alert_id = open_alert(town, 60)
    attempt(town, of_each(2, 1))
    add_more(town, 5)
    deliver.sweep(town.house)
    found, words = state(town)
    assert found is AlertState.PAUSED
    assert words.startswith("Paused by itself: 30 of the last 60 emails went to addresses that don't exist.")
    assert f"dispatch resume {alert_id}" in words
    assert alarms(town) == [(Event.ALERT_PAUSED, "alert 1 email gone", False)]
    deliver.sweep(town.house)
    assert len(alarms(town)) == 1


def test_an_honest_list_goes_on(town: Town) -> None:
    open_alert(town, 60)
    attempt(town, of_each(20, 1))
    add_more(town, 5)
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    assert (state(town), alarms(town)) == ((AlertState.RUNNING, ""), [])


def test_an_alert_that_has_nothing_left_to_send_is_left_alone(town: Town) -> None:
    open_alert(town, 60)
    attempt(town, of_each(2, 1))
    deliver.sweep(town.house)
    assert state(town)[0] is AlertState.RUNNING


def test_who_resumes_isnt_paused_for_the_same_results_again(town: Town) -> None:
    alert_id = open_alert(town, 60)
    attempt(town, of_each(2, 1))
    add_more(town, 60)
    deliver.sweep(town.house)
    with town.house.db.transaction() as session:
        steer.resume(session, alert_id)
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    attempt(town, of_each(3, 1))  # more than is borne at first
    add_more(town, 60)
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    attempt(town, of_each(1, 1))
    add_more(town, 5)
    deliver.sweep(town.house)
    assert state(town)[0] is AlertState.PAUSED
    assert len(alarms(town)) == 2


def test_texts_that_a_carrier_filters_later_pause_the_alert_too(town: Town) -> None:
    alert_id = open_alert(town, 100, Channel.SMS)
    attempt(town, lambda _: FINE, Channel.SMS)
    add_more(town, 5, Channel.SMS)
    assert deliver.sweep(town.house) == {Channel.SMS}
    with town.house.db.transaction() as session:
        told = {
            "alert_id": alert_id,
            "channel": Channel.SMS,
            "status": Status.FAILED,
            "error": "twilio 30007",
        }
        for message_id in session.scalars(select(Message.id).where(Message.status == Status.SENT).limit(40)):
            session.execute(insert(DeliveryLogEntry).values(at=db_now(), message_id=message_id, **told))
    assert deliver.sweep(town.house) == set()
    assert "40 of the last 140 texts were blocked or filtered" in state(town)[1]


def test_one_channels_good_results_dont_hide_the_others_bad_ones(town: Town) -> None:
    add_people(town.house, 60, domain="example.org")
    send(town.house, real(frozen_campaign()))
    attempt(town, lambda _: (Result.DROPPED, "twilio 30007", ""), Channel.SMS)
    attempt(town, lambda _: FINE)
    add_people(town.house, 5, domain="example.org")
    send(town.house, real(frozen_campaign()))
    deliver.sweep(town.house)
    assert "60 of the last 60 texts were blocked or filtered" in state(town)[1]
