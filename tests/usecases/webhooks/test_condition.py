"""What doctor says of webhooks, and what was not looked at yet but waits all the same."""

from sqlalchemy import update
from webhook_desk import WebhookDesk

from dispatcher.db import db_now
from dispatcher.embedded import Embedded
from dispatcher.house import House
from dispatcher.models import Webhook, WebhookAlert
from dispatcher.rules.webhooks import Kind
from dispatcher.usecases.webhooks.condition import webhooks_condition
from dispatcher.usecases.webhooks.following import unfollowed
from dispatcher.usecases.webhooks.registering import WebhookView, view_webhook


def viewed(desk: WebhookDesk, number: int = 0) -> WebhookView:
    with desk.house.db.reading() as session:
        return view_webhook(session, number or desk.number)


def test_nobody_is_told_anything(house: House) -> None:
    found = webhooks_condition(house)
    assert (found.ok, found.words) == (None, "none: no other program is told what happens.")


def test_what_no_worker_has_looked_at_yet_waits_all_the_same(any_desk: WebhookDesk) -> None:
    alert = any_desk.alert()
    any_desk.log(any_desk.message(alert), any_desk.message(alert))
    shown = viewed(any_desk)
    assert (shown.waiting, shown.unread, shown.more_unread) == (0, 3, False)
    assert shown.oldest_at is not None
    assert shown.as_json()["unread"] == 3
    others = any_desk.add([Kind.REPLY_RECEIVED])
    assert viewed(any_desk, others).unread == 0
    any_desk.follow()
    shown = viewed(any_desk)
    assert (shown.waiting, shown.unread) == (3, 0)


def test_a_page_of_it_is_counted_and_nothing_is_remembered(desk: WebhookDesk) -> None:
    desk.alert()
    desk.log(1, 2, 3)
    for _ in range(2):
        with desk.house.db.reading() as session:
            found, more = unfollowed(session, desk.hook(), at_most=2)
            assert session.query(WebhookAlert).count() == 0
        assert ([one.kind for one in found], more) == (["alert.opened", "message.sent", "message.sent"], True)


def test_events_that_nobody_tells_are_told_by_doctor(desk: WebhookDesk) -> None:
    assert webhooks_condition(desk.house).ok is True
    desk.log(1)
    found = webhooks_condition(desk.house)
    assert (found.ok, found.words) == (None, "1 told; 1 events wait, and no worker is alive to tell them.")
    assert "dispatch worker" in found.mend
    with Embedded(desk.house.settings) as embedded:
        embedded.begin_work()
        assert webhooks_condition(desk.house).ok is True


def test_waiting_for_long_is_wrong(desk: WebhookDesk) -> None:
    number = desk.add(begun=-3600.0)
    desk.log(1, seconds=-700.0)
    assert viewed(desk, number).unread == 1
    found = webhooks_condition(desk.house)
    assert (found.ok, "more than ten minutes" in found.words) == (False, True)


def test_who_takes_nothing_is_named(desk: WebhookDesk) -> None:
    desk.crm.answer(500)
    desk.log(1)
    desk.turn()
    failing = webhooks_condition(desk.house)
    assert (failing.ok, failing.words) == (None, "webhook 1 doesn't take what it is told.")
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).values(disabled_at=db_now()))
    off = webhooks_condition(desk.house)
    assert (off.ok, "dispatch webhooks retry 1" in off.mend) == (False, True)
    desk.log(2)
    assert viewed(desk).unread == 0
