"""What tests of commands share."""

import pytest
from cli_desk import CliDesk
from conftest import OpenHouse
from people import add_list, add_people

from dispatcher.house import House


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
