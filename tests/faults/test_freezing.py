"""A machine that stands still for longer than its leases: like a dead one, until it comes back."""

import time

import pytest
from sqlalchemy import text

from dispatcher.rules.moves import Status
from faults.scene import MakeScene, Scene
from faults.worker import Worker

_IN_A_TRANSACTION = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) "
    "WHERE state = 'idle in transaction' AND relation = 'alerts'::regclass AND mode = 'RowExclusiveLock'"
)
_ON_ITS_WAY = 0.03  # seconds in which the server hears what a frozen process had said
_TRIES = 300
_NOT_BEGUN = 2  # processes: what they had not handed over fails, for it is certain that it didn't go


def freeze_in_a_transaction(scene: Scene, worker: Worker) -> None:
    """Freeze, and thaw again until it has locked the alert at that moment."""
    for _ in range(_TRIES):
        worker.freeze()
        time.sleep(_ON_ITS_WAY)
        with scene.house.db.reading() as session:
            if session.scalar(_IN_A_TRANSACTION):
                return
        worker.thaw()
        time.sleep(_ON_ITS_WAY)
    pytest.fail(f"it never stood still in a transaction: {scene.counts()}")


def test_answers_that_a_frozen_worker_brings_late_settle_what_had_been_given_up(
    scene_with: MakeScene,
) -> None:
    scene = scene_with(delay=0.3, connections=8)
    scene.open(300)
    frozen = scene.worker()
    scene.until_more(40)
    frozen.freeze()
    scene.worker()
    scene.until(lambda: scene.count(Status.UNCERTAIN), "somebody to give up what the frozen worker holds")
    frozen.thaw()
    scene.settle()
    scene.until(lambda: not scene.count(Status.UNCERTAIN), "the late answers")
    scene.judge(uncertain=0, failed=_NOT_BEGUN * scene.provider.connections)


def test_a_worker_frozen_in_the_middle_of_a_transaction_holds_nobody_up(scene_with: MakeScene) -> None:
    scene = scene_with(chunk_size=5)  # a lease, which locks the alert, every few milliseconds
    scene.open(1000)
    frozen = scene.worker()
    scene.until_more(20)
    freeze_in_a_transaction(scene, frozen)
    scene.killed = len(frozen.children())  # as far as anybody can tell
    scene.worker()
    scene.settle()
    scene.judge()
    frozen.thaw()
    scene.settle()
    scene.judge(failed=_NOT_BEGUN * scene.provider.connections)
