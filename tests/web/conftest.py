"""Running sites."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from web_site import ORG, Site, serving

from dispatcher.house import House


@pytest.fixture
def site(open_house_with: Callable[..., House]) -> Iterator[Site]:
    """A site on a new SQLite database."""
    with serving(open_house_with(**ORG)) as running:
        yield running


@pytest.fixture
def site_with(open_house_with: Callable[..., House]) -> Iterator[Callable[..., Site]]:
    """A site with the settings given."""
    with ExitStack() as sites:
        yield lambda **given: sites.enter_context(serving(open_house_with(**ORG | given)))
