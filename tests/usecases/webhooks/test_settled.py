"""PostgreSQL shows rows when they are committed, not when they were written: none is stepped over."""

from collections.abc import Iterator

import pytest
from conftest import OpenHouse
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session
from webhook_desk import WebhookDesk

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, WebhookCursor
from dispatcher.usecases.webhooks.settled import settled_until
from fakes.receiver import Receiver
from houses import migrate
from servers.postgres import PostgresServer


@pytest.fixture
def postgresql(postgres_house: House, crm: Receiver) -> WebhookDesk:
    return WebhookDesk(postgres_house, crm)


@pytest.fixture
def postgres_house(open_house_with: OpenHouse, postgres: PostgresServer) -> Iterator[House]:
    with postgres.database(postgres.template("migrated", migrate)) as url:
        yield open_house_with(database_url=url)


def lines_now(session: Session, desk: WebhookDesk, message: int) -> list[dict[str, object]]:
    """A line as `usecases.moves` writes it: its moment is one of its own transaction."""
    at = session.scalars(select(db_now())).one()
    return [line | {"at": at} for line in desk.lines([message])]


def test_a_row_that_is_committed_late_is_not_stepped_over(postgresql: WebhookDesk) -> None:
    desk = postgresql
    with desk.house.db.transaction() as late:
        late.execute(insert(DeliveryLogEntry), lines_now(late, desk, 1))
        with desk.house.db.transaction() as soon:  # later by its time, and seen first
            soon.execute(insert(DeliveryLogEntry), lines_now(soon, desk, 2))
        desk.follow()
        assert desk.waiting() == []
    desk.turn()
    assert [one.about["message"] for one in desk.crm.took] == [1, 2]


def test_who_has_looked_at_the_clock_and_not_written_yet_is_waited_for(postgresql: WebhookDesk) -> None:
    desk = postgresql
    with desk.house.db.transaction() as late:
        lines = lines_now(late, desk, 1)
        with desk.house.db.transaction() as soon:
            soon.execute(insert(DeliveryLogEntry), lines_now(soon, desk, 2))
        desk.follow()
        assert desk.waiting() == []
        late.execute(insert(DeliveryLogEntry), lines)
    desk.turn()
    assert [one.about["message"] for one in desk.crm.took] == [1, 2]


def test_a_long_reader_such_as_a_backup_holds_nobody_up(postgresql: WebhookDesk) -> None:
    with postgresql.house.db.reading() as backup:
        backup.execute(text("SELECT clock_timestamp()"))
        before = postgresql.house.db.now()
        with postgresql.house.db.reading() as session:
            assert settled_until(session, lag=0.0, patience=0.0) > before
            assert settled_until(session, lag=0.0, patience=60.0) < before


def test_two_processes_do_not_follow_a_table_at_once(postgresql: WebhookDesk) -> None:
    desk = postgresql
    desk.log(1)
    desk.follow()
    with desk.house.db.transaction() as soon:
        soon.execute(insert(DeliveryLogEntry), lines_now(soon, desk, 2))
    with desk.house.db.transaction() as other:
        other.get_one(WebhookCursor, "delivery_log", with_for_update=True)
        assert not desk.follow()
        assert len(desk.waiting()) == 1
