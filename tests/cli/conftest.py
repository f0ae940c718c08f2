"""What tests of commands share."""

import os

import pytest
from cli_desk import CliDesk
from conftest import OpenHouse
from people import add_list, add_people

from dispatcher.house import House


@pytest.fixture(autouse=True)
def _no_spamassassin(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where a machine has it, it takes seconds for each `check`: content/test_spam_score.py asks it."""
    program = tmp_path_factory.mktemp("bin") / "spamassassin"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


@pytest.fixture
def cli(house: House) -> CliDesk:
    """The command line over a house on a new SQLite database."""
    return CliDesk(house)


@pytest.fixture
def desk(open_house_with: OpenHouse, redis_url: str) -> CliDesk:
    """The command line of a practice house with three people on the list `daca`, and no worker anywhere.

    `hand_over` does a worker's work when a test wants it done.
    """
    house = open_house_with(redis_url=redis_url)
    add_list(house)
    add_people(house, 3)
    return CliDesk(house)
