"""A worker doesn't start on a database that was put back to an earlier day, and keeps its journal whole."""

from collections.abc import Callable

import pytest
from earlier import kept
from journals import inside, jot, name_of, outside
from waiting import LOG, Waiting, worker_on

pytestmark = pytest.mark.waits

MakeWaiting = Callable[..., Waiting]


def test_a_worker_refuses_a_database_that_was_put_back(waiting: MakeWaiting) -> None:
    alert = waiting(3)
    with kept(alert.house) as put_back:
        jot(alert.house)
        put_back()
        with worker_on(alert, "--until-idle") as worker:
            assert worker.wait(60) == 1
    assert "is older than its journal" in LOG.read_text()
    assert "dispatch restore --replay" in LOG.read_text()


def test_a_worker_writes_a_journal_anew_that_was_lost(waiting: MakeWaiting) -> None:
    alert = waiting(0)
    jot(alert.house)
    alert.house.db.journal.own(name_of(alert.house)).unlink()
    with worker_on(alert, "--until-idle") as worker:
        assert worker.wait(60) == 0, LOG.read_text()
    assert outside(alert.house) == inside(alert.house)
