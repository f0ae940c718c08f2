"""Whole workers: a main process with its pool, a real queue, a real database, the shipped outbox."""

import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pytest
from waiting import LOG, Waiting, delivered, worker_on
from what_came_back import outcomes, take_in, told

from dispatcher.crew import live_workers
from dispatcher.embedded import Embedded, sweep_orphans
from dispatcher.redis_client import socket_path
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import EventKind
from dispatcher.rules.feedback import Outcome
from dispatcher.rules.moves import Status
from dispatcher.rules.notices import NOTICE_NUMBERS
from dispatcher.rules.references import TEST_NUMBERS
from dispatcher.usecases.notices.queueing import queue_notice
from houses import environment_of
from servers.processes import alive, children_of, kill, running, wait_until

pytestmark = pytest.mark.waits

MakeWaiting = Callable[..., Waiting]
PACED = {"rate_email": "40/s", "rate_sms": "40/s"}


def stop(worker: "Popen[bytes]") -> None:
    """SIGTERM, and the worker's own end."""
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(60) == 0, LOG.read_text()


def test_a_background_worker_sends_everything_once_and_leaves_nothing_behind(waiting: MakeWaiting) -> None:
    alert = waiting(200)
    with alert.house.db.transaction() as session:
        to, facts = "rosa@example.org", {"link": "http://localhost:8000/c/x", "lists": "ICIRR alerts"}
        queue_notice(
            session,
            alert.house.keys,
            channel=Channel.EMAIL,
            address=to,
            kind="confirm",
            language="es",
            facts=facts,
        )
    test_mail = told(EventKind.DELIVERED, reference=f"{TEST_NUMBERS}.00ff00ff00ff00ff")
    take_in(alert.house, test_mail)
    with worker_on(alert, "--until-idle") as worker:
        assert worker.wait(60) == 0, LOG.read_text()
    assert alert.count(Status.SENT) == alert.count() > 300
    assert delivered() == [*alert.everybody(), f"{NOTICE_NUMBERS + 1}"]
    assert alert.leased() == 0
    assert outcomes(alert.house, test_mail) == [Outcome.NOTED]
    assert not socket_path().exists()
    assert "ERROR" not in LOG.read_text()


def test_neither_channel_waits_for_the_others_limit(waiting: MakeWaiting) -> None:
    alert = waiting(100, rate_email="15/s", rate_sms="2/s")
    with worker_on(alert, "--concurrency", "2") as worker:
        wait_until(lambda: alert.sent_by_channel()["email"] >= 60)
        # Email took four seconds at the least; two texts a second went meanwhile.
        assert alert.sent_by_channel()["sms"] >= 4
        stop(worker)
    assert (alert.leased(), alert.count(Status.SENDING)) == (0, 0)


@pytest.mark.parametrize("also_children", [False, True])
def test_sigterm_finishes_the_mini_batch_and_leaves_nothing_leased(
    waiting: MakeWaiting, also_children: bool
) -> None:
    alert = waiting(100, **PACED)
    with worker_on(alert) as worker:
        wait_until(lambda: alert.count(Status.SENT) > 5)
        children = children_of(worker.pid)
        for child in children if also_children else ():  # as a service manager may
            kill(child, signal.SIGTERM)
        stop(worker)
    assert len(children) >= 2
    assert not any(alive(child) for child in children)
    assert (alert.leased(), alert.count(Status.SENDING)) == (0, 0)
    assert alert.count(Status.QUEUED) > 0
    assert len(delivered()) == alert.count(Status.SENT)


def test_children_of_a_killed_worker_finish_and_go_and_the_next_one_misses_nobody(
    waiting: MakeWaiting,
) -> None:
    alert = waiting(100, **PACED)
    with worker_on(alert) as worker:
        wait_until(lambda: alert.count(Status.SENT) > 5)
        children = children_of(worker.pid)
        server = int(Path("var/redis/server.pid").read_text())
        worker.kill()
        worker.wait()
        wait_until(lambda: not any(alive(child) for child in children))
    assert alert.leased() == 0
    assert alert.count(Status.SENDING) == 0
    sweep_orphans(alert.house.settings)
    wait_until(lambda: not alive(server))
    with worker_on(alert) as worker:
        wait_until(alert.over)
        stop(worker)
    assert alert.count(Status.SENT) == alert.count()
    assert delivered() == alert.everybody()


def test_a_killed_server_is_replaced_and_no_message_is_lost_with_the_queue(waiting: MakeWaiting) -> None:
    alert = waiting(100, **PACED)
    with worker_on(alert) as worker:
        wait_until(lambda: alert.count(Status.SENT) > 5)
        kill(int(Path("var/redis/server.pid").read_text()))
        wait_until(alert.over)
        stop(worker)
    assert delivered() == alert.everybody()


def test_one_worker_is_started_in_the_background_and_ends_by_itself(waiting: MakeWaiting) -> None:
    alert = waiting(20)
    environment = environment_of(alert.house.settings)
    with Embedded(alert.house.settings) as embedded:
        assert embedded.ensure_worker(environment)
        assert not embedded.ensure_worker(environment)
        wait_until(lambda: live_workers(alert.house.settings))
        (live,) = live_workers(alert.house.settings)
        server = int(Path("var/redis/server.pid").read_text())
    assert alive(server), "the worker needs it still"
    wait_until(alert.over)
    wait_until(lambda: not alive(live.pid))
    wait_until(lambda: not alive(server))
    assert delivered() == alert.everybody()


def test_an_alert_that_is_opened_while_the_background_worker_leaves_is_sent(waiting: MakeWaiting) -> None:
    alert = waiting(0)
    environment = environment_of(alert.house.settings)
    log = Path("var/worker.log")
    with Embedded(alert.house.settings) as embedded:
        embedded.ensure_worker(environment)
        wait_until(lambda: "Worker stops" in log.read_text())
        alert.open(5)
        embedded.ensure_worker(environment)  # sees a worker there still
    wait_until(lambda: alert.over() and not socket_path().exists())
    assert delivered() == alert.everybody() != []


def test_a_worker_whose_folder_was_deleted_ends_with_its_server(waiting: MakeWaiting) -> None:
    alert = waiting(5)
    with worker_on(alert) as worker:
        wait_until(alert.over)
        server = int(Path("var/redis/server.pid").read_text())
        for file in Path("var/redis").iterdir():
            file.unlink()
        Path("var/redis").rmdir()
        assert worker.wait(60) == 0
        wait_until(lambda: not alive(server))


def test_a_worker_without_a_database_says_what_to_do() -> None:
    with running("-P", "-m", "workers", log=LOG) as worker:
        assert worker.wait(60) == 1
    assert LOG.read_text().startswith("Error: There is no database at")
    assert "dispatch db upgrade" in LOG.read_text()


def test_a_folder_called_workers_is_not_taken_for_ours() -> None:
    Path("workers").mkdir()
    Path("workers/__init__.py").touch()
    Path("workers/__main__.py").write_text("raise SystemExit('a stranger')")
    with running("-c", "from dispatcher.cli import main; main()", "worker", log=LOG) as worker:
        assert worker.wait(60) == 1
    assert LOG.read_text().startswith("Error: There is no database at")
