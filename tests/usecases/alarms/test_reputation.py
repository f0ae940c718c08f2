"""Complaints pause an alert that is being sent, once for the same ones; everything else is told, once."""

from collections.abc import Collection

import pytest
from came_back import add_messages, alert_with, become, leave_ledger
from people import add_list
from sqlalchemy import select, update

from dispatcher.house import House
from dispatcher.models import Alarm, Alert, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases import steer
from dispatcher.usecases.alarms.conditions import look_around
from dispatcher.usecases.alarms.reputation import watch_reputation

SENT, QUEUED, COMPLAINED = Status.SENT, Status.QUEUED, Status.COMPLAINED
WARNED = ("complaints", "alert 1 email", False)
GRAVE = ("complaints", "alert 1 email grave", False)
PAUSED = ("alert_paused", "alert 1 email complained", False)
OVER = ("alert_paused", "alert 1 email complained", True)


def noted(house: House) -> list[tuple[str, str, bool]]:
    """What two looks around have noted until now: the second brings no news."""
    look_around(house)
    look_around(house)
    with house.db.reading() as session:
        rows = session.scalars(select(Alarm).order_by(Alarm.id))
        return [(str(alarm.event), alarm.subject, alarm.over) for alarm in rows]


def words(house: House) -> list[str]:
    with house.db.reading() as session:
        return list(session.scalars(select(Alarm.words).order_by(Alarm.id)))


def state(house: House) -> AlertState:
    with house.db.reading() as session:
        return session.get_one(Alert, 1).state


def resume(house: House) -> None:
    with house.db.transaction() as session:
        steer.resume(session, 1)


def test_over_a_thousandth_is_told_and_over_three_thousandths_pauses(any_house: House) -> None:
    alert_with(any_house, {SENT: 1000, QUEUED: 100})
    become(any_house, 1, COMPLAINED, 2)
    assert noted(any_house) == []
    become(any_house, 1, COMPLAINED, 1)
    assert noted(any_house) == [WARNED]  # 0.3%, not over it
    assert state(any_house) is AlertState.RUNNING
    become(any_house, 1, COMPLAINED, 1)
    assert noted(any_house) == [WARNED, PAUSED]
    assert state(any_house) is AlertState.PAUSED
    with any_house.db.reading() as session:
        reason = session.get_one(Alert, 1).state_reason
    assert words(any_house)[1] == reason
    assert reason.startswith("Paused by itself: 4 of 1,000 emails of alert 1 were reported as spam (0.40%).")
    assert "budget" not in reason


def test_who_resumes_is_not_paused_for_the_same_complaints_again(any_house: House) -> None:
    alert_with(any_house, {SENT: 900, QUEUED: 100})
    become(any_house, 1, COMPLAINED, 3, seconds_ago=60)
    assert noted(any_house) == [PAUSED]
    resume(any_house)
    assert noted(any_house) == [PAUSED, OVER]
    assert state(any_house) is AlertState.RUNNING
    become(any_house, 1, COMPLAINED, 2)
    assert noted(any_house) == [PAUSED, OVER]
    become(any_house, 1, COMPLAINED, 1)
    assert noted(any_house) == [PAUSED, OVER, PAUSED]
    assert state(any_house) is AlertState.PAUSED
    assert "3 of 900 emails of alert 1, since it was resumed, were reported" in words(any_house)[2]


def test_after_the_last_message_there_is_nothing_to_pause_and_it_is_told(any_house: House) -> None:
    alert_with(any_house, {SENT: 900}, hours_ago=100)
    become(any_house, 1, COMPLAINED, 3)
    assert noted(any_house) == [GRAVE]
    assert state(any_house) is AlertState.RUNNING
    assert words(any_house)[0].startswith("3 of 900 emails of alert 1 were reported as spam (0.33%).")


def test_who_resumed_is_told_of_new_complaints_after_the_last_message(house: House) -> None:
    alert_with(house, {SENT: 900, QUEUED: 100})
    become(house, 1, COMPLAINED, 3, seconds_ago=60)
    assert noted(house) == [PAUSED]
    resume(house)
    with house.db.transaction() as session:
        session.execute(update(Message).where(Message.status == QUEUED).values(status=Status.CANCELLED))
    become(house, 1, COMPLAINED, 3)
    assert noted(house) == [PAUSED, OVER, GRAVE]


def test_a_warning_that_grows_after_the_last_message_is_told_again(house: House) -> None:
    alert_with(house, {SENT: 1500})
    become(house, 1, COMPLAINED, 3)
    assert noted(house) == [WARNED]
    become(house, 1, COMPLAINED, 2)
    assert noted(house) == [WARNED, GRAVE]


def test_texts_that_wait_are_not_stopped_for_what_readers_of_emails_say(house: House) -> None:
    alert_with(house, {SENT: 900})
    add_messages(house, 1, {QUEUED: 10}, channel=Channel.SMS)
    become(house, 1, COMPLAINED, 3)
    assert noted(house) == [GRAVE]


@pytest.mark.parametrize("stopped", ["pause", "cancel"])
def test_what_somebody_has_stopped_is_told_and_left_as_it_is(house: House, stopped: str) -> None:
    alert_with(house, {SENT: 900, QUEUED: 5})
    become(house, 1, COMPLAINED, 3)
    with house.db.transaction() as session:
        (steer.pause if stopped == "pause" else steer.cancel)(session, 1)
    before = state(house)
    assert noted(house) == [GRAVE]
    assert state(house) is before


def test_bounces_refusals_and_leavers_are_told_once_and_pause_nothing(any_house: House) -> None:
    add_list(any_house)
    counts = {SENT: 700, Status.BOUNCED: 100, Status.FAILED: 100, QUEUED: 5}
    alert_with(any_house, counts, channel=Channel.SMS, error="twilio 30007")
    leave_ledger(any_house, range(1, 50), channel=Channel.SMS)
    expected = [(event, "alert 1 sms", False) for event in ("bounces", "blocked", "leaving")]
    assert noted(any_house) == expected
    watch_reputation(any_house, compared_every=0)
    assert noted(any_house) == expected
    assert state(any_house) is AlertState.RUNNING
    assert all("budget" not in said for said in words(any_house))


@pytest.mark.parametrize(
    ("kind", "counts"),
    [("gone", {SENT: 100, Status.BOUNCED: 50}), ("blocked", {SENT: 100, Status.FAILED: 50})],
)
def test_what_an_alert_paused_for_is_not_told_a_second_time(
    house: House, kind: str, counts: dict[Status, int]
) -> None:
    alert_with(house, counts)
    with house.db.transaction() as session:
        subject = f"alert 1 email {kind}"
        session.add(Alarm(event="alert_paused", subject=subject, number=1, alert_id=1, words="It paused."))
        steer.pause(session, 1)
    assert [event for event, _, _ in noted(house)] == ["alert_paused"]


def test_what_earlier_alerts_are_asked_for_is_looked_at_once_a_minute(house: House) -> None:
    add_list(house)
    alert_with(house, {SENT: 100})
    watch_reputation(house)
    leave_ledger(house, range(1, 30))
    assert noted(house) == []
    watch_reputation(house, compared_every=0)
    assert noted(house) == [("leaving", "alert 1 email", False)]


@pytest.mark.parametrize(("practice", "days_ago"), [(True, 1), (False, 31)])
def test_practice_and_what_is_long_ago_are_no_news(house: House, practice: bool, days_ago: int) -> None:
    alert_with(house, {SENT: 900}, practice=practice, hours_ago=24.0 * days_ago)
    become(house, 1, COMPLAINED, 9)
    assert noted(house) == []


def test_two_alerts_and_two_channels_are_told_apart(house: House) -> None:
    alert_with(house, {SENT: 100})
    alert_with(house, {SENT: 100, COMPLAINED: 5}, channel=Channel.SMS)
    become(house, 1, COMPLAINED, 5)
    subjects: Collection[str] = {subject for _, subject, _ in noted(house)}
    assert subjects == {"alert 1 email grave", "alert 2 sms grave"}
