"""axe finds nothing serious with any email, on a phone, in light and dark."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

_RUN = "async (options) => (await axe.run(document, {resultTypes: ['violations'], ...options})).violations"
_COLOURS_ALONE = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]}
}  # nothing else is different in dark


def violations(browser: Browser, axe: Path, html: str, colours: str) -> list[dict[str, Any]]:
    """What axe calls serious or critical."""
    dark = colours == "dark"
    page = browser.new_page(viewport={"width": 390, "height": 800}, color_scheme="dark" if dark else "light")
    page.set_content(html)
    page.add_script_tag(path=axe)
    found: list[dict[str, Any]] = page.evaluate(_RUN, _COLOURS_ALONE if dark else {})
    page.close()
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
