"""One machine, one file: the command, the worker and the site are processes of their own."""

import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from commands import dispatched

from dispatcher.rules.moves import Status
from faults.scene import MakeScene, Times
from faults.site import leave, site

_FILE = Path("var/dispatch.db")
_LOCKED = 1.0  # seconds
_LONGER_THAN_LOCKED = 8


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes, for as long as this lasts."""
    with closing(sqlite3.connect(_FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_a_locked_file_delays_the_worker_the_command_and_the_site_and_costs_nothing(
    scene_with: MakeScene, times: Times
) -> None:
    scene = scene_with(sqlite=True, lease_seconds=_LONGER_THAN_LOCKED)
    scene.open(300)
    leavers = scene.add(times(3, 8))
    scene.worker()
    scene.until_more(30)
    dispatched("send", "--campaign", "budget", "--yes", env=scene.environment)
    with site(scene) as pages:
        for person in leavers:
            with locked():
                dispatched("status", "--json", env=scene.environment)
                time.sleep(_LOCKED)
            leave(pages, person)
    scene.settle()
    assert set(scene.judge(uncertain=0)) <= {Status.SENT, Status.SKIPPED}


def test_children_killed_at_random_cost_no_message_on_a_file_either(
    scene_with: MakeScene, chance: random.Random, times: Times
) -> None:
    scene = scene_with(sqlite=True)
    scene.open(400)
    worker = scene.worker(3)
    for _ in range(times(3, 10)):
        scene.until_more(30)
        worker.kill_a_child(chance)
        scene.killed += 1
    scene.settle()
    scene.judge()
