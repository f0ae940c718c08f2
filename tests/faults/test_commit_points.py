"""Every commit is a point where a process may end: just before it, and just after."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from faults.dying import Deaths
from faults.scene import Scene, Times


def test_processes_that_die_before_and_after_each_of_their_commits_cost_no_message(
    scene: Scene, tmp_path: Path, times: Times
) -> None:
    deaths = Deaths(tmp_path / "deaths", commits=times(6, 12))
    scene.open(times(1000, 2000))
    scene.settle_with(lambda: scene.worker(4, deaths.program("workers")))
    scene.killed = deaths.happened()
    assert deaths.to_come() == []
    assert {"chunks", "messages", "delivery_log"} <= deaths.written()  # leases, intents and answers
    scene.judge()


def test_a_send_that_is_killed_at_any_commit_can_be_run_again(scene: Scene, tmp_path: Path) -> None:
    deaths = Deaths(tmp_path / "deaths", commits=9)
    scene.add(200)
    command = [sys.executable, "-P", *deaths.program("dispatcher"), "send", "--campaign", "budget", "--yes"]
    ends: list[int] = []
    while ends[-1:] != [0]:
        sent = subprocess.run(command, env=scene.environment, capture_output=True, timeout=120)
        ends.append(sent.returncode)
        assert ends[-1] in {0, -9}, sent.stderr
    assert len(ends) > 2
    assert {"alerts", "messages", "chunks"} <= deaths.written()
    scene.worker()
    scene.settle()
    scene.judge()


def test_a_scheduled_alert_is_laid_out_once_although_who_does_it_is_killed(
    scene: Scene, tmp_path: Path
) -> None:
    deaths = Deaths(tmp_path / "deaths", commits=3)
    scene.open(300, starts_at=datetime.now(UTC) + timedelta(seconds=1))
    scene.settle_with(lambda: scene.worker(4, deaths.program("workers")))
    scene.killed = deaths.happened()
    assert {"alerts", "messages"} <= deaths.written()
    scene.judge()
