"""What an installation without a Redis of its own has while its site runs."""

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.embedded import Embedded, sweep_orphans, worker_missing
from dispatcher.house import House
from dispatcher.redis_client import socket_path
from dispatcher.settings import load_settings
from dispatcher.web.keeping import Keeper
from servers.processes import kill


@pytest.fixture(autouse=True)
def _no_server_left() -> Iterator[None]:
    yield
    sweep_orphans(load_settings())


def test_its_server_is_kept_up_and_no_worker_starts_before_there_is_something_to_send(house: House) -> None:
    with Embedded(house.settings) as embedded:
        keeper = Keeper(house, embedded, every=0.01)
        keeper.start()
        kill(int(Path("var/redis/server.pid").read_text()), signal.SIGKILL)
        keeper.look()
        keeper.stop()
        assert socket_path().exists()
        assert worker_missing(house.settings)
    assert not socket_path().exists()


def test_where_redis_was_set_there_is_nothing_to_keep(house: House) -> None:
    keeper = Keeper(house, Embedded(load_settings(redis_url="redis://127.0.0.1:1/0")))
    keeper.start()
    assert "keeper" not in {thread.name for thread in threading.enumerate()}
    keeper.stop()
