"""Sentences that people text back: who leaves, what a person should look at, what is a thank-you."""

import pytest
from replies_held_out import HELD_OUT
from replies_labelled import LABELLED, replies

from dispatcher.rules.free_text import Tier, weigh
from dispatcher.rules.leaving_vocabulary import CLASSES, languages, phrases

SHIPPED = {"en", "es", "pl", "ar", "zh-Hans", "ko", "uk", "fr", "hi", "ur", "tl"}
SLOGANS = """
    Stop the deportations! | Stop family separation | ¡Alto a las deportaciones! | end detention now |
    no más deportaciones | stop ICE | I will not stop fighting | cancel title 42 | Stop! Stop the raids! |
    Zatrzymać deportacje! | зупиніть війну | أوقفوا الترحيل | 停止驱逐 | itigil ang deportasyon |
    STOP ICE RAIDS NOW!!! | ¡Basta ya! | No paren de luchar
"""


def judged(labelled: dict[str, str]) -> dict[tuple[str, str], list[str]]:
    """(label, tier that was given) -> the replies that the two differ on."""
    wrong: dict[tuple[str, str], list[str]] = {}
    for reply, label in replies(labelled):
        if weigh(reply) != label:
            wrong.setdefault((label, str(weigh(reply))), []).append(reply)
    return wrong


def test_every_labelled_reply_is_understood() -> None:
    assert judged(LABELLED) == {}
    assert len(replies(LABELLED)) > 200


def test_replies_that_were_labelled_before_there_was_a_grammar_are_understood_too() -> None:
    assert judged(HELD_OUT) == {}


@pytest.mark.parametrize("slogan", [slogan.strip() for slogan in SLOGANS.split("|")])
def test_a_slogan_leaves_nothing_and_is_looked_at(slogan: str) -> None:
    assert weigh(slogan) is Tier.LOOK
    assert weigh(slogan.upper()) is Tier.LOOK


@pytest.mark.parametrize("reply", ["HELP", "ayuda por favor", "START", "BORRAR", "ERASE YES"])
def test_a_keyword_that_asks_for_something_is_no_leave(reply: str) -> None:
    assert weigh(reply) is Tier.LOOK


def test_a_text_of_any_length_is_weighed_by_its_beginning() -> None:
    assert weigh("stop texting me " + "you people " * 2000) is Tier.LEAVES
    assert weigh("blah " * 2000) is Tier.LOOK


@pytest.mark.parametrize("reply", ["", "   ", "…", "\N{THUMBS UP SIGN}"])
def test_a_text_without_words_asks_for_nothing(reply: str) -> None:
    assert weigh(reply) is Tier.NOTHING


@pytest.mark.parametrize(
    "typed",
    [
        "unsubscirbe me now ok",
        "plz unsuscribed me",
        "no more mesages plz",
        "not intersted",
        "unsubscribbe me pls",
    ],
)
def test_a_slip_of_the_fingers_in_a_long_word_keeps_nobody_on_a_list(typed: str) -> None:
    assert weigh(typed) is Tier.LEAVES


def test_every_shipped_language_has_the_words_of_leaving() -> None:
    assert set(languages()) == SHIPPED
    for row in (
        "stop",
        "start",
        "help",
        "erase",
        "erase_yes",
        "cease",
        "out",
        "contact",
        "cause",
        "thanks",
        "quotes",
    ):
        assert {language for language, _ in phrases(row)} == SHIPPED, row


def test_a_stem_stands_at_the_end_of_its_phrase() -> None:
    assert not [phrase for row in CLASSES for _, phrase in phrases(row) if "*" in phrase[:-1]]
