"""Workers that are told to stop, and workers that come and go while an alert is being sent."""

import signal
from collections.abc import Callable

import pytest

from dispatcher.rules.moves import Status
from faults.scene import Scene, Times
from faults.worker import Worker


def terminate(worker: Worker) -> None:
    worker.send(signal.SIGTERM)


def quit_at_once(worker: Worker) -> None:
    worker.send(signal.SIGQUIT)


def press_ctrl_c_twice(worker: Worker) -> None:
    worker.press_ctrl_c()
    worker.press_ctrl_c()


@pytest.mark.parametrize("stop", [terminate, quit_at_once, press_ctrl_c_twice])
def test_however_a_worker_is_told_to_stop_it_leaves_nothing_unsaid(
    scene: Scene, stop: Callable[[Worker], None]
) -> None:
    scene.open(300)
    worker = scene.worker()
    scene.until_more(50)
    stop(worker)
    worker.ended()
    assert scene.in_hand() == 0
    assert scene.count(Status.QUEUED) > 0
    scene.worker()
    scene.settle()
    scene.judge(uncertain=0)


def test_workers_that_come_and_go_cost_nothing(scene: Scene, times: Times) -> None:
    changes = times(3, 8)
    scene.open(600 * (changes + 2))  # more than workers can send while the next one starts
    workers = [scene.worker()]
    for _ in range(changes):
        scene.until_more(60)
        workers.append(scene.worker())
        scene.until_more(60)
        assert workers.pop(0).stop() == 0
    scene.settle()
    scene.judge(uncertain=0)
