"""Words, capitals and exclamation marks for which carriers filter texts."""

import pytest

from dispatcher.rules.carrier_words import filtered_words, shouted


@pytest.mark.parametrize(
    ("text", "word", "reason"),
    [
        ("Get free money today", "free money", "prize"),
        ("CLICK HERE now", "CLICK HERE", "advertisement"),
        ("You\u2019ve won!", "You\u2019ve won", "prize"),
        ("Youve won!", "Youve won", "prize"),
        ("A payday for all", "payday", "income"),
        ("Stop vaping", "vaping", "carry"),
        ("Please verify your account.", "verify your account", "password"),
    ],
)
def test_a_filtered_word_is_found_with_its_place_and_reason(text: str, word: str, reason: str) -> None:
    [(at, found, why)] = filtered_words(text)
    assert (text[at : at + len(found)], found) == (word, word)
    assert reason in why


@pytest.mark.parametrize(
    "text",
    [
        "ICIRR: Tell Senators Durbin and Duckworth to vote NO on any further anti-immigrant measures:",
        "Fight for healthcare: call today. Reply STOP to stop",
        "Winnetka votes; the freedom of the press",
    ],
)
def test_what_organisers_write_is_not_filtered(text: str) -> None:
    assert list(filtered_words(text)) == []
    assert list(shouted(text)) == []


@pytest.mark.parametrize(
    ("text", "shout"),
    [
        ("Call today!! Now!", "!!"),
        ("¡¡Llame!", "¡¡"),
        ("Win $$$", "$$$"),
        ("Really???", "???"),
        ("please CALL YOUR SENATOR NOW today", "CALL YOUR SENATOR NOW"),
    ],
)
def test_a_shout_is_found_where_it_begins(text: str, shout: str) -> None:
    assert list(shouted(text)) == [(text.index(shout), shout)]


@pytest.mark.parametrize(
    "text", ["Call today!", "HB 12 and DACA NOW", "STOP https://P2A.CO/X HELP", "A B C D E"]
)
def test_a_few_capitals_and_one_mark_are_no_shout(text: str) -> None:
    assert list(shouted(text)) == []
