"""axe finds nothing serious with any email or any public page, on a phone, in light and dark."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from page_states import COLOURS, STATES, Visit, everybody
from playwright.sync_api import Browser, Page

from practice_site import PracticeSite

_RUN = "async (options) => (await axe.run(document, {resultTypes: ['violations'], ...options})).violations"
_COLOURS_ALONE = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]}
}  # nothing else is different in dark


def violations(browser: Browser, axe: Path, html: str, colours: str) -> list[dict[str, Any]]:
    """What axe calls serious or critical in an email."""
    dark = colours == "dark"
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark" if dark else "light")
    page.set_content(html)
    found = judged(page, axe, dark=dark)
    page.close()
    return found


def judged(page: Page, axe: Path, *, dark: bool) -> list[dict[str, Any]]:
    """What axe calls serious or critical in what a page shows now."""
    page.add_script_tag(path=axe)
    found: list[dict[str, Any]] = page.evaluate(_RUN, _COLOURS_ALONE if dark else {})
    return [one for one in found if one["impact"] in {"serious", "critical"}]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_email_keeps_anybody_out(browser: Browser, axe: Path, pages: list[Path], colours: str) -> None:
    found = {
        f"{page.stem}: {one['id']}: {one['nodes'][0]['html']}"
        for page in pages
        for one in violations(browser, axe, page.read_text(encoding="utf-8"), colours)
    }
    assert found == set()


def test_what_keeps_somebody_out_is_found(browser: Browser, axe: Path) -> None:
    faint = "<html lang='en'><title>x</title><main style='color: #bbb'>words</main></html>"
    assert [one["id"] for one in violations(browser, axe, faint, "light")] == ["color-contrast"]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])  # the others have the markup of English
def test_no_page_keeps_anybody_out(
    browser: Browser, axe: Path, site: PracticeSite, colours: str, language: str
) -> None:
    dark = colours == "dark"
    context = browser.new_context(
        viewport={"width": 375, "height": 800},
        color_scheme="dark" if dark else "light",
        bypass_csp=True,  # axe is a script, and our pages allow none
    )
    page = context.new_page()
    found = set()
    for name, path in site.pages.items():
        page.goto(f"{site.url}{path}?lang={language}")
        found |= {f"{name}: {one['id']}: {one['nodes'][0]['html']}" for one in judged(page, axe, dark=dark)}
    context.close()
    assert found == set()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_no_report_keeps_anybody_out(browser: Browser, axe: Path, reports: list[Path], colours: str) -> None:
    context = browser.new_context(
        viewport={"width": 375, "height": 800},
        color_scheme="dark" if colours == "dark" else "light",
        bypass_csp=True,  # axe is a script, and the page allows none
    )
    page = context.new_page()
    found = set()
    for report in reports:
        page.goto(report.as_uri())
        wrong = judged(page, axe, dark=colours == "dark")
        found |= {f"{report.stem}: {one['id']}: {one['nodes'][0]['html']}" for one in wrong}
    context.close()
    assert found == set()


@pytest.fixture(scope="module")
def people(site: PracticeSite) -> Iterator[int]:
    """Somebody else for each form: some of them leave for good."""
    return everybody(site.house)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_answer_to_a_form_keeps_anybody_out(
    browser: Browser, axe: Path, site: PracticeSite, people: Iterator[int], language: str
) -> None:
    """Also the answers to a wrong one, in light and dark."""
    context = browser.new_context(viewport={"width": 375, "height": 800}, bypass_csp=True)
    visit = Visit(site, context.new_page(), language, people)
    found = set()
    for name, get_there in STATES.items():
        get_there(visit)
        for colours in COLOURS:
            visit.page.emulate_media(color_scheme=colours)
            wrong = judged(visit.page, axe, dark=colours == "dark")
            found |= {f"{name}: {one['id']}: {one['nodes'][0]['html']}" for one in wrong}
    context.close()
    assert found == set()
