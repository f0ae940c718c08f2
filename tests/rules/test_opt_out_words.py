"""The words that leave, come back and ask for help."""

import pytest

from dispatcher.rules.opt_out_words import WORDS, Keyword, folded, meaning

LEAVING_IN_ENGLISH = """
    STOP | stop | Stop. | “Stop” | stop!!! | S T O P | STOPALL | stop all | UNSUBSCRIBE | Cancel | END |
    quit | Revoke | OPTOUT | opt out | Opt-out | OPT OUT. | STOP PLEASE | stop 🛑 | Please stop texting
    me | remove me | \N{FULLWIDTH LATIN CAPITAL LETTER S}TOP
"""
NOT_LEAVING = """
    Stop the deportations! | Alto a las deportaciones | We will not stop | no more deportations | YES |
    👍 | when does it end? | I can't help today | end family separation | basta de redadas | ¡Basta ya!
"""


def phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split("|")]


@pytest.mark.parametrize("text", phrases(LEAVING_IN_ENGLISH))
def test_english_ways_to_leave_all_count(text: str) -> None:
    assert meaning(text) == (Keyword.STOP, "en")


@pytest.mark.parametrize(
    "text", phrases("ALTO|¡Alto!|PARAR|Baja|CANCELAR|salir|NO MAS|¡No más!|No ma\u0301s|nomas")
)
def test_spanish_ways_to_leave_all_count(text: str) -> None:
    assert meaning(text) == (Keyword.STOP, "es")


@pytest.mark.parametrize(
    ("text", "language"),
    [("Wypisz", "pl"), ("rezygnuję", "pl"), ("توقف", "ar"), ("إلغاء", "ar")],
)
def test_other_languages_ways_to_leave_count_too(text: str, language: str) -> None:
    assert meaning(text) == (Keyword.STOP, language)


@pytest.mark.parametrize("text", [*phrases(NOT_LEAVING), ""])
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
        ("Ayuda", Keyword.HELP, "es"),
        ("Información", Keyword.HELP, "es"),
        ("pomoc", Keyword.HELP, "pl"),
        ("مساعدة", Keyword.HELP, "ar"),
    ],
)
def test_coming_back_and_asking_for_help_are_understood(text: str, keyword: Keyword, language: str) -> None:
    assert meaning(text) == (keyword, language)


def test_every_phrase_of_the_table_is_written_as_it_is_looked_up_and_means_one_thing() -> None:
    table = [
        phrase.strip()
        for languages in WORDS.values()
        for written in languages.values()
        for phrase in written.split(",")
    ]
    assert [folded(phrase) for phrase in table] == table
    assert len(set(table)) == len(table)
