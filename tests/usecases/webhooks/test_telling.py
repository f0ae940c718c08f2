"""Receivers are told until they take it, at least once, under the same id; and left in peace in between."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from webhook_desk import WebhookDesk

from dispatcher.channels.webhook import Posted, Poster
from dispatcher.db import db_now
from dispatcher.models import Alarm, Webhook, WebhookDelivery
from dispatcher.rules.webhooks import TRIED_FOR
from dispatcher.usecases.webhooks import telling
from dispatcher.usecases.webhooks.registering import (
    change_secret,
    remove_webhook,
    retry_webhook,
    view_webhook,
)
from dispatcher.usecases.webhooks.telling import Told, claim_some, note, tell
from dispatcher.usecases.webhooks.turn import anything_untold


def retry(desk: WebhookDesk) -> int:
    with desk.house.db.transaction() as session:
        return retry_webhook(session, desk.number)


def change(desk: WebhookDesk, **values: Any) -> None:
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).values(**values))


def test_what_was_not_taken_is_told_again_under_the_same_id(desk: WebhookDesk) -> None:
    desk.crm.answer(503, 302)
    desk.log(1)
    for _ in range(3):
        desk.turn()
        desk.rest_over()
    first, second = desk.crm.refused
    (taken,) = desk.crm.took
    assert first.name == second.name == taken.name
    assert first.raw == taken.raw
    assert desk.waiting() == []
    hook = desk.hook()
    assert (hook.told, hook.failures, hook.failing_since) == (1, 0, None)


def test_a_receiver_that_fails_is_left_in_peace_and_then_told_in_order(desk: WebhookDesk) -> None:
    desk.crm.answer(500)
    desk.log(1)
    desk.log(2)
    desk.turn()
    assert (len(desk.crm.refused), desk.crm.took) == (1, [])
    assert not desk.tell()
    hook = desk.hook()
    assert hook.rest_until is not None
    assert hook.failing_since is not None
    desk.rest_over()
    desk.tell()
    assert len(desk.crm.took) == 2


def test_an_event_that_is_refused_again_and_again_holds_up_nothing_else(desk: WebhookDesk) -> None:
    desk.crm.answer(422)
    desk.log(1)
    desk.log(2)
    desk.turn()
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).values(rest_until=None))
    desk.tell()
    assert [one.about["message"] for one in desk.crm.took] == [2]
    (waits,) = desk.waiting()
    assert (waits.answer, waits.tries) == ("422", 1)


def test_once_a_receiver_is_back_what_it_missed_is_not_left_waiting_for_hours(desk: WebhookDesk) -> None:
    desk.log(1)
    desk.turn()
    change(desk, failures=4, failing_since=db_now(-3600))
    desk.log(2, 3, seconds=0.0)
    while len(desk.waiting()) < 2:  # on SQLite the next millisecond must have begun
        desk.follow()
    with desk.house.db.transaction() as session:
        later = {"due_at": db_now(7200), "tries": 3}
        session.execute(update(WebhookDelivery).where(WebhookDelivery.about.contains(":2,")).values(later))
    desk.tell()
    assert sorted(one.about["message"] for one in desk.crm.took) == [1, 2, 3]


def test_a_worker_that_dies_between_the_post_and_the_note_tells_it_again(any_desk: WebhookDesk) -> None:
    any_desk.log(1)
    any_desk.follow()
    lost = claim_some(any_desk.house)
    assert lost is not None
    with Poster() as poster:
        telling.post_signed(poster, lost, lost.parcels[0])  # and here it dies
    assert claim_some(any_desk.house) is None  # nobody else, while it may be alive
    any_desk.tell()
    assert len(any_desk.crm.took) == 1
    change(any_desk, lease_until=db_now(-1))
    any_desk.tell()
    assert [one.name for one in any_desk.crm.took] == [lost.parcels[0].name] * 2
    assert any_desk.waiting() == []


def test_a_batch_is_one_post_and_stays_the_same_one(any_desk: WebhookDesk) -> None:
    change(any_desk, batch=3)
    any_desk.log(*range(1, 8))
    any_desk.follow()
    any_desk.crm.answer(500)
    any_desk.tell()
    any_desk.log(*range(8, 10), seconds=-0.5)
    any_desk.rest_over()
    any_desk.tell()
    assert any_desk.crm.took[0].name == any_desk.crm.refused[0].name
    assert any_desk.crm.took[0].raw == any_desk.crm.refused[0].raw
    assert any_desk.crm.kinds == ["batch"] * 3
    events = [event for one in any_desk.crm.took for event in one.about["events"]]
    assert [event["data"]["message"] for event in events] == list(range(1, 8))
    assert len({event["id"] for event in events}) == 7
    assert set(events[0]) == {"id", "type", "timestamp", "data"}
    assert any_desk.hook().told == 7


def test_many_posts_go_over_one_connection(desk: WebhookDesk) -> None:
    desk.log(*range(1, 31))
    desk.turn()
    assert len(desk.crm.took) == 30
    assert desk.crm.connections == 1


def test_two_receivers_take_turns_and_one_that_fails_holds_up_nobody(desk: WebhookDesk) -> None:
    desk.add()
    desk.log(1)
    desk.turn()
    both = {one.webhook_id: one.answer for one in desk.waiting()}
    assert both == {desk.number: "401"}  # the receiver knows the second one's secret alone
    assert len(desk.crm.took) == 1


def test_a_changed_secret_and_the_old_one_sign_both_for_a_day(desk: WebhookDesk) -> None:
    old = desk.crm.secret
    with desk.house.db.transaction() as session:
        new = change_secret(session, desk.number)
        shown = view_webhook(session, desk.number)
    assert shown.two_secrets_until is not None
    desk.log(1, 2)
    desk.follow()
    claim = claim_some(desk.house)
    assert claim is not None
    with Poster() as poster:
        for desk.crm.secret, parcel in zip((old, new), claim.parcels, strict=True):
            telling.post_signed(poster, claim, parcel)
    assert len(desk.crm.took) == 2
    change(desk, former_until=db_now(-1))
    with desk.house.db.reading() as session:
        assert view_webhook(session, desk.number).two_secrets_until is None


def test_whoever_is_gone_is_told_nothing_more_and_staff_are_told_of_it(desk: WebhookDesk) -> None:
    desk.crm.answer(410)
    desk.log(1)
    desk.turn()
    assert desk.hook().disabled_at is not None
    desk.log(2)
    desk.turn()
    assert len(desk.waiting()) == 1
    assert not anything_untold(desk.house)
    (alarm,) = alarms(desk)
    assert (alarm.event, alarm.subject, alarm.over) == ("webhook_off", "webhook 1", False)
    assert "gone" in alarm.words
    assert "127.0.0.1" not in alarm.words
    assert retry(desk) == 1
    desk.tell()
    assert [one.about["message"] for one in desk.crm.took] == [1]
    assert [one.over for one in alarms(desk)] == [False, True]


def alarms(desk: WebhookDesk) -> list[Alarm]:
    with desk.house.db.reading() as session:
        return list(session.scalars(select(Alarm).order_by(Alarm.id)))


def test_three_days_without_an_answer_are_enough(desk: WebhookDesk) -> None:
    desk.log(1)
    desk.follow()
    change(desk, failures=50, failing_since=db_now(-TRIED_FOR.total_seconds() - 60))
    desk.crm.answer(500)
    desk.tell()
    assert desk.hook().disabled_at is not None
    assert "three days" in alarms(desk)[0].words


def test_one_of_two_that_is_told_again_begins_anew(desk: WebhookDesk) -> None:
    desk.add()
    change(desk, disabled_at=db_now())
    alert = desk.alert()
    retry(desk)
    desk.follow()
    assert desk.waiting() == []  # it was opened while nobody was told
    desk.message(alert)
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).where(Webhook.id != desk.number).values(disabled_at=None))
        session.execute(update(Webhook).where(Webhook.id == desk.number).values(disabled_at=db_now()))
    retry(desk)
    assert desk.hook().disabled_at is None


def test_an_event_that_was_tried_for_three_days_is_given_up_and_can_be_told_again(desk: WebhookDesk) -> None:
    desk.log(1)
    desk.follow()
    with desk.house.db.transaction() as session:
        long_ago = {"found_at": db_now(-TRIED_FOR.total_seconds()), "tries": 9}
        session.execute(update(WebhookDelivery).values(long_ago))
    desk.crm.answer(500)
    desk.tell()
    (given_up,) = desk.waiting()
    assert given_up.due_at is None
    with desk.house.db.reading() as session:
        shown = view_webhook(session, desk.number)
    assert (shown.waiting, shown.given_up, shown.answers) == (0, 1, (("500", 1),))
    retry(desk)
    desk.tell()
    assert len(desk.crm.took) == 1


def test_a_receiver_may_say_how_long_it_wants_peace(desk: WebhookDesk) -> None:
    desk.crm.answer(429)
    desk.crm.retry_after = "900"
    desk.log(1)
    desk.turn()
    rest = desk.hook().rest_until
    assert rest is not None
    assert rest > desk.house.db.now() + timedelta(seconds=800)


def test_who_answers_slowly_is_left_in_peace_for_as_long(desk: WebhookDesk) -> None:
    desk.log(1)
    desk.follow()
    claim = claim_some(desk.house)
    assert claim is not None
    note(desk.house, claim, [Told(claim.parcels[0], Posted("", 200), seconds=8.0)])
    rest = desk.hook().rest_until
    assert rest is not None
    assert rest > desk.house.db.now() + timedelta(seconds=5)


def test_nobody_at_home_is_noted_by_the_kind_of_trouble_alone(desk: WebhookDesk) -> None:
    change(desk, url="http://127.0.0.1:1/hooks/a-secret")
    desk.log(1)
    desk.turn()
    (waits,) = desk.waiting()
    assert waits.answer == "no connection"


def test_an_address_that_no_webhook_may_call_is_not_called(desk: WebhookDesk) -> None:
    change(desk, url="http://169.254.169.254/latest/meta-data")
    desk.log(1)
    desk.turn()
    (waits,) = desk.waiting()
    assert "no webhook may call" in waits.answer


def test_a_receiver_that_is_removed_while_it_is_told_leaves_nothing(desk: WebhookDesk) -> None:
    desk.log(1)
    desk.follow()
    claim = claim_some(desk.house)
    assert claim is not None
    with desk.house.db.transaction() as session:
        assert remove_webhook(session, desk.number) == 1
    note(desk.house, claim, [Told(claim.parcels[0], Posted("", 200))])
    assert desk.waiting() == []


def test_a_worker_that_is_stopped_ends_after_the_post_in_hand(desk: WebhookDesk) -> None:
    desk.log(1, 2, 3)
    desk.follow()
    asked = iter([False, True, True])
    with Poster() as poster:
        assert tell(desk.house, poster, lambda: next(asked), 60.0)
    assert len(desk.crm.took) == 1
    assert len(desk.waiting()) == 2


def test_a_post_says_what_it_is_and_who_signed_it(desk: WebhookDesk) -> None:
    desk.log(1)
    desk.turn()
    (got,) = desk.crm.took
    assert set(got.headers) >= {"webhook-id", "webhook-timestamp", "webhook-signature"}
    assert got.headers["Content-Type"] == "application/json"
