"""Pictures of a preview: the email on a phone and a computer, the text on a phone, each in light and dark."""

from collections.abc import Iterator
from pathlib import Path

from dispatcher.chromium import Chromium, find_chromium
from dispatcher.usecases.preview import Preview

PHONE, DESKTOP = 390, 1000  # CSS pixels


def take_pictures(seen: Preview, folder: Path) -> list[Path]:
    """PNG files in `folder`, named such as daca-es-phone-dark.png and daca-es-text-light.png.

    Raises ChromiumMissing or ChromiumFailed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    with Chromium(find_chromium()) as browser:
        for page, name, width in _pages(seen):
            for colours in ("light", "dark"):
                path = folder / f"{name}-{colours}.png"
                path.write_bytes(browser.picture(page, width=width, dark=colours == "dark"))
                taken.append(path)
    return taken


def _pages(seen: Preview) -> Iterator[tuple[Path, str, int]]:
    """Each page with what its picture is called and how wide it is."""
    if seen.html_file:
        yield seen.html_file, f"{seen.html_file.stem}-phone", PHONE
        yield seen.html_file, f"{seen.html_file.stem}-desktop", DESKTOP
    if seen.sms_file:
        yield seen.sms_file, seen.sms_file.stem, PHONE
