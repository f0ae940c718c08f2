"""An email's colours come from one accent, and can be read whatever it is."""

from collections.abc import Callable

import pytest

from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.content.palette import ACCENT, painted, palette, problem_with
from dispatcher.errors import BrokenCampaign
from dispatcher.rules.contrast import AA, WHITE, contrast

WriteCampaign = Callable[..., CampaignSource]
GROUNDS = ("#162023", "#1f2d31")  # the sheet and a note in dark mode
ACCENTS = [ACCENT, "#7a1f3d", "#b3261e", "#1d4ed8", "#2e7d32", "#6b21a8", "#000000", "#767600"]


@pytest.mark.parametrize("accent", [one for one in ACCENTS if not problem_with(one)])
def test_every_pair_of_colours_can_be_read(accent: str) -> None:
    colours = palette(accent)
    pairs = [
        (WHITE, accent),
        (colours["soft"], accent),
        (accent, WHITE),
        (accent, colours["tint"]),
        *((colours["bright"], ground) for ground in GROUNDS),
        (colours["on_bright"], colours["bright"]),
    ]
    assert [pair for pair in pairs if contrast(*pair) < AA] == []


def test_a_light_accent_is_refused_with_one_that_would_do() -> None:
    told = problem_with("#e07a00")
    assert "its contrast is 2.8, and 4.5 is needed" in told
    assert problem_with(told.partition("needed; ")[2].partition(" ")[0]) == ""


def test_colours_are_put_in_as_text() -> None:
    assert painted("a { color: {{ palette.accent }}; }", "#000000", "email.html") == "a { color: #000000; }"


def test_a_colour_that_there_is_not_is_named() -> None:
    with pytest.raises(BrokenCampaign, match=r"email.html: palette.pink isn't known; there are accent, "):
        painted("{{ palette.pink }}", ACCENT, "email.html")


def test_a_campaigns_colour_is_its_emails(write_campaign: WriteCampaign, organisation: Organisation) -> None:
    manifest = 'title = "x"\nlevel = "state"\nlists = ["x"]\naction_url = "https://p2a.co/x"\nbutton = "Go"\n'
    plain = freeze(write_campaign(files={"campaign.toml": manifest}), organisation)
    red = freeze(write_campaign(files={"campaign.toml": manifest + 'color = "#B3261E"\n'}), organisation)
    assert ACCENT in (plain.languages["en"].html or "")
    assert "#b3261e" in (red.languages["en"].html or "")
    assert ACCENT not in (red.languages["en"].html or "")
    assert plain.sha256 != red.sha256
