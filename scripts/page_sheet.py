"""Every public page, on phone and desktop, in light and dark, in three languages: to be looked at.

    python scripts/page_sheet.py FOLDER [--page calls ...] [--language en ...] [--answers]

`--answers`: the pages that answer a form, also a wrong one, instead of those that have an address.

The pages are those of a practice house that is made for it, with two alerts that went to files, and are
served on loopback. Needs Chromium and the Noto fonts (Debian: apt-get install chromium fonts-noto-core).
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from page_states import COLOURS, STATES, Visit, everybody
from playwright.sync_api import Browser, sync_playwright

from dispatcher.chromium import arguments, find_chromium
from practice_site import PracticeSite, practice_site

_DEVICES = {"phone": 375, "desktop": 1280}
_LANGUAGES = ("en", "es", "ar")


def take(browser: Browser, name: str, url: str, languages: list[str], into: Path) -> None:
    """All pictures of a page, named such as calls-es-phone-dark.png."""
    for device, width in _DEVICES.items():
        for colours in COLOURS:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=colours, java_script_enabled=False
            )
            page = context.new_page()
            for language in languages:
                page.goto(f"{url}?lang={language}")
                path = into / f"{name}-{language}-{device}-{colours}.png"
                page.screenshot(path=path, full_page=True)
            context.close()
    print(f"{name}: {into}/{name}-*.png")


def take_answers(
    browser: Browser, site: PracticeSite, languages: list[str], chosen: list[str], into: Path
) -> None:
    """All pictures of the pages that answer a form."""
    people = everybody(site.house)
    for language in languages:
        context = browser.new_context(java_script_enabled=False)
        visit = Visit(site, context.new_page(), language, people)
        for name in chosen or STATES:
            STATES[name](visit)
            for device, width in _DEVICES.items():
                visit.page.set_viewport_size({"width": width, "height": 800})
                for colours in COLOURS:
                    visit.page.emulate_media(color_scheme=colours)
                    visit.page.screenshot(
                        path=into / f"{name}-{language}-{device}-{colours}.png", full_page=True
                    )
        context.close()
    print(f"answers: {into}/")


def main() -> None:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description="Every public page, to be looked at.")
    parser.add_argument("into", type=Path, metavar="FOLDER")
    parser.add_argument("--page", nargs="+", default=[])
    parser.add_argument("--language", nargs="+", default=list(_LANGUAGES))
    parser.add_argument("--answers", action="store_true")
    chosen = parser.parse_args()
    into = chosen.into.resolve()
    into.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, practice_site(Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
        if chosen.answers:
            take_answers(browser, site, chosen.language, chosen.page, into)
        for name in [] if chosen.answers else chosen.page or site.pages:
            take(browser, name, f"{site.url}{site.pages[name]}", chosen.language, into)
        browser.close()


if __name__ == "__main__":
    main()
