"""The pages that subscribers reach, in a real browser on a phone, with JavaScript off."""

from collections.abc import Callable

import pytest
from people import add_list, add_person
from playwright.sync_api import Browser, ViewportSize
from web_site import ORG, serving

from dispatcher.house import House
from dispatcher.rules.alert import Channel

PHONE: ViewportSize = {"width": 375, "height": 667}


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("pl", "ltr"), ("ar", "rtl")]
)
def test_a_person_leaves_with_one_thumb(
    browser: Browser, open_house_with: Callable[..., House], language: str, direction: str
) -> None:
    house: House = open_house_with(**ORG)
    daca = add_list(house)
    person = add_person(house, email="maria@example.org", language=language)
    with serving(house) as site:
        context = browser.new_context(viewport=PHONE, java_script_enabled=False, is_mobile=True)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{site.port}{site.link(person, [daca], Channel.EMAIL)}")
        button = page.get_by_role("button").first
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert page.locator("html").get_attribute("dir") == direction
        button.click()
        assert page.get_by_role("button").count() == 0
        assert page.get_by_role("heading", level=1).count() == 1
        context.close()
