"""Every campaign's email in every language, in a real browser as wide as a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from shipped_campaigns import CASES, compiled, reader

PHONE = 375  # CSS pixels
# The smallest contrast of any word with what is behind it, and the word (WCAG 2.2, success criterion 1.4.3).
WORST_CONTRAST = """
() => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const linear = part => part <= 0.03928 * 255 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let worst = [21, ""];
  while (words.nextNode()) {
    const element = words.currentNode.parentElement;
    if (!words.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const [dark, light] = [channels(getComputedStyle(element).color), behind(element)]
      .map(luminance).sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    if (contrast < worst[0]) worst = [contrast, words.currentNode.textContent.trim()];
  }
  return worst;
}
"""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": PHONE, "height": 800})
    yield page
    page.close()


def show(page: Page, slug: str, language: str) -> None:
    page.set_content(compiled(slug).preview_html(reader(language)))


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_email_never_scrolls_sideways_on_a_phone(phone: Page, slug: str, language: str) -> None:
    show(phone, slug, language)
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= PHONE


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_email_holds_together_where_style_sheets_are_taken_away(
    phone: Page, slug: str, language: str
) -> None:
    """As Gmail's app does for other providers' mailboxes: what is inlined has to do."""
    html = compiled(slug).preview_html(reader(language))
    phone.set_content(re.sub(r"<style.*?</style>", "", html, flags=re.DOTALL))
    assert phone.evaluate("document.scrollingElement.scrollWidth") <= PHONE
    assert phone.locator(".words").evaluate("e => e.clientWidth") == PHONE
    box = phone.locator("a.button-link").bounding_box()
    assert box is not None
    assert box["height"] >= 44


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_the_one_button_is_large_enough_for_a_thumb(phone: Page, slug: str, language: str) -> None:
    show(phone, slug, language)
    assert phone.locator("a.button-link").count() == 1
    box = phone.locator("a.button-link").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 44


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_email_runs_in_its_languages_direction_and_says_its_language(
    phone: Page, slug: str, language: str
) -> None:
    show(phone, slug, language)
    direction = "rtl" if language == "ar" else "ltr"
    for element in ("html", ".words h1", ".words p.lead", ".footer p.why"):
        assert phone.locator(element).evaluate("e => getComputedStyle(e).direction") == direction
    assert phone.locator("html").get_attribute("lang") == language
    assert phone.locator("body > div").get_attribute("lang") == language


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(("slug", "language"), CASES)
def test_every_word_stands_out_from_what_is_behind_it(
    phone: Page, slug: str, language: str, colours: str
) -> None:
    phone.emulate_media(color_scheme="dark" if colours == "dark" else "light")
    show(phone, slug, language)
    contrast, word = phone.evaluate(WORST_CONTRAST)
    assert contrast >= 4.5, f"{word!r} has a contrast of {contrast:.1f}"


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_an_email_needs_no_picture(phone: Page, slug: str, language: str) -> None:
    show(phone, slug, language)
    assert phone.locator("img, picture, video, [background]").count() == 0
    assert "url(" not in phone.content()
