"""Alerts that wait for the workers of these tests."""

from collections.abc import Callable, Iterator

import pytest
from waiting import Waiting

from dispatcher.embedded import sweep_orphans
from dispatcher.house import House
from dispatcher.settings import load_settings


@pytest.fixture(autouse=True)
def _no_server_left() -> Iterator[None]:
    """A test that failed halfway leaves no server running."""
    yield
    sweep_orphans(load_settings())


@pytest.fixture
def waiting(open_house_with: Callable[..., House]) -> Callable[..., Waiting]:
    """Make an alert to so many people wait, in a house with these settings."""

    def make(people: int, **given: object) -> Waiting:
        alert = Waiting(open_house_with(**given))
        if people:
            alert.open(people)
        return alert

    return make
