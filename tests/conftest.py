"""What every test has: a folder of its own, an environment without our settings, and real servers where it
asks for them.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis

from dispatcher.chromium import find_chromium
from dispatcher.errors import ChromiumMissing
from dispatcher.house import House
from fakes.smtp import SmtpServer
from fakes.twilio import TwilioServer
from houses import copy_of, migrate, opened
from servers.local import owner_of_the_run
from servers.postgres import PostgresServer, shared_postgres
from servers.redis import start_redis

OpenHouse = Callable[..., House]

# How long an example takes says something about the machine, not about us. On CI the examples are the same
# each time: a surprise belongs to the change that brought it.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("house")


# Coverage of rules/ and usecases/ isn't looked at while these run: they test what neither is covered by, and
# being looked at takes Python half as long again.
_ELSEWHERE = [Path(__file__).parent / folder for folder in ("backups", "browser", "channels", "content")]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that mostly wait begin first: one process sees to them while others keep the processors busy."""
    items.sort(key=lambda item: item.get_closest_marker("waits") is None)
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in _ELSEWHERE):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test runs in an empty folder, and no setting of the machine reaches it."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DISPATCH_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "dispatch.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> PostgresServer:
    """The test run's PostgreSQL server; `postgres_url` and `any_house` give databases on it."""
    ours = tmp_path_factory.getbasetemp()
    shared = ours.parent if "PYTEST_XDIST_WORKER" in os.environ else ours
    return shared_postgres(shared, owner_of_the_run())


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database of the test's own."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database of the test's own: the test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield copy_of(request.getfixturevalue("_migrated_file"), tmp_path)
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database(server.template("migrated", migrate)) as url:
        yield url


@pytest.fixture
def open_house_with(_migrated_file: Path, tmp_path: Path) -> Iterator[OpenHouse]:
    """Open a house with the settings given, on a new SQLite database unless `database_url` says another.

    Called again in one test it opens the same database once more, as a second process would.
    """
    with ExitStack() as houses:

        def open_one(**given: Any) -> House:
            if "database_url" not in given:
                own = tmp_path / "var" / "dispatch.db"
                given["database_url"] = (
                    f"sqlite:///{own}" if own.exists() else copy_of(_migrated_file, tmp_path)
                )
            return houses.enter_context(opened(**given))

        yield open_one


@pytest.fixture
def house(open_house_with: OpenHouse) -> House:
    """A house on a new SQLite database in the test's folder, with outbox senders."""
    return open_house_with()


@pytest.fixture
def any_house(open_house_with: OpenHouse, any_database_url: str) -> House:
    """Like `house`, but the test runs twice: on SQLite and on PostgreSQL."""
    return open_house_with(database_url=any_database_url)


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    """A real SMTP server on loopback that answers as told and keeps what it took."""
    with SmtpServer() as server:
        yield server


@pytest.fixture
def fake_twilio() -> Iterator[TwilioServer]:
    """An HTTP server on loopback that answers as Twilio does and keeps a journal of the texts it took."""
    with TwilioServer() as server:
        yield server


@pytest.fixture(scope="session")
def _redis_server() -> str:
    return start_redis(os.getpid())


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """The address of a real, empty Redis server."""
    with redis.Redis.from_url(_redis_server) as client:
        client.flushall()
    return _redis_server


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium. Without it the tests that look are skipped, but in CI they fail."""
    try:
        return find_chromium()
    except ChromiumMissing:
        if os.environ.get("CI"):
            raise
        pytest.skip("Chromium isn't installed: apt-get install chromium fonts-noto-core")
