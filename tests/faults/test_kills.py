"""kill -9, which no process can prepare for."""

import random

from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from faults.scene import MakeScene, Scene, Times


def test_children_killed_at_random_again_and_again_cost_no_message(
    scene: Scene, chance: random.Random, times: Times
) -> None:
    kills = times(8, 25)
    scene.open(100 * (kills + 1))
    worker = scene.worker(concurrency=4)
    scene.until_more(20)
    for _ in range(kills):
        worker.kill_a_child(chance)
        scene.killed += 1
        scene.until_more(chance.randrange(10, 100))
    scene.settle()
    scene.judge()


def test_texts_survive_a_killed_child_as_emails_do(scene_with: MakeScene, chance: random.Random) -> None:
    scene = scene_with(channel=Channel.SMS)
    scene.open(300)
    worker = scene.worker()
    for _ in range(2):
        scene.until_more(40)
        worker.kill_a_child(chance)
        scene.killed += 1
    scene.settle()
    scene.judge()


def test_whole_workers_killed_at_once_cost_no_message(
    scene: Scene, chance: random.Random, times: Times
) -> None:
    kills = times(2, 8)
    scene.open(100 * (kills + 1))
    for _ in range(kills):
        worker = scene.worker(concurrency=3)
        scene.until_more(chance.randrange(10, 100))
        scene.killed += worker.kill()
    scene.worker()
    scene.settle()
    scene.judge()


def test_children_whose_main_process_is_killed_finish_what_they_hold(scene: Scene) -> None:
    scene.open(300)
    worker = scene.worker()
    scene.until_more(30)
    worker.kill_main_process()
    assert worker.ended() == -9
    assert scene.in_hand() == 0
    assert scene.count(Status.UNCERTAIN) == 0
    scene.worker()
    scene.settle()
    scene.judge()
