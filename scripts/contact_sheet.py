"""Every campaign in every language, on phone and desktop, in light and dark, and its text: to be looked at.

    python scripts/contact_sheet.py FOLDER [--campaign daca ...]

The pictures, and a sheet of them for each campaign, go to FOLDER. Needs Chromium and the Noto fonts (Debian:
apt-get install chromium fonts-noto-core).
"""

import argparse
import html
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dispatcher.chromium import Chromium, find_chromium
from dispatcher.content.bubble import bubble
from dispatcher.content.edition import freeze
from dispatcher.content.load import list_campaigns, load_campaign
from dispatcher.content.render import Compiled
from dispatcher.rules.alert import Channel
from screenshots import ORGANISATION, reader

_DEVICES = {"phone": 390, "desktop": 1000}
_SHEET = """<!DOCTYPE html><html lang="en"><title>{title}</title><style>
body {{ margin: 24px; background: #b9bec4; font: 15px/20px system-ui, sans-serif; }}
main {{ display: flex; flex-wrap: wrap; gap: 24px; align-items: flex-start; }}
figure {{ margin: 0; }} img {{ display: block; box-shadow: 0 1px 6px #0006; }}
</style><h1>{title}</h1><main>{figures}</main></html>"""
_FIGURE = '<figure><figcaption>{name}</figcaption><img src="{src}" width="{width}" alt=""></figure>'
_SHEET_WIDTH = 2600


def pages(slug: str) -> Iterator[tuple[str, str, int]]:
    """Each page of a campaign as HTML, with the name and the width of its picture."""
    frozen = freeze(load_campaign(slug), ORGANISATION)
    compiled = Compiled(frozen)
    for language in sorted(frozen.languages_for(Channel.EMAIL)):
        page = compiled.preview_html(reader(language))
        for device, width in _DEVICES.items():
            yield page, f"{slug}-{language}-{device}", width
    for language in sorted(frozen.languages_for(Channel.SMS)):
        text = compiled.sms(reader(language))
        direction = frozen.languages[language].chrome["dir"]
        sender = ORGANISATION.from_name
        page = bubble(
            text.body, segments=text.segments, sender=sender, language=language, direction=direction
        )
        yield page, f"{slug}-{language}-text", _DEVICES["phone"]


def take(browser: Chromium, slug: str, into: Path) -> None:
    """All pictures of a campaign, and its sheet."""
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for page, name, width in pages(slug):
            written = Path(folder) / f"{name}.html"
            written.write_text(page, encoding="utf-8")
            for colours in ("light", "dark"):
                path = (into / f"{name}-{colours}.png").resolve()
                path.write_bytes(browser.picture(written, width=width, dark=colours == "dark", scale=1))
                shown = {"name": path.stem, "src": path.as_uri(), "width": width // 2}
                figures.append(_FIGURE.format(**shown))
        sheet = Path(folder) / "sheet.html"
        sheet.write_text(_SHEET.format(title=html.escape(slug), figures="".join(figures)), encoding="utf-8")
        (into / f"sheet-{slug}.png").write_bytes(browser.picture(sheet, width=_SHEET_WIDTH, scale=1))
    print(f"{into / f'sheet-{slug}.png'}: {len(figures)} pictures")


def main() -> None:
    """Read the arguments and take the pictures."""
    parser = argparse.ArgumentParser(description="Every message of the campaigns, to be looked at.")
    parser.add_argument("into", type=Path, metavar="FOLDER")
    parser.add_argument("--campaign", nargs="+", default=[listed.slug for listed in list_campaigns()])
    chosen = parser.parse_args()
    chosen.into.mkdir(parents=True, exist_ok=True)
    with Chromium(find_chromium()) as browser:
        for slug in chosen.campaign:
            take(browser, slug, chosen.into)


if __name__ == "__main__":
    main()
