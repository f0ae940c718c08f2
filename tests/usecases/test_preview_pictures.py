"""Pictures of a preview, taken by a real Chromium."""

from pathlib import Path

import pytest
from campaigns import write_campaign

from dispatcher.errors import ChromiumMissing
from dispatcher.house import House
from dispatcher.usecases.preview import preview
from dispatcher.usecases.preview_pictures import take_pictures

EMAIL = [
    f"budget-en-{device}-{colours}.png" for device in ("phone", "desktop") for colours in ("light", "dark")
]
TEXT = ["budget-en-text-light.png", "budget-en-text-dark.png"]


@pytest.mark.usefixtures("chromium")
def test_the_email_and_the_text_are_taken_in_light_and_dark(house: House, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    taken = take_pictures(preview(house, "budget", to=None, language=None), tmp_path / "a" / "b")
    assert [path.name for path in taken] == EMAIL + TEXT
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in taken)


@pytest.mark.usefixtures("chromium")
def test_what_there_is_no_message_of_has_no_picture(house: House, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path)
    (folder / "sms.txt").unlink()
    (folder / "es").mkdir()
    (folder / "es" / "sms.txt").write_text("STOP")
    seen = [preview(house, "budget", to=None, language=language) for language in ("en", "es")]
    assert [path.name for path in take_pictures(seen[0], tmp_path)] == EMAIL
    assert [path.name for path in take_pictures(seen[1], tmp_path)] == [
        name.replace("-en-", "-es-") for name in TEXT
    ]


def test_without_chromium_it_is_said_how_to_get_it(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_campaign(tmp_path)
    seen = preview(house, "budget", to=None, language=None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChromiumMissing):
        take_pictures(seen, tmp_path)
