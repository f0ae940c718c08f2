"""What a worker's log says when something is wrong for a while."""

import logging

import pytest

from dispatcher.errors import DatabaseBusy, QueueUnreachable, UnknownList
from workers.trouble import Trouble

AWAY = QueueUnreachable(where="redis://cache.example", reason="connection refused")
BUSY = DatabaseBusy(where="dispatch.db", seconds=30)


def test_a_trouble_that_lasts_is_said_once_and_so_is_its_end(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble()
    for _ in range(5):
        trouble.met(AWAY)
    trouble.over()
    trouble.over()
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]
    assert caplog.messages[0] == str(AWAY)


def test_another_trouble_is_said_too(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble()
    for error in (AWAY, BUSY, BUSY, AWAY):
        trouble.met(error)
    assert caplog.messages == [str(AWAY), str(BUSY), str(AWAY)]


def test_an_unexpected_error_is_placed_but_not_quoted(caplog: pytest.LogCaptureFixture) -> None:
    address = "rosa@example.org"
    try:
        int(address)
    except ValueError as error:
        Trouble().met(error)
    assert "ValueError" in caplog.text
    assert __file__ in caplog.text
    assert "rosa" not in caplog.text


def test_a_lists_name_is_in_no_log_line(caplog: pytest.LogCaptureFixture) -> None:
    Trouble().met(UnknownList(slug="daca", suggestion="There are: daca-renewals."))
    assert "UnknownList" in caplog.text
    assert "daca" not in caplog.text
