"""The words that leave, come back, ask for help and ask to be forgotten."""

import pytest

from dispatcher.rules.folding import folded
from dispatcher.rules.leaving_vocabulary import phrases
from dispatcher.rules.opt_out_words import Keyword, keyword_phrases, meaning

LEAVING_IN_ENGLISH = """
    STOP | stop | Stop. | “Stop” | stop!!! | S T O P | STOPALL | stop all | UNSUBSCRIBE | Cancel | END |
    quit | Revoke | OPTOUT | opt out | Opt-out | OPT OUT. | STOP PLEASE | stop 🛑 | stop stop stop |
    remove me |
    \N{FULLWIDTH LATIN CAPITAL LETTER S}TOP | thank you, stop
"""
NOT_LEAVING = """
    Stop the deportations! | Alto a las deportaciones | We will not stop | no more deportations | YES |
    👍 | when does it end? | I can't help today | end family separation | basta de redadas | ¡Basta ya! |
    thank you | please stop texting me and my family and everybody else who lives at this house
"""


def texts(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|")]


@pytest.mark.parametrize("text", texts(LEAVING_IN_ENGLISH))
def test_english_ways_to_leave_all_count(text: str) -> None:
    assert meaning(text) == (Keyword.STOP, "en")


@pytest.mark.parametrize(
    "text", texts("ALTO|¡Alto!|PARAR|Baja|CANCELAR|salir|NO MAS|¡No más!|No ma\u0301s|nomas|alto por favor")
)
def test_spanish_ways_to_leave_all_count(text: str) -> None:
    assert meaning(text) == (Keyword.STOP, "es")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wypisz", "pl"),
        ("rezygnuję", "pl"),
        ("توقف", "ar"),
        ("إلغاء", "ar"),
        ("退订", "zh-Hans"),
        ("수신 거부", "ko"),
        ("СТОП", "uk"),
        ("désabonner", "fr"),
        ("बंद करो", "hi"),
        ("band karo", "hi"),
        ("بند کریں", "ur"),
        ("itigil po", "tl"),
    ],
)
def test_other_languages_ways_to_leave_count_too(text: str, language: str) -> None:
    assert meaning(text) == (Keyword.STOP, language)


@pytest.mark.parametrize("text", [*texts(NOT_LEAVING), ""])
def test_a_slogan_or_an_answer_is_nobodys_leave(text: str) -> None:
    assert meaning(text) is None


@pytest.mark.parametrize(
    ("text", "keyword", "language"),
    [
        ("START", Keyword.START, "en"),
        ("Unstop", Keyword.START, "en"),
        ("ALTA", Keyword.START, "es"),
        ("help?", Keyword.HELP, "en"),
        ("INFO", Keyword.HELP, "en"),
        ("Ayuda por favor", Keyword.HELP, "es"),
        ("Información", Keyword.HELP, "es"),
        ("pomoc", Keyword.HELP, "pl"),
        ("مساعدة", Keyword.HELP, "ar"),
        ("ERASE", Keyword.ERASE, "en"),
        ("Borrar", Keyword.ERASE, "es"),
        ("erase yes!", Keyword.ERASE_YES, "en"),
        ("BORRAR SÍ", Keyword.ERASE_YES, "es"),
    ],
)
def test_coming_back_help_and_being_forgotten_are_understood(
    text: str, keyword: Keyword, language: str
) -> None:
    assert meaning(text) == (keyword, language)


def test_every_whole_text_means_one_thing_in_every_language() -> None:
    meanings: dict[str, set[Keyword]] = {}
    for keyword in Keyword:
        for _, phrase in phrases(keyword):
            meanings.setdefault(folded(phrase), set()).add(keyword)
    assert {phrase: found for phrase, found in meanings.items() if len(found) > 1} == {}
    assert all(found for found in keyword_phrases())
