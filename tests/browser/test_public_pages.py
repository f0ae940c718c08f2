"""Every public page, in a real browser on a phone, with JavaScript off, in three languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from practice_site import PracticeSite, practice_site

PHONE: ViewportSize = {"width": 375, "height": 667}
# What can be tapped and is smaller than a thumb; links within a sentence are as its words (WCAG 2.5.8).
SMALL = """
() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .filter(one => !one.closest(".trap, .skip, p, .errors, .hint, main bdi"))
  .map(one => [(one.matches("[type=checkbox], [type=radio]") ? one.closest(".choice") ?? one : one)
    .getBoundingClientRect(), one.outerHTML.slice(0, 90)])
  .filter(([box]) => box.height < 44 || box.width < 44).map(([_, html]) => html)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSite]:
    with practice_site(tmp_path_factory.mktemp("practice")) as running:
        yield running


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, is_mobile=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("es", "ltr"), ("ar", "rtl")])
def test_every_page_fits_a_phone_and_runs_its_languages_way(
    phone: Page, site: PracticeSite, language: str, direction: str
) -> None:
    for name, path in site.pages.items():
        if name == "email":  # which tests/browser/test_email_layout.py looks at
            continue
        phone.goto(f"{site.url}{path}?lang={language}")
        assert phone.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"], name
        assert phone.evaluate("getComputedStyle(document.body).direction") == direction, name
        assert phone.locator("html").get_attribute("lang") == language, name
        assert phone.get_by_role("heading", level=1).count() == 1, name
        assert phone.evaluate(SMALL) == [], name


def test_somebody_changes_the_language_and_finds_the_way_to_act(phone: Page, site: PracticeSite) -> None:
    phone.goto(site.url)
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.className") == "skip"
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.lang") == "en"
    phone.get_by_role("link", name="Español").click()
    phone.get_by_role("link", name="Actúe ahora").first.click()
    assert "Antes de actuar" in phone.content()
    onward = phone.get_by_role("link", name="Continuar").get_attribute("href") or ""
    assert onward.startswith("/go/")
    assert onward.endswith("?lang=es")


def test_somebody_pastes_a_text_and_learns_that_it_is_ours(phone: Page, site: PracticeSite) -> None:
    phone.goto(f"{site.url}/texts?lang=ar")
    words = phone.locator(".bubble").last.inner_text()
    phone.locator("textarea").fill(words)
    phone.locator("main button").click()
    assert phone.locator(".verdict").inner_text().startswith("نعم، هذه الرسالة منا")
    assert phone.locator("html").get_attribute("dir") == "rtl"
