"""The page of `dispatch report --html` on a phone, in the dark and on paper."""

from datetime import timedelta
from pathlib import Path

import pytest
from past_alerts import BEGAN, Told, act, past_alert
from people import add_list, add_people
from playwright.sync_api import Browser
from reports_desk import reporting

from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.report.page import as_page


@pytest.fixture
def page_file(house: House, tmp_path: Path) -> Path:
    """A report with everything in it: an earlier alert, two languages and domains, an error, acts."""
    add_list(house)
    people = [*add_people(house, 12, domain="a-mail-provider.example"), *add_people(house, 11)]
    past_alert(house, [Told(one) for one in people])
    began = BEGAN + timedelta(days=5)
    told = [Told(one, language="en" if nth % 2 else "es") for nth, one in enumerate(people[:-1])]
    failed = Told(people[-1], Status.FAILED, error="tried for 48 hours (smtp 452 4.2.2)")
    texts = [Told(one, Status.SENT, Channel.SMS) for one in people]
    past_alert(house, [*told, failed, *texts], began=began, name="2")
    act(house, people[1], at=began + timedelta(hours=1))
    with house.db.transaction() as session:
        line = {"message_id": 1, "alert_id": 2, "channel": Channel.EMAIL, "status": Status.SENT}
        session.add(DeliveryLogEntry(at=began, **line))
    page = tmp_path / "report.html"
    page.write_text(as_page(reporting(house, 2), named=True), encoding="utf-8")
    return page


def test_a_phone_shows_it_without_scrolling_sideways_and_nothing_is_refused(
    browser: Browser, page_file: Path
) -> None:
    page = browser.new_page(viewport={"width": 375, "height": 667})
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text))
    page.goto(page_file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    assert page.locator("svg").count() == page.get_by_role("img").count() == 5
    for chart in page.locator("svg").all():
        words = chart.evaluate(
            "one => [...one.querySelectorAll('text')].map(t => t.getBoundingClientRect().right)"
        )
        assert max(words) <= 375
    assert complaints == []  # the page's own policy lets its style through
    page.close()


def test_paper_is_white_and_has_the_numbers_that_a_screen_folds_away(
    browser: Browser, page_file: Path
) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(page_file.as_uri())
    folded = page.locator("details table")
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) != "rgb(255, 255, 255)"
    assert not folded.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    assert folded.is_visible()
    assert page.locator("figure").first.evaluate("one => getComputedStyle(one).breakInside") == "avoid"
    page.close()
