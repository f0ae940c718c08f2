"""The frame's words: gettext catalogues, used once somebody who speaks the language has read them."""

import json
import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from dispatcher.content.catalogue import Catalogue, catalogue_for, catalogues, chrome
from dispatcher.content.load import CampaignSource
from dispatcher.errors import BrokenCampaign

WriteCampaign = Callable[..., CampaignSource]
FINISHED = {"en", "es", "pl", "ar"}
UNREVIEWED = {"zh-Hans", "ko", "uk", "fr", "hi", "ur", "tl"}
# What an unreviewed language has at least, for a reader to judge it by; pages may be in English till then.
FRAME = {"chrome", "email", "sms", "left", "broken", "trouble"}
FIRST_ANSWERS = {"text.stop", "text.start", "text.help", "text.ask_ok"}
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
    return f'msgctxt "{key}"\nmsgid {quoted(catalogues()["en"].words[key])}\nmsgstr {quoted(words)}\n\n'


def quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def whole(reviewed: Catalogue) -> str:
    """The body of a catalogue that says of everything what this one does."""
    return "".join(entry(key, words) for key, words in reviewed.words.items())


def in_frame(key: str) -> bool:
    return key.partition(".")[0] in FRAME or key in FIRST_ANSWERS


def facts_in(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_the_finished_languages_have_a_reviewer_and_the_others_none() -> None:
    reviewed = {language for language, found in catalogues().items() if found.reviewer}
    assert reviewed == FINISHED
    assert set(catalogues()) == FINISHED | UNREVIEWED


@pytest.mark.parametrize("language", sorted(FINISHED | UNREVIEWED))
def test_every_shipped_catalogue_translates_the_english_of_today(language: str) -> None:
    english, found = catalogues()["en"], catalogues()[language]
    wanted = set(english.words) if language in FINISHED else set(filter(in_frame, english.words))
    assert wanted <= set(found.words) <= set(english.words)
    for key, words in found.words.items():
        assert found.english[key] == english.words[key], key
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
    assert catalogues()["pt"].fuzzy == {"chrome.leave"}
    assert chrome("pt")["leave"] == "Unsubscribe"
    assert chrome("pt")["why"] == chrome("es")["why"]


def test_a_guess_in_the_working_folder_takes_no_shipped_words_away(
    write_catalogue: Callable[..., Path],
) -> None:
    path = write_catalogue("es", "#, fuzzy\n" + entry("chrome.leave", "Salida"))
    assert (set(catalogues()["es"].fuzzy), chrome("es")["leave"]) == (
        {"chrome.leave"},
        "Cancelar la suscripción",
    )
    path.write_text(path.read_text().replace("#, fuzzy\n", ""))
    assert (set(catalogues()["es"].fuzzy), chrome("es")["leave"]) == (set(), "Salida")


def test_a_language_without_a_catalogue_is_english_around_its_words_and_runs_its_own_way() -> None:
    assert chrome("he") == chrome("en") | {"dir": "rtl"}


@pytest.mark.parametrize("body", ['msgid "x"\n', "msgid x\nmsgstr y\n", 'nonsense "x"\n', '"x"\n'])
def test_what_is_no_catalogue_is_refused(write_catalogue: Callable[..., Path], body: str) -> None:
    write_catalogue("pt", body, head="")
    with pytest.raises(BrokenCampaign, match=r"locale/pt.po"):
        chrome("pt")


@pytest.mark.parametrize(
    ("key", "words", "problem"),
    [
        (
            "chrome.greeting",
            "Hola, {nmae}:",
            "has {nmae}, which its English hasn't: nothing would stand there.",
        ),
        ("chrome.greeting", "Hola, {}:", "has {}, which its"),
        ("chrome.greeting", "Hola, {name!r:>{width}}:", "has {name!r:>{width}}, which"),
        ("chrome.greeting", "Hola, {name:", "has braces that don't fit together"),
        ("chrome.greeting", "Bom dia!", ""),
        ("chrome.why", "Por su suscripción.", "has lost {list_name}."),
        ("chrome.reply_stop", "Responda PARE", "has lost the word STOP, which carriers and we listen for"),
        ("chrome.reply_stop", "Responda NONSTOP", "has lost the word STOP"),
        ("chrome.reply_stop", "回复STOP退订", ""),
        ("text.stop", "{org}: ALTA", "has lost the word START"),
        ("text.ask_ok", "{org}: TEST? DE ACUERDO", "has lost the word OK"),
        ("broken.title", "Oy, {org}", "has {org}, which"),
    ],
)
def test_words_that_lose_what_must_stay_are_not_used(
    write_catalogue: Callable[..., Path], key: str, words: str, problem: str
) -> None:
    write_catalogue("pt", entry(key, words))
    found = catalogues()["pt"]
    assert (key in found.words) is not bool(problem)
    assert found.slips.get(key, "").startswith(problem)
    assert found.places[key].file == "templates/locale/pt.po"
    assert found.places[key].line == 7
    section, _, name = key.partition(".")
    if section == "chrome" and problem:
        assert chrome("pt")[name] == chrome("en")[name]


def test_other_english_words_must_keep_what_the_shipped_ones_have(
    write_catalogue: Callable[..., Path],
) -> None:
    own = 'msgctxt "chrome.{}"\nmsgid "{}"\nmsgstr ""\n\n'
    write_catalogue("en", own.format("reply_stop", "Reply QUIT") + own.format("leave", "Leave"))
    assert catalogues()["en"].slips.keys() == {"chrome.reply_stop"}
    assert (chrome("en")["reply_stop"], chrome("en")["leave"]) == ("Reply STOP to stop", "Leave")


def test_right_words_in_the_working_folder_mend_a_slip(write_catalogue: Callable[..., Path]) -> None:
    path = write_catalogue("es", entry("chrome.reply_stop", "Responda PARE"))
    assert "chrome.reply_stop" in catalogues()["es"].slips
    assert chrome("es")["reply_stop"] == "Responda STOP para no recibir mensajes"
    path.write_text(path.read_text().replace("PARE", "STOP"))
    assert "chrome.reply_stop" not in catalogues()["es"].slips
    assert chrome("es")["reply_stop"] == "Responda STOP"
