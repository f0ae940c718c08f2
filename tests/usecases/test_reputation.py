"""What is wrong with an alert by what came back of it, on real rows."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from came_back import add_messages, alert_with, become, leave_ledger
from people import add_list
from sqlalchemy import update

from dispatcher.house import House
from dispatcher.models import Alert
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.reputation import concerns, young_alerts
from dispatcher.usecases.retention.totals import write_totals

EMAIL, SMS = Channel.EMAIL, Channel.SMS
DELIVERED, SENT = Status.DELIVERED, Status.SENT
FILTERED = "twilio 30007"


def found(
    house: House,
    alert_id: int = 1,
    channel: Channel = EMAIL,
    *,
    compared: bool = True,
    but_for: Collection[Event] = (),
) -> list[tuple[Event, int, int]]:
    """Each concern with its numbers."""
    with house.db.reading() as session:
        alert = session.get_one(Alert, alert_id)
        looked = concerns(session, alert, channel, compared=compared, but_for=but_for)
        return [(one.event, one.number, one.of) for one in looked]


def grave(house: House, alert_id: int = 1) -> bool:
    with house.db.reading() as session:
        return any(one.grave for one in concerns(session, session.get_one(Alert, alert_id), EMAIL))


@pytest.mark.parametrize(
    ("complained", "arrived", "warned", "is_grave"),
    [
        (2, 10, False, False),  # two people, whatever their share
        (3, 3000, False, False),  # 0.1%
        (3, 2999, True, False),
        (3, 1000, True, False),  # 0.3%
        (3, 999, True, True),
    ],
)
def test_complaints_are_a_share_of_what_arrived(
    house: House, complained: int, arrived: int, warned: bool, is_grave: bool
) -> None:
    delivered = (arrived - complained) // 2
    counts = {DELIVERED: delivered, SENT: arrived - complained - delivered, Status.COMPLAINED: complained}
    others = {Status.QUEUED: 5, Status.SKIPPED: 5, Status.BOUNCED: 5}
    alert_with(house, counts | others, hours_ago=0.5)
    assert found(house) == ([(Event.COMPLAINTS, complained, arrived)] if warned else [])
    assert grave(house) is is_grave


def test_who_resumed_knew_of_the_complaints_until_then(any_house: House) -> None:
    alert_id = alert_with(any_house, {DELIVERED: 900})
    become(any_house, alert_id, Status.COMPLAINED, 3, seconds_ago=60)
    assert grave(any_house)
    with any_house.db.transaction() as session:
        session.execute(update(Alert).values(resumed_at=any_house.db.now() - timedelta(seconds=30)))
    assert found(any_house) == [(Event.COMPLAINTS, 3, 900)]
    assert not grave(any_house)
    become(any_house, alert_id, Status.COMPLAINED, 2)
    assert not grave(any_house)
    become(any_house, alert_id, Status.COMPLAINED, 1)
    assert (grave(any_house), found(any_house)) == (True, [(Event.COMPLAINTS, 3, 900)])


@pytest.mark.parametrize(
    ("bounced", "tried", "told"), [(9, 20, False), (10, 200, False), (10, 199, True), (11, 219, True)]
)
def test_bounces_are_a_share_of_what_was_tried(house: House, bounced: int, tried: int, told: bool) -> None:
    alert_with(house, {SENT: tried - bounced - 5, Status.FAILED: 5, Status.BOUNCED: bounced})
    assert found(house) == ([(Event.BOUNCES, bounced, tried)] if told else [])


@pytest.mark.parametrize(("blocked", "tried", "told"), [(4, 10, False), (5, 200, False), (5, 199, True)])
def test_filtered_texts_are_a_share_of_what_was_tried(
    any_house: House, blocked: int, tried: int, told: bool
) -> None:
    counts = {Status.FAILED: blocked, SENT: tried - blocked - 3}
    alert_id = alert_with(any_house, counts, channel=SMS, error=FILTERED)
    add_messages(any_house, alert_id, {Status.FAILED: 3}, channel=SMS, error="twilio 30003")  # a phone is off
    assert found(any_house, channel=SMS) == ([(Event.BLOCKED, blocked, tried)] if told else [])


def test_a_full_mailbox_is_no_refusal_of_us(house: House) -> None:
    alert_id = alert_with(house, {SENT: 80, Status.FAILED: 20}, error="smtp 5.2.2")
    assert found(house) == []
    add_messages(house, alert_id, {Status.FAILED: 10}, error="smtp 5.7.1")
    assert found(house) == [(Event.BLOCKED, 10, 110)]


@pytest.mark.parametrize(
    ("missing", "of", "told"), [(19, 20, False), (20, 200, False), (20, 199, True), (30, 299, True)]
)
def test_less_than_nine_in_ten_emails_delivered_is_told_where_nothing_is_usual(
    house: House, missing: int, of: int, told: bool
) -> None:
    alert_with(house, {SENT: missing, DELIVERED: of - missing})
    assert found(house) == ([(Event.NOT_DELIVERED, missing, of)] if told else [])


@pytest.mark.parametrize(
    ("counts", "hours_ago"),
    [
        ({SENT: 100, DELIVERED: 100}, 0.9),  # callbacks are on their way
        ({SENT: 200}, 2.0),  # the provider tells nothing at all
        ({SENT: 2000, Status.COMPLAINED: 2}, 2.0),  # or only that
    ],
)
def test_silence_is_no_failure_to_deliver(house: House, counts: dict[Status, int], hours_ago: float) -> None:
    alert_with(house, counts, hours_ago=hours_ago)
    assert found(house) == []


def test_what_no_worker_has_taken_can_not_have_arrived(house: House) -> None:
    alert_with(house, {SENT: 100, DELIVERED: 100})
    with house.db.transaction() as session:
        session.execute(update(Alert).values(email_served_at=None))
    assert found(house) == []


def test_delivery_is_compared_with_the_channels_earlier_alerts(any_house: House) -> None:
    for nth, slug in enumerate(("rents", "budget", "rents", "budget")):
        alert_with(any_house, {DELIVERED: 70, SENT: 30}, hours_ago=100 - nth, slug=slug)
    alert_with(any_house, {SENT: 100, Status.COMPLAINED: 1}, hours_ago=90)  # nobody told of the others
    alert_with(any_house, {DELIVERED: 60, SENT: 40})  # ten points less than usual
    assert found(any_house, 6) == []
    alert_with(any_house, {DELIVERED: 59, SENT: 41})
    assert found(any_house, 7) == [(Event.NOT_DELIVERED, 41, 100)]


def test_of_closed_alerts_what_is_kept_says_what_is_usual(any_house: House) -> None:
    for nth in range(3):
        alert_with(any_house, {DELIVERED: 60, SENT: 40}, hours_ago=100 - nth)
    with any_house.db.transaction() as session:
        for alert_id in (1, 2, 3):
            write_totals(session, alert_id, sensitive=True)
        session.execute(update(Alert).values(state=AlertState.CLOSED))
    alert_with(any_house, {DELIVERED: 60, SENT: 40})
    assert found(any_house, 4) == []


def test_few_messages_and_practice_say_nothing_of_what_is_usual(house: House) -> None:
    for nth in range(3):
        alert_with(house, {DELIVERED: 60, SENT: 39}, hours_ago=100 - nth)
        alert_with(house, {DELIVERED: 60, SENT: 40}, hours_ago=100 - nth, practice=True)
    alert_with(house, {DELIVERED: 60, SENT: 40})
    assert found(house, 7) == [(Event.NOT_DELIVERED, 40, 100)]


def test_what_bounces_or_is_filtered_explains_what_is_not_delivered(house: House) -> None:
    alert_with(house, {DELIVERED: 100, Status.BOUNCED: 30})
    assert [event for event, _, _ in found(house)] == [Event.BOUNCES]
    assert found(house, but_for={Event.BOUNCES}) == []
    assert found(house, but_for={Event.NOT_DELIVERED, Event.BOUNCES}) == []


@pytest.mark.parametrize(
    ("left", "arrived", "told"), [(4, 50, False), (5, 250, False), (5, 249, True), (6, 250, True)]
)
def test_over_two_in_a_hundred_who_text_stop_are_told_where_nothing_is_usual(
    house: House, left: int, arrived: int, told: bool
) -> None:
    add_list(house)
    alert_with(house, {SENT: arrived, Status.BOUNCED: 9}, channel=SMS)
    leave_ledger(house, range(1, left + 1), channel=SMS)
    assert found(house, channel=SMS) == ([(Event.LEAVING, left, arrived)] if told else [])


def three_texts_that_some_left(house: House) -> None:
    """Three alerts of texts, of each of which 3% left."""
    add_list(house)
    for hours_ago in (100.0, 90.0, 80.0):
        alert_with(house, {SENT: 100}, channel=SMS, hours_ago=hours_ago)
        leave_ledger(house, (1, 2, 3), channel=SMS, hours_ago=hours_ago - 5)


def test_who_leaves_is_compared_with_the_channels_earlier_alerts(any_house: House) -> None:
    three_texts_that_some_left(any_house)
    alert_with(any_house, {SENT: 99}, channel=SMS, hours_ago=50)  # too few to say what is usual
    alert_with(any_house, {SENT: 100}, channel=SMS)
    leave_ledger(any_house, range(1, 7), channel=SMS)
    assert found(any_house, 5, SMS) == []
    leave_ledger(any_house, [7], channel=SMS)
    assert found(any_house, 5, SMS) == [(Event.LEAVING, 7, 100)]


def test_of_closed_alerts_nobody_knows_who_left(house: House) -> None:
    three_texts_that_some_left(house)
    alert_with(house, {SENT: 100}, channel=SMS)
    leave_ledger(house, range(1, 6), channel=SMS)
    assert found(house, 4, SMS) == []
    with house.db.transaction() as session:
        session.get_one(Alert, 1).state = AlertState.CLOSED
    assert found(house, 4, SMS) == [(Event.LEAVING, 5, 100)]  # two don't say what is usual


def test_what_is_known_is_not_looked_at_again_but_for_what_pauses(house: House) -> None:
    add_list(house)
    alert_id = alert_with(house, {SENT: 200, Status.BOUNCED: 30})
    become(house, alert_id, Status.COMPLAINED, 3, seconds_ago=60)
    leave_ledger(house, range(4, 40))
    every = {Event.COMPLAINTS, Event.BOUNCES, Event.LEAVING}
    assert {event for event, _, _ in found(house)} == every
    assert [event for event, _, _ in found(house, compared=False)] == [Event.COMPLAINTS, Event.BOUNCES]
    assert [event for event, _, _ in found(house, but_for=every)] == [Event.COMPLAINTS]
    with house.db.transaction() as session:
        session.execute(update(Alert).values(resumed_at=house.db.now()))
    assert found(house, but_for=every) == []


def test_real_alerts_of_a_month_are_looked_at(any_house: House) -> None:
    day = 24.0
    for given in (
        {"hours_ago": 1},
        {"hours_ago": 29 * day},
        {"hours_ago": 31 * day},
        {"practice": True},
        {"practice_channels": "email"},
        {"state": AlertState.CLOSED},
        {"laid_out_at": None},
        {"state": AlertState.PAUSED, "hours_ago": 3},
        {"channel": SMS},
    ):
        alert_with(any_house, {SENT: 1}, **given)
    with any_house.db.reading() as session:
        assert [alert.id for alert in young_alerts(session, EMAIL)] == [1, 8, 2]
        assert [alert.id for alert in young_alerts(session, SMS)] == [9]
