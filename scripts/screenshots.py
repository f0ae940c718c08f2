"""Pictures of a campaign's email in docs/img, as a phone and a computer show it.

    python scripts/screenshots.py [--campaign daca] [--language es ...] [--dark] [--into docs/img]

Needs Chromium and the Noto fonts (Debian: apt-get install chromium fonts-noto-core).
"""

import argparse
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dispatcher.chromium import arguments, find_chromium
from dispatcher.content.edition import Frozen, Organisation, freeze
from dispatcher.content.load import load_campaign
from dispatcher.content.render import Compiled, Person
from palette_png import with_palette

ORGANISATION = Organisation(
    name="Illinois Coalition for Immigrant and Refugee Rights",
    address="228 S. Wabash, Suite 800, Chicago, Illinois 60604",
    from_email="alerts@icirr.example",
    from_name="ICIRR alerts",
)
READERS = {"en": "Maria", "es": "María", "pl": "Anna", "ar": "ليلى"}
WIDTHS = {375: 2, 700: 1}  # CSS pixels: device pixels for each


def reader(language: str) -> Person:
    """Somebody who never was, on an address that never will be."""
    return Person(
        message_id=0,
        to="reader@example.org",
        first_name=READERS.get(language, "Maria"),
        last_name=None,
        language=language,
        attributes={},
        list_name="ICIRR alerts",
        leave_url="https://alerts.icirr.example/leave/sample",
        one_click_url="https://alerts.icirr.example/one-click/sample",
        view_url="https://alerts.icirr.example/v/sample",
    )


def take(browser: Browser, frozen: Frozen, languages: Iterable[str], into: Path, *, dark: bool) -> None:
    """One picture a language and width, named such as daca-es-375.png."""
    compiled = Compiled(frozen)
    workbench = browser.new_page()
    for width, scale in WIDTHS.items():
        page = browser.new_page(
            viewport={"width": width, "height": 800},
            device_scale_factor=scale,
            color_scheme="dark" if dark else "light",
        )
        for language in languages:
            page.set_content(compiled.preview_html(reader(language)))
            picture = with_palette(page.screenshot(full_page=True), workbench)
            path = into / f"{frozen.slug}-{language}-{width}{'-dark' if dark else ''}.png"
            path.write_bytes(picture)
            print(f"{path}  {len(picture) // 1024} KB")


def main() -> None:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of a campaign's email.")
    parser.add_argument("--campaign", default="daca")
    parser.add_argument("--language", nargs="+", default=["en", "es", "ar"])
    parser.add_argument("--dark", action="store_true", help="as mail programs show it in dark mode")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent.parent / "docs" / "img")
    chosen = parser.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    frozen = freeze(load_campaign(chosen.campaign), ORGANISATION)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
        take(browser, frozen, chosen.language, chosen.into, dark=chosen.dark)
        browser.close()


if __name__ == "__main__":
    main()
