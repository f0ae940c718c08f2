"""The frame and its includes: from the campaign's files, the working folder's, and the shipped ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.layout import Shelf
from dispatcher.content.load import CampaignSource
from dispatcher.errors import BrokenCampaign

WriteCampaign = Callable[..., CampaignSource]
WriteLayout = Callable[[str, str], Path]


def test_the_body_stands_in_the_layouts_slot(write_layout: WriteLayout, tmp_path: Path) -> None:
    write_layout("email.txt", "above\n{{ body }}below\n")
    shelf = Shelf(tmp_path, {"body.txt": "Hello {{ first_name }}\n"})
    assert shelf.framed("email.txt", "body.txt") == "above\nHello {{ first_name }}\nbelow\n"


def test_an_include_is_replaced_by_its_text(write_layout: WriteLayout, tmp_path: Path) -> None:
    write_layout("note.html", "<i>{{ name }}</i>\n")
    shelf = Shelf(tmp_path, {"body.html": "a {% include \"note.html\" %} b {%- include 'note.html' -%} c"})
    assert shelf.part("body.html") == "a <i>{{ name }}</i> b <i>{{ name }}</i> c"
    assert shelf.used["layouts/note.html"] == "<i>{{ name }}</i>\n"


def test_the_languages_own_file_comes_before_a_layouts(write_layout: WriteLayout, tmp_path: Path) -> None:
    write_layout("preheader.txt", "general")
    own = {"body.txt": "{% include 'preheader.txt' %}", "preheader.txt": "special"}
    assert Shelf(tmp_path, own).part("body.txt") == "special"


def test_plain_text_is_escaped_where_it_is_included_in_html(tmp_path: Path) -> None:
    files = {
        "body.html": "{% include 'preheader.txt' %}",
        "preheader.txt": "R&D < {{ '<' if name else '>' }}",
    }
    assert Shelf(tmp_path, files).part("body.html") == "R&amp;D &lt; {{ '<' if name else '>' }}"


def test_the_working_folders_layout_comes_before_the_shipped(
    write_campaign: WriteCampaign, write_layout: WriteLayout, organisation: Organisation
) -> None:
    write_layout("email.html", "<!DOCTYPE html>\n<html><body><p>Ours</p>{{ body }}</body></html>\n")
    html = freeze(write_campaign(), organisation).languages["en"].html
    assert html is not None
    assert "Ours" in html
    assert 'class="button-link"' in html  # button.html is the shipped one


def test_a_campaign_can_name_another_layout(
    write_campaign: WriteCampaign, write_layout: WriteLayout, organisation: Organisation
) -> None:
    write_layout("plain.html", "<html><body>Plain {{ body }}</body></html>")
    write_layout("plain.txt", "Plain {{ body }}")
    manifest = (
        'title = "x"\nlevel = "state"\nlists = ["x"]\naction_url = "https://p2a.co/x"\nlayout = "plain"\n'
    )
    english = freeze(write_campaign(files={"campaign.toml": manifest}), organisation).languages["en"]
    assert english.text is not None
    assert english.text.startswith("Plain Hello")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "one\n{% include 'missing.html' %}",
            ":2: there is no 'missing.html' beside it or in templates/layouts",
        ),
        ("{% include '../../etc/passwd' %}", ":1: there is no '../../etc/passwd'"),
        ("{% include name %}", ':1: write {% include "name.html" %}'),
        ("{% include 'button.html' ignore missing %}", ':1: write {% include "name.html" %}'),
        ("{% include 'body.html' %}", ": includes itself"),
    ],
)
def test_a_wrong_include_is_named_with_its_line(
    write_campaign: WriteCampaign, organisation: Organisation, body: str, words: str
) -> None:
    source = write_campaign(files={"body.html": body})
    with pytest.raises(BrokenCampaign) as refused:
        freeze(source, organisation)
    assert str(Path("templates/campaigns/budget/body.html")) in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize("frame", ["<html></html>", "{{ body }}{{ body }}"])
def test_a_layout_without_one_slot_is_refused(write_layout: WriteLayout, tmp_path: Path, frame: str) -> None:
    write_layout("email.html", frame)
    with pytest.raises(BrokenCampaign, match=r"layouts/email.html: needs {{ body }} once"):
        Shelf(tmp_path, {"body.html": "x"}).framed("email.html", "body.html")


def test_a_broken_layout_is_named_with_its_line(write_layout: WriteLayout, tmp_path: Path) -> None:
    write_layout("email.html", "<html>\n{{ body }}\n{{ oops</html>")
    with pytest.raises(BrokenCampaign, match=r"layouts/email.html:3: "):
        Shelf(tmp_path, {"body.html": "x"}).framed("email.html", "body.html")


def test_a_missing_layout_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrokenCampaign, match=r"templates/layouts/newsletter.html: there is no"):
        Shelf(tmp_path, {"body.html": "x"}).framed("newsletter.html", "body.html")
