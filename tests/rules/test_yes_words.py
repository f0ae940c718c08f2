"""What counts as the YES to a sign-up, and what doesn't."""

import pytest

from dispatcher.content.catalogue import catalogues
from dispatcher.rules.ok_words import says_ok
from dispatcher.rules.opt_out_words import keyword_phrases, meaning
from dispatcher.rules.yes_words import says_yes

_YES = (
    "YES",
    "yes!",
    " Yes. ",
    "Y",
    "yep",
    "SI",
    "Sí",
    "¡Sí, por favor!",
    "TAK",
    "Tak.",
    "نعم",
    "نَعَم",
    "Да",
    "是",
    "네",
)
_NO = (
    "",
    "no",
    "yes but stop",
    "yesterday",
    "STOP",
    "START",
    "HELP",
    "OK",
    "👍",
    "si se puede",
    "tak czy nie?",
)


@pytest.mark.parametrize("text", _YES)
def test_a_yes_counts_however_it_is_written(text: str) -> None:
    assert says_yes(text)


@pytest.mark.parametrize("text", _NO)
def test_nothing_else_is_a_yes(text: str) -> None:
    assert not says_yes(text)


@pytest.mark.parametrize("language", ["en", "es", "pl", "ar"])
def test_what_our_text_asks_for_is_a_yes(language: str) -> None:
    asked = {"en": "YES", "es": "SI", "pl": "TAK", "ar": "نعم"}[language]
    assert asked in catalogues()[language].words["notice.confirm_sms"]
    assert says_yes(asked)


def test_a_yes_is_neither_an_ok_nor_a_word_by_which_people_leave() -> None:
    for text in _YES:
        assert meaning(text) is None
        assert not says_ok(text)
    assert not any(says_yes(phrase) for phrase in keyword_phrases())
