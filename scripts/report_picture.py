"""docs/img/report.png: the upper part of a page of `dispatch report --html`, of people who never were.

    python scripts/report_picture.py [--look FOLDER]

`--look`: instead the whole page on a phone and a computer, in light and dark, and on paper (A4 and Letter, as
PDF), to be looked at. Needs Chromium and the Noto fonts (Debian: apt-get install chromium fonts-noto-core).
"""

import argparse
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from report_sample import sample_report

from dispatcher.chromium import arguments, find_chromium
from dispatcher.usecases.report.page import as_page
from palette_png import with_palette

_DEVICES = {"phone": (375, 2), "desktop": (1280, 1)}  # CSS pixels wide, device pixels for each


def look(browser: Browser, page: Path, into: Path) -> None:
    """Every way in which somebody may read it."""
    for device, (width, scale) in _DEVICES.items():
        for colours in ("light", "dark"):
            tab = browser.new_page(
                viewport={"width": width, "height": 800},
                device_scale_factor=scale,
                color_scheme="dark" if colours == "dark" else "light",
            )
            tab.goto(page.as_uri())
            tab.screenshot(path=into / f"{page.stem}-{device}-{colours}.png", full_page=True)
    for paper in ("A4", "Letter"):
        tab = browser.new_page(color_scheme="dark")  # paper is white, whatever the machine that prints
        tab.goto(page.as_uri())
        tab.pdf(path=into / f"{page.stem}-{paper}.pdf", format=paper)
    print(f"{into}/{page.stem}-*")


def picture(browser: Browser, page: Path, into: Path) -> None:
    """The upper part, as it stands in the documents."""
    tab = browser.new_page(viewport={"width": 920, "height": 1240}, color_scheme="light")
    tab.goto(page.as_uri())
    taken = with_palette(tab.screenshot(), browser.new_page())
    into.write_bytes(taken)
    print(f"{into}  {len(taken) // 1024} KB")


def main() -> None:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description="Pictures of a report.")
    parser.add_argument("--look", type=Path, metavar="FOLDER")
    chosen = parser.parse_args()
    images = Path(__file__).resolve().parent.parent / "docs" / "img"
    with TemporaryDirectory() as made, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
        for name, sensitive in (("report", False), ("report-sensitive", True)):
            folder = Path(made) / name
            folder.mkdir()
            with chdir(folder):
                words = as_page(sample_report(folder, sensitive=sensitive), named=not sensitive)
            page = folder / f"{name}.html"
            page.write_text(words, encoding="utf-8")
            if chosen.look:
                chosen.look.mkdir(parents=True, exist_ok=True)
                look(browser, page, chosen.look.resolve())
            elif not sensitive:
                picture(browser, page, images / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
