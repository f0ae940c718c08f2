"""Scenes for the fault suite. `--full` repeats each fault as often as the promise is held to; `--seed` brings
back what chance did in an earlier run.
"""

import random
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from conftest import OpenHouse
from people import add_list

from dispatcher.rules.alert import Channel
from dispatcher.usecases.organisation import PRACTICE
from fakes.twilio import TwilioServer
from faults.providers import Provider, Relay, TextProvider
from faults.scene import MakeScene, Scene, Times
from houses import migrate
from servers.postgres import PostgresServer

_DELAY = 0.02  # seconds that the provider takes for a message: long enough to be killed meanwhile
_CONNECTIONS = 4
_PRODUCTION: dict[str, Any] = {
    "rate_email": "none",
    "rate_sms": "none",
    "sms_hours": "none",
    "org_name": PRACTICE.name,  # so that `dispatch send` goes on with what a scene has opened
    "org_address": PRACTICE.address,
    "from_email": PRACTICE.from_email,
    "from_name": PRACTICE.from_name,
    "lease_seconds": 2,
    "provider_timeout": 1,
    "chunk_size": 25,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="repeat each fault as often as promised")
    parser.addoption("--seed", type=int, help="what chance did in an earlier run")


@pytest.fixture
def times(request: pytest.FixtureRequest) -> Times:
    """`times(short, full)`: how often to do something in this run."""
    full = request.config.getoption("--full")
    return lambda short_form, full_form: full_form if full else short_form


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance, with its seed in the output of a test that fails."""
    given = request.config.getoption("--seed")
    seed = secrets.randbelow(10**6) if given is None else given
    print(f"--seed {seed}")  # noqa: T201 - a failure's output shows it
    return random.Random(seed)


@pytest.fixture
def scene_with(
    postgres: PostgresServer, redis_url: str, open_house_with: OpenHouse, tmp_path: Path
) -> Iterator[MakeScene]:
    """Make a scene: with a relay, on PostgreSQL and Redis of the test run, unless told otherwise."""
    with ExitStack() as resources:

        def provider(channel: Channel, delay: float, connections: int, host: str) -> Provider:
            if channel is Channel.EMAIL:
                return resources.enter_context(Relay(tmp_path / "journal", delay, connections, host))
            return TextProvider(resources.enter_context(TwilioServer(latency=delay)), connections)

        def make(
            *,
            channel: Channel = Channel.EMAIL,
            delay: float = _DELAY,
            connections: int = _CONNECTIONS,
            relay_host: str = "127.0.0.1",
            sqlite: bool = False,
            **given: Any,
        ) -> Scene:
            if not sqlite and "database_url" not in given:
                migrated = postgres.template("migrated", migrate)
                given["database_url"] = resources.enter_context(postgres.database(migrated))
            ours = provider(channel, delay, connections, relay_host)
            where = {"redis_url": redis_url, f"{channel}_url": ours.url}
            house = open_house_with(**_PRODUCTION | where | given)
            add_list(house)
            write_campaign(tmp_path, channels=[channel])
            return Scene(house, channel, ours, resources)

        yield make


@pytest.fixture
def scene(scene_with: MakeScene) -> Scene:
    """Email on PostgreSQL and Redis."""
    return scene_with()
