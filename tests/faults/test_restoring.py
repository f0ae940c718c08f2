"""A database that is put back to an earlier day: it has forgotten who got the message and who has left."""

import sqlite3
import time
from contextlib import closing
from functools import partial
from pathlib import Path

from commands import dispatched

from dispatcher.crew import live_workers
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from faults.oracle import recipients_of
from faults.scene import MakeScene, Scene
from faults.site import site, text_stop

_SLOWLY = "15/s"  # so that most still wait while other things are done
_WITHIN = 3.0  # seconds: a worker that may send has begun by then


def assert_nothing_goes_by_itself(scene: Scene) -> None:
    before = len(scene.taken())
    worker = scene.worker()
    alive = partial(live_workers, scene.house.settings)
    scene.until(lambda: worker.pid in {live.pid for live in alive()}, "a worker")
    time.sleep(_WITHIN)
    assert len(scene.taken()) == before


def test_backup_stop_restore_sends_nobody_anything_by_itself_and_nothing_to_who_has_left(
    scene_with: MakeScene,
) -> None:
    scene = scene_with(channel=Channel.SMS)
    scene.open(200)
    leaver = recipients_of(scene.house, Channel.SMS)[-1].address
    assert leaver is not None
    worker = scene.worker(rate_sms=_SLOWLY)
    scene.until_more(30)
    dispatched("backup", "backup", env=scene.environment)
    worker.stop()
    with site(scene) as pages:
        text_stop(pages, leaver)
    worker = scene.worker(rate_sms=_SLOWLY)
    scene.until_more(20)
    worker.stop()
    dispatched("restore", "backup", "--yes", env=scene.environment)
    assert_nothing_goes_by_itself(scene)
    assert set(scene.judge(uncertain=scene.people)) == {Status.SENT, Status.UNCERTAIN}

    dispatched("retry", "budget", "--uncertain", "--yes", env=scene.environment)  # a person's decision
    dispatched("resume", "budget", env=scene.environment)
    scene.settle()
    assert scene.counts() == {Status.SENT: scene.people - 1, Status.SKIPPED: 1}
    assert leaver not in {entry.recipient for entry in scene.taken()}


def test_an_older_file_put_back_by_hand_sends_nothing_before_its_journal_is_replayed(
    scene_with: MakeScene,
) -> None:
    scene = scene_with(sqlite=True)
    scene.open(200)
    leaver = recipients_of(scene.house, Channel.EMAIL)[-1].address
    assert leaver is not None
    worker = scene.worker(rate_email=_SLOWLY)
    scene.until_more(30)
    file = Path("var/dispatch.db")
    with closing(sqlite3.connect(file)) as now, closing(sqlite3.connect("older.db")) as older:
        now.backup(older)
    dispatched("subscribers", "unsubscribe", "-", given=leaver, env=scene.environment)
    scene.until_more(20)
    worker.kill()
    scene.house.db.close()
    for part in file.parent.glob("dispatch.db*"):
        part.unlink()
    Path("older.db").rename(file)
    refused = scene.worker()
    assert refused.ended() == 1
    assert "is older than its journal" in refused.words
    dispatched("restore", "--replay", "--yes", env=scene.environment)
    assert_nothing_goes_by_itself(scene)
    scene.judge(uncertain=scene.people)
