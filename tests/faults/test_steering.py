"""What staff say holds within a second, however fast the alert is being sent."""

import time

from commands import dispatched

from dispatcher.rules.moves import Status
from faults.scene import MakeScene, Scene, Times

_WITHIN = 1.0  # seconds from the command's end


def say(scene: Scene, *command: str) -> float:
    """One command about the alert; when it was over."""
    dispatched(*command, "budget", env=scene.environment)
    return time.monotonic()


def assert_nothing_leaves_after(scene: Scene, moment: float) -> None:
    time.sleep(1.5 * _WITHIN)
    assert max(entry.at for entry in scene.taken()) <= moment + _WITHIN
    assert scene.in_hand() == 0


def test_under_full_load_nothing_leaves_a_second_after_pause_or_cancel_and_resume_goes_on(
    scene_with: MakeScene, times: Times
) -> None:
    scene = scene_with(delay=0.05, connections=8)  # 320 a second
    pauses = times(1, 3)
    scene.open(2500 * (pauses + 1))
    scene.worker()
    for _ in range(pauses):
        scene.until_more(100)
        assert_nothing_leaves_after(scene, say(scene, "pause"))
        assert scene.count(Status.QUEUED) > 0
        say(scene, "resume")
    scene.until_more(100)
    assert_nothing_leaves_after(scene, say(scene, "cancel", "--yes"))
    assert set(scene.judge(uncertain=0)) == {Status.SENT, Status.CANCELLED}
