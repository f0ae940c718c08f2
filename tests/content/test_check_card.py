"""What `dispatch check` says of a card's picture: it never keeps a message from anybody."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from mistakes import CAMPAIGN

from dispatcher.content.check import Finding, Severity, check
from dispatcher.content.edition import Organisation
from dispatcher.content.load import CampaignSource

PNG = b"\x89PNG\r\n\x1a\n"
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def found(
    write_campaign: Callable[..., CampaignSource], organisation: Organisation
) -> Callable[[bytes, str, str], list[Finding]]:
    """What is found of a campaign with this picture and these lines in its two files."""

    def look(picture: bytes, line: str, spanish: str) -> list[Finding]:
        files = dict(CAMPAIGN) | {
            "campaign.toml": CAMPAIGN["campaign.toml"] + line,
            "es/campaign.toml": CAMPAIGN["es/campaign.toml"] + spanish,
            "march.png": picture,
        }
        return check(write_campaign(files=files), organisation, now=NOW)

    return look


def test_a_picture_that_says_what_it_shows_is_fine(found: Callable[[bytes, str, str], list[Finding]]) -> None:
    lines = ('image = "march.png"\nimage_alt = "People march"\n', 'image_alt = "Una marcha"\n')
    assert found(PNG, *lines) == []
    assert found(PNG, "", "") == []


@pytest.mark.parametrize(
    ("picture", "said", "problem"),
    [
        (b"<svg/>", 'image_alt = "Una marcha"\n', "isn't a PNG, JPEG or WebP picture."),
        (PNG, "", "The card's picture says nothing in es."),
    ],
)
def test_a_picture_that_cannot_be_shown_or_says_nothing_is_told(
    found: Callable[[bytes, str, str], list[Finding]], picture: bytes, said: str, problem: str
) -> None:
    [finding] = found(picture, 'image = "march.png"\nimage_alt = "People march"\n', said)
    assert (finding.severity, finding.line) == (Severity.WARNING, 6)
    assert problem in finding.problem
