"""A campaign out to translators and back: all sheets or none, with a record of what they were made from."""

import tomllib
from pathlib import Path

import pytest
from campaigns import frozen_campaign, write_campaign
from openpyxl import load_workbook

from dispatcher.content.load import load_campaign
from dispatcher.content.translated import standing
from dispatcher.errors import BrokenCampaign, TranslationRefused
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.sign_offs import Standing, signed_off
from dispatcher.usecases.translate import accept, export_sheets, import_sheets, note_read

SHEET = Path("sheet.xlsx")


@pytest.fixture(autouse=True)
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign in English and Spanish."""
    return write_campaign(tmp_path, languages=["en", "es"])


def translate(language: str, **words: str) -> None:
    """Fill a sheet's third column: `[language] source`, or what is given by its place (`sms_txt_1`)."""
    workbook = load_workbook(SHEET)
    for where, source, translation, _ in workbook[language].iter_rows(min_row=2):
        name = str(where.value).replace(".", "_").replace(" ", "_")
        link = str(source.value).startswith("https://")
        translation.value = words.get(
            name, "" if link else str(source.value).replace("[en]", f"[{language}]")
        )
    workbook.save(SHEET)


def test_a_new_language_comes_into_being_by_its_sheet(budget: Path) -> None:
    assert export_sheets("budget", ["pl"], SHEET) == ["pl"]
    translate("pl", campaign_toml_title='Budżet "bez cięć"', campaign_toml_button="")
    (imported,) = import_sheets("budget", SHEET)
    assert imported.language == "pl"
    assert set(imported.parts) == {"title", "subject.txt", "body.html", "body.txt", "sms.txt"}
    assert tomllib.loads((budget / "pl/campaign.toml").read_text()) == {"title": 'Budżet "bez cięć"'}
    source = load_campaign("budget")
    assert standing(source, source.languages["pl"]).unrecorded == ()
    assert frozen_campaign().languages_for(Channel.SMS) == {"en", "es", "pl"}


def test_without_a_language_every_translation_goes_out_with_what_it_says(budget: Path) -> None:
    assert export_sheets("budget", [], SHEET) == ["es"]
    before = {path.name: path.read_text() for path in (budget / "es").iterdir() if path.suffix != ".toml"}
    import_sheets("budget", SHEET)
    assert before == {
        path.name: path.read_text() for path in (budget / "es").iterdir() if path.suffix != ".toml"
    }


def test_the_rest_of_a_languages_campaign_toml_stays(budget: Path) -> None:
    (budget / "es/campaign.toml").write_text('# ours\nbutton = "Ya"\naction_url = "https://p2a.co/es"\n')
    export_sheets("budget", ["es"], SHEET)
    translate("es", campaign_toml_button="Llame \\ ahora")
    import_sheets("budget", SHEET)
    written = (budget / "es/campaign.toml").read_text()
    assert written.startswith("# ours\nbutton = ")
    assert tomllib.loads(written) == {
        "button": "Llame \\ ahora",
        "action_url": "https://p2a.co/es",
        "title": "Keep the budget whole",
    }


def test_a_sheet_with_problems_writes_nothing_at_all(budget: Path) -> None:
    export_sheets("budget", ["es", "pl"], SHEET)
    translate("pl", sms_txt_1="bez linku")
    translate("es", sms_txt_1="sin enlace", subject_txt_1="{{ leave_url }}")
    before = (budget / "es/subject.txt").read_text()
    with pytest.raises(TranslationRefused) as refused:
        import_sheets("budget", SHEET)
    assert "es: Row 4: {{ leave_url }} isn't in the source." in str(refused.value)
    assert "pl: Row" in str(refused.value)
    assert not (budget / "pl").exists()
    assert (budget / "es/subject.txt").read_text() == before


def test_files_of_parts_that_come_back_empty_stay_and_are_named(budget: Path) -> None:
    (budget / "es/campaign.toml").write_text('button = "Ya"\n')
    before = (budget / "es/sms.txt").read_text()
    export_sheets("budget", ["es", "pl"], SHEET)
    for language in ("es", "pl"):
        translate(language, sms_txt_1="", campaign_toml_title="", campaign_toml_button="")
    spanish, polish = import_sheets("budget", SHEET)
    folder = "templates/campaigns/budget/es"
    assert spanish.kept == (f"{folder}/campaign.toml (button)", f"{folder}/sms.txt")
    assert polish.kept == ()
    assert (budget / "es/sms.txt").read_text() == before


def test_only_some_problems_are_named_at_once(budget: Path) -> None:
    (budget / "body.txt").write_text("".join(f"Part {n} {{{{ title }}}}\n\n" for n in range(12)))
    export_sheets("budget", ["pl"], SHEET)
    translate("pl", **{f"body_txt_{n}": "x" for n in range(1, 13)})
    with pytest.raises(TranslationRefused, match=r"And 2 more\."):
        import_sheets("budget", SHEET)


def test_rows_without_the_readers_name_are_told(budget: Path) -> None:
    (budget / "subject.txt").write_text("For {{ first_name }}")
    export_sheets("budget", ["pl"], SHEET)
    translate("pl", subject_txt_1="Dla Ciebie")
    (imported,) = import_sheets("budget", SHEET)
    assert imported.named_less == ("Row 4: subject.txt 1 leaves the reader's name out.",)


@pytest.mark.parametrize("language", ["en", "Polish", "../x"])
def test_what_is_no_other_language_is_refused(language: str) -> None:
    with pytest.raises(TranslationRefused, match="can't be a translation of budget"):
        export_sheets("budget", [language], SHEET)


def test_a_sheet_of_no_language_is_refused() -> None:
    export_sheets("budget", ["pl"], SHEET)
    workbook = load_workbook(SHEET)
    workbook["pl"].title = "Sheet1"
    workbook.save(SHEET)
    with pytest.raises(TranslationRefused, match="'Sheet1' can't be a translation"):
        import_sheets("budget", SHEET)


def test_a_campaign_in_one_language_needs_a_name_for_the_next(tmp_path: Path) -> None:
    write_campaign(tmp_path, "alone")
    with pytest.raises(TranslationRefused, match="alone is in no other language than en yet"):
        export_sheets("alone", [], SHEET)


def test_the_shipped_campaigns_are_not_written_into() -> None:
    export_sheets("daca", ["ar"], SHEET)
    with pytest.raises(TranslationRefused, match=r"daca comes with Dispatcher\. Copy "):
        import_sheets("daca", SHEET)


def test_a_stale_translation_can_be_accepted_as_it_is(budget: Path) -> None:
    (budget / "sms.txt").write_text("ICIRR: now call. {{ action_url }} Reply STOP to stop.")
    source = load_campaign("budget")
    assert standing(source, source.languages["es"]).stale == {"sms.txt": (1,)}
    assert accept("budget", "es") == ("body.html", "body.txt", "sms.txt", "subject.txt")
    source = load_campaign("budget")
    assert standing(source, source.languages["es"]).stale == {}


@pytest.mark.parametrize("language", ["en", "pl"])
def test_only_a_translation_can_be_accepted_or_read(house: House, language: str) -> None:
    with pytest.raises(BrokenCampaign, match=rf"no translation into '{language}'\. There are: es"):
        accept("budget", language)
    with pytest.raises(BrokenCampaign, match="no translation into"):
        note_read(house, "budget", language, "H.")


def test_a_campaign_without_translations_says_so(tmp_path: Path) -> None:
    write_campaign(tmp_path, "alone")
    with pytest.raises(BrokenCampaign, match="There are: none"):
        accept("alone", "es")


def test_who_has_read_a_translation_is_noted_by_channel(house: House, budget: Path) -> None:
    read = note_read(house, "budget", "es", "H.", [Channel.EMAIL])
    assert {one.channel: one.standing for one in read} == {
        Channel.EMAIL: Standing.READ,
        Channel.SMS: Standing.UNREAD,
    }
    (budget / "es/body.txt").unlink()
    (budget / "es/body.html").unlink()
    (one,) = note_read(house, "budget", "es", "J.")
    assert (one.channel, one.reader, one.standing) == (Channel.SMS, "J.", Standing.READ)
    with house.db.reading() as session:
        assert signed_off(session, frozen_campaign(), Channel.EMAIL, ["es"]) == []
