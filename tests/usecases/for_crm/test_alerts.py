"""Alerts and their logs, page by page, as a CRM reads them."""

from collections.abc import Iterator
from typing import Any

import pytest
from people import add_list
from sqlalchemy import insert, select, update
from webhook_desk import WebhookDesk

from dispatcher.db import db_now
from dispatcher.errors import UnknownAlert
from dispatcher.house import House
from dispatcher.models import Alert, DeliveryLogEntry
from dispatcher.rules.moves import Status
from dispatcher.rules.prices import Prices
from dispatcher.usecases.for_crm.alerts import alert_seen, alerts_page, log_page
from dispatcher.usecases.read_log import read_log
from fakes.receiver import Receiver


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def desk(house: House, crm: Receiver) -> WebhookDesk:
    return WebhookDesk(house, crm)


@pytest.fixture
def any_desk(any_house: House, crm: Receiver) -> WebhookDesk:
    return WebhookDesk(any_house, crm)


def pages(desk: WebhookDesk, alert: int, limit: int) -> Iterator[list[dict[str, Any]]]:
    after, more = "", True
    while more:
        with desk.house.db.reading() as session:
            page = log_page(desk.house, session, alert, after, limit, named=True, lag=0.0)
        after, more = page.next or "", page.more
        yield page.rows


def test_the_log_is_read_in_pages_as_the_command_writes_it(any_desk: WebhookDesk) -> None:
    alert, other = any_desk.alert(), any_desk.alert()
    any_desk.log(1, 2, 3, alert=alert)
    any_desk.log(1, alert=alert, status=Status.DELIVERED, seconds=-0.5)
    any_desk.log(9, alert=other)
    rows = [row for page in pages(any_desk, alert, 3) for row in page]
    with any_desk.house.db.reading() as session:
        assert rows == list(read_log(session, alert_id=alert))
    assert [row["message"] for row in rows] == [1, 2, 3, 1]


def test_whoever_comes_back_goes_on_where_they_were(desk: WebhookDesk) -> None:
    alert = desk.alert()
    with desk.house.db.reading() as session:
        empty = log_page(desk.house, session, alert, "", 10, named=True, lag=0.0)
    assert (empty.rows, empty.next, empty.more) == ([], None, False)
    desk.log(1, alert=alert)
    with desk.house.db.reading() as session:
        first = log_page(desk.house, session, alert, "", 10, named=True, lag=0.0)
        again = log_page(desk.house, session, alert, first.next or "", 10, named=True, lag=0.0)
    assert (len(first.rows), again.rows, again.next) == (1, [], first.next)
    desk.log(2, alert=alert, seconds=-0.2)
    with desk.house.db.reading() as session:
        later = log_page(desk.house, session, alert, again.next or "", 10, named=True, lag=0.0)
    assert [row["message"] for row in later.rows] == [2]


def test_the_newest_seconds_are_not_told_yet(desk: WebhookDesk) -> None:
    alert = desk.alert()
    with desk.house.db.transaction() as session:
        at = session.scalars(select(db_now())).one()
        session.execute(
            insert(DeliveryLogEntry), [line | {"at": at} for line in desk.lines([1], alert=alert)]
        )
    with desk.house.db.reading() as session:
        assert log_page(desk.house, session, alert, "", 10, named=True).rows == []


WRONG = ["x", "%", "W10", "bnVsbA", "WyIyMDI2IiwgMSwgInNlbnQiXQ", "WyIyMDI2LTAxLTAxIiwgIngiLCAic2VudCJd"]


@pytest.mark.parametrize("after", [*WRONG, "WyIyMDI2LTAxLTAxIiwgMSwgIm5vbmUiXQ", "é"])
def test_a_cursor_that_was_made_up_is_no_cursor(desk: WebhookDesk, after: str) -> None:
    alert = desk.alert()
    with desk.house.db.reading() as session, pytest.raises(ValueError, match=r"."):
        log_page(desk.house, session, alert, after, 10, named=True)


def test_alerts_are_read_newest_first_and_new_ones_disturb_no_page(desk: WebhookDesk) -> None:
    numbers = [desk.alert() for _ in range(3)]
    with desk.house.db.reading() as session:
        first = alerts_page(session, None, 2, named=False)
    desk.alert()
    with desk.house.db.reading() as session:
        second = alerts_page(session, int(first.next or 0), 2, named=False)
    assert [row["alert"] for row in first.rows + second.rows] == numbers[::-1]
    assert (first.more, second.more, second.next) == (True, False, None)


def test_of_a_sensitive_alert_a_number_is_told_unless_names_may_be(desk: WebhookDesk) -> None:
    house, alert = desk.house, desk.alert()
    add_list(house, "quiet", "Quiet", sensitive=True)
    with house.db.transaction() as session:
        found = session.get_one(Alert, alert)
        found.audience = '{"lists": ["quiet"], "segments": [{"text": "list = quiet"}]}'
        found.state_reason = "too many of quiet bounce"
    with house.db.reading() as session:
        hidden = alert_seen(session, Prices(), alert, named=False)
        shown = alert_seen(session, Prices(), alert, named=True)
    assert (hidden["campaign"], hidden["name"], hidden["reason"], hidden["segments"]) == (
        None,
        None,
        None,
        [],
    )
    assert hidden["sensitive"]
    assert hidden["campaign_number"] == 1
    assert (shown["campaign"], shown["segments"]) == ("daca-0", ["list = quiet"])


def test_a_sensitive_alerts_log_names_nobody_unless_it_may(desk: WebhookDesk) -> None:
    house, alert, other = desk.house, desk.alert(), desk.alert()
    add_list(house, "quiet", "Quiet", sensitive=True)
    with house.db.transaction() as session:
        session.get_one(Alert, alert).audience = '{"lists": ["quiet"]}'
    for one in (alert, other):
        desk.log(1, alert=one)
    with house.db.transaction() as session:
        session.execute(update(DeliveryLogEntry).values(subscriber_id=7))
    with house.db.reading() as session:
        (hidden,), (shown,), (of_other,) = (
            log_page(house, session, one, "", 10, named=named, lag=0.0).rows
            for one, named in ((alert, False), (alert, True), (other, False))
        )
    assert hidden == shown | {"subscriber": None}
    assert (shown["subscriber"], of_other["subscriber"]) == (7, 7)


def test_an_alert_that_is_not_there_is_said_so(house: House) -> None:
    with house.db.reading() as session, pytest.raises(UnknownAlert):
        log_page(house, session, 7, "", 10, named=True)
