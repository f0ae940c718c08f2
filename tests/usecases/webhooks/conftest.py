"""A receiver, and houses that tell it what happens."""

from collections.abc import Iterator

import pytest
from webhook_desk import WebhookDesk

from dispatcher.house import House
from fakes.receiver import Receiver


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def desk(house: House, crm: Receiver) -> WebhookDesk:
    """A house on SQLite that tells `crm` everything."""
    return WebhookDesk(house, crm)


@pytest.fixture
def any_desk(any_house: House, crm: Receiver) -> WebhookDesk:
    """The same on SQLite and on PostgreSQL."""
    return WebhookDesk(any_house, crm)
