"""A message that kills whoever renders it."""

from pathlib import Path

from people import add_person

from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from faults.dying_at_a_name import NAME
from faults.scene import Scene


def test_a_message_that_kills_its_workers_fails_alone(scene: Scene) -> None:
    scene.add(20)
    add_person(scene.house, email="poison@example.org", first_name=NAME, channels=[Channel.EMAIL])
    scene.people += 1
    scene.open(20)
    worker = scene.worker(4, program=(str(Path(__file__).with_name("dying_at_a_name.py")), "workers"))
    scene.settle()
    scene.killed = worker.words.count("exited with 'signal 9")
    counts = scene.judge(failed=1)
    assert counts[Status.FAILED] == 1
    assert scene.killed >= 3
