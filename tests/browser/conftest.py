"""A real browser: Chromium of the system."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from dispatcher.chromium import arguments


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for a file's tests; its event loop is gone afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments())
        yield browser
        browser.close()
