"""People who hold a fresh link."""

import pytest
from manage_desk import Desk

from dispatcher.house import House
from dispatcher.tokens import Signer


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house, Signer(["s" * 40]))


@pytest.fixture
def any_desk(any_house: House) -> Desk:
    return Desk(any_house, Signer(["s" * 40]))
