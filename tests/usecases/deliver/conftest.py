"""A town on SQLite, and on PostgreSQL."""

from pathlib import Path

import pytest
from campaigns import write_campaign
from people import add_list
from town import Town

from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.urls import parse_service_url


@pytest.fixture
def town(any_house: House, redis_url: str, tmp_path: Path) -> Town:
    """The list `daca` and the campaign `budget` in one language; nobody in it yet."""
    add_list(any_house)
    write_campaign(tmp_path)
    return Town(any_house, Limiter(parse_service_url(redis_url)))
