"""A campaign as rows for a translator, and files out of the rows that come back."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from dispatcher.content.load import CampaignSource, ListedCampaign, list_campaigns, load_campaign
from dispatcher.content.translation import Row, rows, take_in

WriteCampaign = Callable[..., CampaignSource]
BODY = (
    '<h1>Act</h1>\n{% with button = "Go", action_url = "https://a.org/x" %}\n'
    "<p>Hello {{ org.name }}</p>{% endwith %}\n"
)


def translated(source: CampaignSource, language: str = "es", **changed: str) -> list[Row]:
    """Every row with a translation: `[source]`, or what is given by its place (`body_html_1`)."""
    came_back = []
    for line, row in enumerate(rows(source, language), start=2):
        words = changed.get(row.place.replace(".", "_").replace(" ", "_"), f"{row.source}")
        came_back.append(replace(row, translation=words, line=line))
    return came_back


@pytest.mark.parametrize("one", list_campaigns(), ids=lambda one: one.slug)
def test_what_goes_out_comes_back_as_the_same_files(one: ListedCampaign) -> None:
    source = one.source
    assert source is not None
    for language in set(source.languages) - {"en"}:
        taken = take_in(source, rows(source, language))
        written = source.languages[language]
        assert taken.problems == []
        facts = {"title": written.title, "button": written.button}
        assert taken.files == dict(written.files) | facts


def test_rows_come_in_the_order_in_which_a_reader_meets_them(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"body.html": BODY, "note.html": "<p>A note</p>"})
    places = [row.place for row in rows(source, "es")]
    assert places == [
        *("campaign.toml title", "campaign.toml button", "subject.txt 1"),
        *(
            "body.html 1",
            "body.html 2",
            "body.html 3",
            "body.html 4",
            "body.txt 1",
            "sms.txt 1",
            "note.html 1",
        ),
    ]


def test_a_translation_with_other_paragraphs_is_not_guessed_at(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"es/body.html": "<p>Uno</p><p>Dos</p>", "es/sms.txt": "STOP ya"})
    known = {row.place: row.translation for row in rows(source, "es")}
    assert known["body.html 1"] == ""
    assert known["sms.txt 1"] == "STOP ya"


def test_the_frame_is_the_sources_and_a_link_without_translation_stays(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"body.html": BODY})
    came_back = translated(
        source, body_html_1="Actúe", body_html_2="Ya", body_html_3="", body_html_4="{{ org.name }}"
    )
    taken = take_in(source, came_back)
    assert taken.problems == []
    assert taken.files["body.html"] == BODY.replace("Act", "Actúe").replace("Go", "Ya").replace("Hello ", "")


def test_a_language_may_have_a_page_of_its_own(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"body.html": BODY})
    taken = take_in(source, translated(source, body_html_3="https://a.org/es"))
    assert 'action_url = "https://a.org/es"' in taken.files["body.html"]


def test_a_link_follows_its_source_unless_the_language_has_its_own(write_campaign: WriteCampaign) -> None:
    spanish: dict[str, str | bytes | None] = {"es/subject.txt": "Ya", "es/body.html": BODY, "body.html": BODY}
    folder = write_campaign(files=spanish).folder
    changed = BODY.replace("https://a.org/x", "https://a.org/new")
    (folder / "body.html").write_text(changed)
    source = load_campaign("budget")
    (link,) = [row for row in rows(source, "es") if row.source == "https://a.org/new"]
    assert (link.translation, link.changed) == ("", True)
    assert take_in(source, rows(source, "es")).files["body.html"] == changed
    (folder / "es/body.html").write_text(BODY.replace("https://a.org/x", "https://a.org/es"))
    (link,) = [row for row in rows(load_campaign("budget"), "es") if row.source == "https://a.org/new"]
    assert (link.translation, link.changed) == ("https://a.org/es", True)


def test_a_part_without_translation_is_left_alone(write_campaign: WriteCampaign) -> None:
    source = write_campaign()
    taken = take_in(source, translated(source, sms_txt_1=" ", campaign_toml_title=""))
    assert taken.problems == []
    assert {"sms.txt", "title"}.isdisjoint(taken.files)
    assert taken.empty == ["title", "sms.txt"]
    assert "subject.txt" in taken.files


def test_half_a_part_is_refused(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"body.html": f"<p>One</p><p>{'long ' * 20}</p>"})
    taken = take_in(source, translated(source, body_html_2=""))
    number = next(row.line for row in translated(source) if row.place == "body.html 2")
    told = f"body.html 2 has no translation: {('long ' * 12).strip()}…"
    assert taken.problems == [f"Row {number}: {told}"]
    assert "body.html" not in taken.files
    without = [row for row in translated(source) if row.place != "body.html 2"]
    assert take_in(source, without).problems == [told]


def test_lost_tokens_and_links_are_named_with_their_row(write_campaign: WriteCampaign) -> None:
    source = write_campaign()
    taken = take_in(source, translated(source, sms_txt_1="ICIRR: llame hoy STOP", body_txt_1="Hola"))
    assert taken.problems == [
        "Row 6: {{ action_url }} is lost.",
        "Row 7: {{ action_url }} is lost.",
    ]


def test_words_that_have_changed_since_are_refused(write_campaign: WriteCampaign) -> None:
    came_back = translated(write_campaign())
    taken = take_in(write_campaign(files={"subject.txt": "Another subject"}), came_back)
    assert taken.problems == ["Row 4: subject.txt 1 has other words now than when this was exported."]


def test_rows_of_what_is_gone_are_refused(write_campaign: WriteCampaign) -> None:
    source = write_campaign()
    taken = take_in(source, [Row("body.html", 9, "x", "y", line=12)])
    assert taken.problems == ["Row 12: body.html 9 isn't in the campaign any more."]


def test_what_is_no_template_any_more_is_refused(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"sms.txt": "{% if attributes.a %}A{% else %}B{% endif %} STOP"})
    taken = take_in(source, translated(source, sms_txt_1="{% endif %}A{% else %}B{% if attributes.a %} STOP"))
    assert len(taken.problems) == 1
    assert taken.problems[0].startswith("Rows 7 to 7: sms.txt:1: ")


def test_a_name_that_is_left_out_is_told(write_campaign: WriteCampaign) -> None:
    source = write_campaign(files={"body.txt": "Hello {{ first_name }}!\n"})
    taken = take_in(source, translated(source, body_txt_1="Dzień dobry!"))
    assert taken.problems == []
    assert taken.named_less == ["Row 6: body.txt 1 leaves the reader's name out."]
    assert taken.files["body.txt"] == "Dzień dobry!\n"
