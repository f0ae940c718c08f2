"""A provider that takes a message and is gone before it says so, and one that takes none."""

from collections import Counter

import pytest
from commands import dispatched

from dispatcher.rules.moves import Status
from faults.scene import Scene

_DROPPED = 6


@pytest.fixture
def left_in_doubt(scene: Scene) -> Scene:
    """An alert of which the relay took some messages and hung up before it answered."""
    for _ in range(_DROPPED):
        scene.add(1, domain="dropped.example")
        scene.add(15)
    scene.open(10)
    scene.worker()
    scene.settle()
    return scene


def test_a_message_whose_answer_was_lost_is_uncertain_and_not_sent_again(left_in_doubt: Scene) -> None:
    counts = left_in_doubt.judge(uncertain=_DROPPED)
    assert counts == {Status.SENT: 100, Status.UNCERTAIN: _DROPPED}


def test_an_uncertain_message_is_sent_again_by_a_persons_decision_under_its_own_message_id(
    left_in_doubt: Scene,
) -> None:
    asked = dispatched("retry", "budget", "--uncertain", "--yes", "--json", env=left_in_doubt.environment)
    assert asked.json["queued"] == _DROPPED
    left_in_doubt.settle()
    assert left_in_doubt.counts() == {Status.SENT: left_in_doubt.people}
    names = Counter((entry.recipient.partition("@")[2], entry.name) for entry in left_in_doubt.taken())
    assert {times for (domain, _), times in names.items() if domain == "dropped.example"} == {2}
    assert {times for (domain, _), times in names.items() if domain != "dropped.example"} == {1}
