"""What there is to tell is found in what is written anyway, once, and never stepped over."""

from datetime import UTC, datetime

import pytest
from people import add_list, add_person, suppress_person
from sqlalchemy import insert, select, update
from webhook_desk import WebhookDesk

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import (
    Action,
    Alert,
    Campaign,
    DeliveryLogEntry,
    Reply,
    Webhook,
    WebhookCursor,
)
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.moves import Status
from dispatcher.rules.webhooks import Kind
from dispatcher.usecases.forget import forget
from dispatcher.usecases.webhooks.following import anybody_follows, has_unfollowed
from dispatcher.usecases.webhooks.registering import remove_webhook
from dispatcher.usecases.webhooks.sources import SOURCES, Source
from dispatcher.usecases.webhooks.turn import anything_untold, take_turn, webhooks_wait
from fakes.receiver import Receiver


def test_what_became_of_a_message_is_told_by_numbers_alone(desk: WebhookDesk) -> None:
    add_list(desk.house)
    person = add_person(desk.house, email="rosa@example.org", first_name="Rosa")
    alert = desk.alert(practice=True)
    message = desk.message(alert, person)
    desk.log(message, status=Status.DELIVERED)
    desk.turn()
    (got,) = [one for one in desk.crm.took if one.kind == "message.delivered"]
    assert got.about == {
        "message": message,
        "alert": alert,
        "campaign": 1,
        "channel": "email",
        "subscriber": None,  # the line of the log says it, and this one doesn't
        "status": "delivered",
        "language": "es",
        "practice": True,
    }
    assert got.body["timestamp"].endswith("Z")
    assert desk.waiting() == []


def test_each_status_that_matters_has_its_kind_and_others_are_not_told(desk: WebhookDesk) -> None:
    desk.alert()
    for status in Status:
        desk.log(7, status=status)
    desk.follow()
    told = {one.kind for one in desk.waiting() if one.kind.startswith("message.")}
    assert told == {str(kind) for kind in Kind if kind.startswith("message.")}


def test_of_a_mixed_alert_the_channel_that_only_practised_says_so(desk: WebhookDesk) -> None:
    alert = desk.alert()
    with desk.house.db.transaction() as session:
        session.execute(update(Alert).where(Alert.id == alert).values(practice_channels="email"))
    desk.log(7)
    desk.turn()
    assert [one.about["practice"] for one in desk.crm.took if one.kind == "message.sent"] == [True]


def test_pages_follow_each_other_without_a_row_twice_or_left_out(desk: WebhookDesk) -> None:
    with desk.house.db.transaction() as session:  # many lines of the very same moment
        lines = desk.lines(range(1, 8)) + desk.lines(range(8, 11), seconds=-0.5)
        session.execute(insert(DeliveryLogEntry), lines)
    rounds = 1
    while desk.follow(at_most=3):
        rounds += 1
    assert rounds == 4
    desk.tell()
    assert [one.about["message"] for one in desk.crm.took] == list(range(1, 11))
    desk.turn()
    assert len(desk.crm.took) == 10


def test_every_table_is_followed_from_page_to_page(any_desk: WebhookDesk) -> None:
    """A cursor remembers a key of any kind: numbers, bytes, moments, words."""
    house = any_desk.house
    add_list(house)
    people = [add_person(house, email=f"p{nth}@example.org") for nth in range(4)]
    with house.db.transaction() as session:
        session.add(Campaign(slug="daca", title="DACA", level="federal"))
        session.flush()
        for person in people:
            row = {"campaign_id": 1, "subscriber_id": person, "at": datetime(2026, 1, 2, tzinfo=UTC)}
            session.add(Action(**row, how=ActionHow.REPORTED))
            of = {"channel": Channel.EMAIL, "address_key": b"k" * 16, "subscriber_id": person}
            session.add(Reply(tier=Tier.LOOK, language="es", words="Sí", **of))
    for person in people:
        suppress_person(house, person, Channel.EMAIL)
    any_desk.log(1, 2, 3, 4)
    while any_desk.follow(at_most=1):
        pass
    any_desk.tell()
    each = {kind: any_desk.crm.kinds.count(kind) for kind in set(any_desk.crm.kinds)}
    assert each == {
        "subscriber.joined": 4,
        "action.recorded": 4,
        "reply.received": 4,
        "subscriber.suppressed": 4,
        "message.sent": 4,
    }
    acts = [one.about for one in any_desk.crm.took if one.kind == "action.recorded"]
    assert acts[0] == {
        "subscriber": people[0],
        "campaign": 1,
        "how": "reported",
        "acted_at": "2026-01-02T00:00:00+00:00",
    }


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_each_table_has_an_index_that_begins_with_its_time(source: Source) -> None:
    """Else looking for news would read whole tables, each second."""
    (table,) = {column.property.columns[0].table for column in source.key}
    first = [next(iter(index.columns)).name for index in table.indexes]
    assert source.key[0].key in [*first, next(iter(table.primary_key.columns)).name]


def test_who_joins_leaves_is_suppressed_or_forgotten_is_told_by_number(any_desk: WebhookDesk) -> None:
    house = any_desk.house
    number = add_list(house, sensitive=True)
    person = add_person(house, email="rosa@example.org", phone="312-555-0142")
    family = add_person(house, phone="312-555-0142", channels=[Channel.SMS])
    suppress_person(house, person, Channel.SMS)
    any_desk.turn()
    told = [(one.kind, one.about) for one in any_desk.crm.took]
    assert ("subscriber.joined", _joined(person, number, "email")) in told
    stopped = [about["subscriber"] for kind, about in told if kind == "subscriber.suppressed"]
    assert sorted(stopped) == [person, family]
    any_desk.crm.took.clear()
    with house.db.transaction() as session:
        forget(session, house.keys, str(person))
    any_desk.turn()
    gone = {one.kind: one.about.get("subscriber") for one in any_desk.crm.took}
    assert gone["subscriber.left"] == gone["subscriber.forgotten"] == person
    assert not any(word in one.raw for one in any_desk.crm.took for word in (b"rosa", b"312", b"daca"))


def _joined(person: int, number: int, channel: str) -> dict[str, object]:
    return {"subscriber": person, "list": number, "channel": channel, "act": "joined"}


def test_forgetting_takes_along_what_waits_about_a_person(desk: WebhookDesk) -> None:
    add_list(desk.house)
    person = add_person(desk.house, email="rosa@example.org")
    desk.follow()
    assert [one.subscriber_id for one in desk.waiting()] == [person]
    with desk.house.db.transaction() as session:
        forget(session, desk.house.keys, str(person))
    assert desk.waiting() == []


def test_a_receiver_is_told_of_its_kinds_alone_and_of_nothing_before_it_was_there(
    house: House, crm: Receiver
) -> None:
    desk = WebhookDesk(house, crm)
    narrow = desk.add([Kind.MESSAGE_BOUNCED], begun=-5)
    desk.log(1, status=Status.BOUNCED, seconds=-10)
    desk.log(2, status=Status.BOUNCED)
    desk.log(3)
    desk.follow()
    rows = {(one.webhook_id, one.kind, "2" in one.about) for one in desk.waiting()}
    assert rows == {
        (desk.number, "message.bounced", False),
        (desk.number, "message.bounced", True),
        (narrow, "message.bounced", True),
        (desk.number, "message.sent", False),
    }


def test_without_a_webhook_nothing_is_followed(desk: WebhookDesk) -> None:
    with desk.house.db.transaction() as session:
        remove_webhook(session, desk.number)
    desk.log(1)
    assert not desk.follow()
    assert not webhooks_wait(desk.house)
    assert not anything_untold(desk.house)
    with desk.house.db.reading() as session:
        assert not anybody_follows(session)
        assert session.get(WebhookCursor, "delivery_log") is None


def test_what_is_too_new_is_left_for_a_moment_and_is_still_to_be_told(desk: WebhookDesk) -> None:
    assert not anything_untold(desk.house)
    desk.log(1)
    desk.follow(lag=5.0)
    assert desk.waiting() == []
    assert anything_untold(desk.house)
    desk.follow()
    assert anything_untold(desk.house)
    assert len(desk.waiting()) == 1


def test_a_cursor_without_news_is_moved_now_and_then(desk: WebhookDesk) -> None:
    with desk.house.db.transaction() as session:
        old = session.scalars(select(db_now(-3000))).one()
        session.add(WebhookCursor(followed="delivery_log", at=old, last=""))
        session.execute(update(Webhook).values(begins_at=db_now(-4000)))
    desk.log(1, status=Status.QUEUED, seconds=-10)
    assert not has_unfollowed(desk.house)
    desk.follow()
    with desk.house.db.reading() as session:
        assert session.get_one(WebhookCursor, "delivery_log").at > old


def test_a_turn_finds_and_tells(desk: WebhookDesk) -> None:
    desk.log(1)
    assert webhooks_wait(desk.house)
    assert not take_turn(desk.house, lambda: False, 5.0, lag=0.0)
    assert desk.crm.kinds == ["message.sent"]


def test_what_happened_while_no_worker_ran_is_told_later(desk: WebhookDesk) -> None:
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).values(begins_at=db_now(-7200)))
    desk.log(1, seconds=-7000)
    desk.turn()
    assert len(desk.crm.took) == 1
