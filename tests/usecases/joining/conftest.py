"""People who sign up."""

import pytest
from joining_desk import JoiningDesk

from dispatcher.house import House


@pytest.fixture
def desk(house: House) -> JoiningDesk:
    """A sign-up form without a browser, on SQLite."""
    return JoiningDesk(house)


@pytest.fixture
def any_desk(any_house: House) -> JoiningDesk:
    """The same on both databases."""
    return JoiningDesk(any_house)
