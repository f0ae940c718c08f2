"""A database that goes away and comes back, and one that leaves a commit unanswered."""

from collections.abc import Iterator

import pytest

from faults.own_servers import OwnPostgres
from faults.scene import MakeScene, Scene, Times
from houses import migrate

_LONGER_THAN_A_RESTART = 8  # seconds


@pytest.fixture(scope="module")
def own_postgres() -> OwnPostgres:
    return OwnPostgres()


@pytest.fixture
def under_way(scene_with: MakeScene, own_postgres: OwnPostgres) -> Iterator[Scene]:
    server = own_postgres.server
    with server.database(server.template("migrated", migrate)) as url:
        scene = scene_with(database_url=url, lease_seconds=_LONGER_THAN_A_RESTART)
        scene.open(1000)
        scene.worker()
        scene.until_more(50)
        yield scene


def test_a_database_that_is_stopped_immediately_and_restarted_costs_nothing(
    under_way: Scene, own_postgres: OwnPostgres, times: Times
) -> None:
    for _ in range(times(2, 4)):
        own_postgres.stop_immediately()
        own_postgres.start()
        under_way.until_more(100)
    under_way.settle()
    under_way.judge(uncertain=0)


def test_a_commit_whose_answer_is_lost_is_not_taken_for_one_that_failed(
    under_way: Scene, own_postgres: OwnPostgres, times: Times
) -> None:
    for _ in range(times(4, 12)):
        own_postgres.terminate_in_commit()
        under_way.until_more(10)
    under_way.settle()
    under_way.judge(uncertain=0)
