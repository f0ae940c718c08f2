"""Somebody whom messages went to."""

import pytest
from what_came_back import Maria, somebody

from dispatcher.house import House


@pytest.fixture
def maria(house: House) -> Maria:
    return somebody(house)


@pytest.fixture
def any_maria(any_house: House) -> Maria:
    """On SQLite and on PostgreSQL."""
    return somebody(any_house)
