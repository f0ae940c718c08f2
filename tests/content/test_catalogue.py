"""The frame's words: gettext catalogues, used once somebody who speaks the language has read them."""

import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatcher.content.catalogue import Catalogue, catalogue_for, catalogues, chrome
from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.errors import BrokenCampaign

WriteCampaign = Callable[..., CampaignSource]
FINISHED = {"en", "es", "pl", "ar"}
UNREVIEWED = {"zh-Hans", "ko", "uk", "fr", "hi", "ur", "tl"}
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Reviewer: {reviewer}\\n"\n\n'


@pytest.fixture
def write_catalogue(tmp_path: Path) -> Callable[..., Path]:
    """Write a catalogue into the test's own templates/locale."""

    def write(language: str, body: str, *, reviewer: str = "", head: str = HEAD) -> Path:
        path = tmp_path / "templates" / "locale" / f"{language}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(head.replace("{reviewer}", reviewer) + body, encoding="utf-8")
        return path

    return write


def entry(key: str, words: str) -> str:
    return f'msgctxt "{key}"\nmsgid "{catalogues()["en"].words[key]}"\nmsgstr "{words}"\n\n'


def whole(reviewed: Catalogue) -> str:
    """The body of a catalogue that says of everything what this one does."""
    return "".join(entry(key, words) for key, words in reviewed.words.items())


def facts_in(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_the_finished_languages_have_a_reviewer_and_the_others_none() -> None:
    reviewed = {language for language, found in catalogues().items() if found.reviewer}
    assert reviewed == FINISHED
    assert set(catalogues()) == FINISHED | UNREVIEWED


@pytest.mark.parametrize("language", sorted(FINISHED | UNREVIEWED))
def test_every_shipped_catalogue_translates_the_english_of_today_whole(language: str) -> None:
    english, found = catalogues()["en"], catalogues()[language]
    assert dict(found.english) == dict(english.words)
    assert set(found.words) == set(english.words)
    for key, words in found.words.items():
        optional = {"name"} if key == "chrome.greeting" else set()  # some languages would have to bend it
        assert facts_in(words) | optional == facts_in(english.words[key]) | optional, key
        assert words == words.strip(), key


@pytest.mark.parametrize("language", sorted(FINISHED | UNREVIEWED))
def test_words_that_carriers_listen_for_stay_as_they_are(language: str) -> None:
    english, found = catalogues()["en"], catalogues()[language]
    for key in (
        "chrome.reply_stop",
        "text.stop",
        "text.start",
        "text.help",
        "text.ask_ok",
        "broken.otherwise",
    ):
        for word in re.findall(r"\b(?:STOP|START|HELP|OK)\b", english.words[key]):
            if not (key == "text.help" and word == "HELP"):
                assert word in found.words[key], (language, key)


def test_arabic_and_urdu_run_from_right_to_left() -> None:
    right_to_left = {language for language in catalogues() if chrome(language)["dir"] == "rtl"}
    assert right_to_left == {"ar", "ur"}


@pytest.mark.parametrize(
    ("reader", "catalogue"), [("es-MX", "es"), ("zh", "zh-Hans"), ("zh-Hans-SG", "zh-Hans"), ("fil", "tl")]
)
def test_a_region_or_another_tag_takes_the_words_of_its_language(reader: str, catalogue: str) -> None:
    found = catalogue_for(reader)
    assert found is not None
    assert found.language == catalogue
    assert chrome(reader) == chrome(catalogue)


def test_traditional_chinese_is_not_simplified_chinese() -> None:
    assert catalogue_for("zh-Hant") is None
    assert catalogue_for("zh-TW") is None


def test_the_working_folder_can_add_a_language(write_catalogue: Callable[..., Path]) -> None:
    write_catalogue("pt", whole(catalogues()["es"]), reviewer="B. Lima")
    assert chrome("pt-BR") == chrome("es")
    found = catalogue_for("pt")
    assert found is not None
    assert found.reviewer == "B. Lima"


def test_the_working_folder_can_change_a_few_words(write_catalogue: Callable[..., Path]) -> None:
    write_catalogue("es", entry("chrome.leave", "Darse de baja"))
    assert chrome("es")["leave"] == "Darse de baja"
    assert chrome("es")["why"].startswith("Recibe este correo")
    found = catalogue_for("es")
    assert found is not None
    assert found.reviewer.startswith("the organisation")  # the shipped one's, for this file names nobody


def test_a_reviewer_in_the_working_folder_lets_a_shipped_language_be_used(
    write_catalogue: Callable[..., Path],
) -> None:
    write_catalogue("ko", "", reviewer="J. Park")
    found = catalogue_for("ko")
    assert found is not None
    assert found.reviewer == "J. Park"
    assert found.words["chrome.leave"] == "수신 거부"


def test_a_changed_file_is_read_again(write_catalogue: Callable[..., Path]) -> None:
    path = write_catalogue("es", entry("chrome.leave", "Salir"))
    assert chrome("es")["leave"] == "Salir"
    path.write_text(path.read_text().replace("Salir", "Darse de baja"), encoding="utf-8")
    assert chrome("es")["leave"] == "Darse de baja"


def test_a_tools_guess_does_not_count_as_words(write_catalogue: Callable[..., Path]) -> None:
    body = whole(catalogues()["es"]).replace('msgctxt "chrome.leave"', '#, fuzzy\nmsgctxt "chrome.leave"')
    write_catalogue("pt", body)
    with pytest.raises(BrokenCampaign, match=r"locale/pt.po: has no words for chrome.leave"):
        chrome("pt")


def test_a_language_without_words_for_the_frame_is_refused(
    write_campaign: WriteCampaign, organisation: Organisation
) -> None:
    source = write_campaign(files={"so/sms.txt": "STOP"})
    with pytest.raises(BrokenCampaign, match=r"templates/locale/so.po: isn't there"):
        freeze(source, organisation)


@pytest.mark.parametrize("body", ['msgid "x"\n', "msgid x\nmsgstr y\n", 'nonsense "x"\n', '"x"\n'])
def test_what_is_no_catalogue_is_refused(write_catalogue: Callable[..., Path], body: str) -> None:
    write_catalogue("pt", body, head="")
    with pytest.raises(BrokenCampaign, match=r"locale/pt.po"):
        chrome("pt")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Hola, {nmae}:", r"pt.po:\d+: chrome.greeting has {nmae}, which its English hasn't"),
        ("Hola, {}:", r"pt.po:\d+: chrome.greeting has {}, which"),
        ("Hola, {name:", r"pt.po:\d+: chrome.greeting: "),
    ],
)
def test_a_gap_that_nothing_fills_is_refused_with_its_line(
    write_catalogue: Callable[..., Path], words: str, problem: str
) -> None:
    write_catalogue("pt", entry("chrome.greeting", words))
    with pytest.raises(BrokenCampaign, match=problem):
        chrome("pt")
