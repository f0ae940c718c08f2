"""Who may be told, and what staff see of them."""

import json

import pytest
from sqlalchemy import select, text, update
from webhook_desk import WebhookDesk

from dispatcher.db import db_now
from dispatcher.errors import UnknownWebhook, WrongWebhook
from dispatcher.house import House
from dispatcher.models import Webhook, WebhookAlert
from dispatcher.rules.webhooks import Kind
from dispatcher.usecases.webhooks.registering import (
    add_webhook,
    require_webhook,
    view_webhook,
    view_webhooks,
)
from dispatcher.usecases.webhooks.trial import try_webhook

WRONG = [
    ("http://crm.example.org/hooks", "https://"),
    ("ftp://127.0.0.1/hooks", "https://"),
    ("https://user:word@crm.example.org/hooks", "no name and password"),
    ("https://169.254.169.254/latest/meta-data", "no webhook may call"),
    ("https://[fe80::1]/", "no webhook may call"),
    ("https://0.0.0.0/", "no webhook may call"),
    ("crm.example.org", "isn't an address"),
    ("https:///hooks", "isn't an address"),
    ("https://crm.example.org:0/", "isn't an address"),
    ("https://crm.example.org:port/", "isn't an address"),
    ("https://crm.example.org/\n", "isn't an address"),
    ("https://crm.example.org/ hooks", "isn't an address"),
    ("https://crm.example.org/" + "x" * 2000, "isn't an address"),
]


@pytest.mark.parametrize(("url", "words"), WRONG)
def test_an_address_that_cannot_be_a_receiver_is_refused_without_being_repeated(
    house: House, url: str, words: str
) -> None:
    with house.db.transaction() as session, pytest.raises(WrongWebhook, match=words) as refused:
        add_webhook(session, url, set(Kind))
    assert "latest" not in str(refused.value)
    assert "word@" not in str(refused.value)


@pytest.mark.parametrize("batch", [0, 101])
def test_a_post_has_one_to_a_hundred_events(house: House, batch: int) -> None:
    with house.db.transaction() as session, pytest.raises(WrongWebhook, match="1 to 100"):
        add_webhook(session, "https://203.0.113.7/hooks", set(Kind), batch)


def test_the_secret_and_the_address_are_not_in_a_copy_of_the_database(desk: WebhookDesk) -> None:
    with desk.house.db.reading() as session:
        stored = session.execute(text("SELECT url, secret FROM webhooks")).one()
        shown = view_webhook(session, desk.number)
    assert all(b"a-secret" not in column and b"whsec" not in column for column in stored)
    told = json.dumps(shown.as_json())
    assert shown.host == "127.0.0.1"
    assert "a-secret" not in told
    assert desk.crm.secret not in told
    assert "whsec" not in repr(desk.hook())


def test_what_staff_see_says_how_it_goes(desk: WebhookDesk) -> None:
    desk.crm.answer(500)
    desk.log(1, 2)
    desk.turn()
    with desk.house.db.reading() as session:
        (shown,) = view_webhooks(session)
    assert (shown.told, shown.waiting, shown.failures, shown.state) == (0, 2, 1, "failing")
    assert shown.answers == (("500", 1),)
    assert shown.as_json()["told_at"] is None
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).values(disabled_at=db_now(), failures=0))
        assert view_webhook(session, desk.number).state == "switched off"


def test_who_is_not_there_is_not_there(house: House) -> None:
    for number in (1, 2**31):
        with house.db.reading() as session, pytest.raises(UnknownWebhook):
            require_webhook(session, number)


def test_after_a_while_without_webhooks_alerts_are_looked_at_anew(desk: WebhookDesk) -> None:
    alert = desk.alert()
    desk.turn()
    with desk.house.db.transaction() as session:
        session.execute(update(WebhookAlert).values(state="paused"))
        session.execute(update(Webhook).values(disabled_at=db_now()))
    desk.add()
    with desk.house.db.reading() as session:
        assert session.scalars(select(WebhookAlert.alert_id)).all() == []
    desk.turn()
    with desk.house.db.reading() as session:
        assert session.get_one(WebhookAlert, alert).state == "running"


@pytest.mark.parametrize("batch", [1, 50])
def test_a_test_event_is_told_at_once_and_never_again(desk: WebhookDesk, batch: int) -> None:
    number = desk.add(batch=batch)
    posted = try_webhook(desk.house, number)
    assert (posted.problem, posted.status) == ("", 200)
    (got,) = desk.crm.took
    first = got.about["events"][0] if batch > 1 else got.body
    assert (first["type"], first["data"]) == ("webhook.test", {"webhook": number})
    desk.crm.answer(500)
    assert try_webhook(desk.house, number).problem == "127.0.0.1 answered 500"
    assert desk.waiting() == []


def test_a_test_event_does_not_go_where_nothing_goes(desk: WebhookDesk) -> None:
    with desk.house.db.transaction() as session:
        session.execute(update(Webhook).values(url="http://169.254.169.254/"))
    assert "no webhook may call" in try_webhook(desk.house, desk.number).problem
