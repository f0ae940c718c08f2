"""The cards of the Calls to Action page, from the files of campaigns."""

import os
import time
from pathlib import Path

import pytest
from campaigns import write_campaign

from dispatcher.content.cards import LARGEST_PICTURE, Card, CardRack, read_cards, read_picture
from dispatcher.content.colour_field import colour_field
from dispatcher.errors import BrokenCampaign
from dispatcher.usecases.organisation import PRACTICE

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 10


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign in English and Spanish."""
    return write_campaign(tmp_path, languages=("en", "es"))


def say(folder: Path, *lines: str) -> None:
    with (folder / "campaign.toml").open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


def cards(organisation: str = "Three Volunteers") -> dict[str, Card]:
    return {card.slug: card for card in read_cards(organisation).cards}


def test_the_shipped_campaigns_are_shown_by_their_own_organisation_alone() -> None:
    assert list(cards(PRACTICE.name)) == ["everybody-2024", "senators", "daca", "healthcare"]
    assert cards() == {}


def test_a_shipped_card_has_what_its_reader_needs() -> None:
    shown = cards(PRACTICE.name)
    assert {slug: card.sign_up for slug, card in shown.items()} == {
        "everybody-2024": "",
        "senators": "",
        "daca": "daca",
        "healthcare": "healthcare",
    }
    assert all(face.read_more for card in shown.values() for face in card.faces.values())
    assert sorted(shown["daca"].faces) == ["ar", "en", "es", "pl"]
    for slug in ("everybody-2024", "senators"):
        assert {language: len(lines) for language, lines in shown[slug].before.items()} == {
            "en": 3,
            "es": 3,
            "pl": 3,
        }


def test_a_card_says_its_own_words_else_the_title_in_every_language_that_has_one(folder: Path) -> None:
    assert cards()["budget"].face("en").words == "Keep the budget whole"
    say(folder, 'card = "Call about the budget"')
    assert cards()["budget"].face("en").words == "Call about the budget"
    assert cards()["budget"].face("es-MX").language == "en"  # nothing of the card is Spanish yet
    (folder / "es" / "campaign.toml").write_text('card = "Llame"\naction_url = "https://p2a.co/es"\n')
    spanish = cards()["budget"].face("es-MX")
    assert (spanish.words, spanish.action_url, spanish.button) == ("Llame", "https://p2a.co/es", "")


def test_a_campaign_may_stay_off_the_page(folder: Path) -> None:
    say(folder, "public = false")
    assert cards() == {}


def test_what_ends_soon_comes_first_and_signing_up_last(tmp_path: Path) -> None:
    for slug in ("a-list", "b-plain", "c-soon"):
        write_campaign(tmp_path, slug)
    say(tmp_path / "templates/campaigns/a-list", "sign_up = true")
    say(tmp_path / "templates/campaigns/c-soon", "deadline = 2027-01-01T17:00:00-06:00")
    assert list(cards()) == ["c-soon", "b-plain", "a-list"]


def test_the_lines_before_acting_are_no_part_of_a_message(folder: Path) -> None:
    (folder / "before.txt").write_text("\n One {{ line \n\nTwo\n")
    card = cards()["budget"]
    assert card.before_for("es") == (("One {{ line", "Two"), "en")


def test_a_broken_campaign_hides_no_other_and_a_broken_picture_not_its_words(folder: Path) -> None:
    broken = folder.parent / "broken"
    broken.mkdir()
    (broken / "campaign.toml").write_text("title =")
    say(folder, 'image = "march.png"')
    read = read_cards("Three Volunteers")
    assert ([card.slug for card in read.cards], read.troubles) == (["budget"], 2)
    assert read.cards[0].picture is None
    (folder / "march.png").write_bytes(PNG)
    picture = cards()["budget"].picture
    assert picture
    assert (picture.media_type, picture.content) == ("image/png", PNG)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp")],
)
def test_a_picture_is_known_by_how_it_begins(tmp_path: Path, content: bytes, kind: str) -> None:
    (tmp_path / "x").write_bytes(content)
    assert read_picture(tmp_path / "x").media_type == kind


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"<svg onload='alert(1)'/>", "isn't a PNG, JPEG or WebP"),
        (PNG + b"x" * LARGEST_PICTURE, "is larger than 400 KB"),
        (None, "can't be read"),
    ],
)
def test_what_is_no_picture_for_a_page_is_refused(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(BrokenCampaign, match=problem):
        read_picture(tmp_path / "x.png")


def test_cards_are_read_again_when_a_file_has_changed(folder: Path) -> None:
    told: list[int] = []
    rack = CardRack("Three Volunteers", told.append)
    first = rack.cards()
    assert rack.cards() is first
    (folder / "campaign.toml").write_text("title =")
    os.utime(folder / "campaign.toml", (time.time() + 5, time.time() + 5))
    rack._looked = 0.0
    assert rack.cards() == ()
    assert told == [1]


def test_a_card_without_a_picture_gets_a_landscape_of_its_own() -> None:
    one, other = (colour_field("#0b4f5c", bytes([seed] * 8), turn) for seed, turn in ((1, 0), (200, 1)))
    assert one != other
    assert one == colour_field("#0b4f5c", bytes([1] * 8), 0)
    assert "#7a2e4d" in colour_field("#7a2e4d", bytes(8), 0)
