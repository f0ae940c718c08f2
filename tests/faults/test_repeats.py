"""Commands and wake-ups that come more often than they were meant."""

import subprocess
import sys
from typing import Any

from dispatcher.queue import wake
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from faults.scene import Scene, Times

SEND = [sys.executable, "-P", "-m", "dispatcher", "send", "--campaign", "budget", "--yes", "--json"]


def test_the_same_wake_up_fifty_times_sends_once(scene: Scene) -> None:
    scene.open(400)
    scene.worker(3)
    for _ in range(50):
        wake(scene.house.settings, Channel.EMAIL)
    scene.settle()
    assert scene.judge(uncertain=0) == {Status.SENT: 400}


def test_sends_at_the_same_moment_are_one_alert(scene: Scene, times: Times) -> None:
    scene.add(300)
    scene.worker()
    both: list[subprocess.Popen[Any]] = [
        subprocess.Popen(SEND, env=scene.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(times(2, 4))
    ]
    for command in both:
        _, words = command.communicate(timeout=120)
        assert command.returncode == 0, words
    scene.settle()
    assert scene.judge(uncertain=0) == {Status.SENT: 300}
