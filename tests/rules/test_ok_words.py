"""What counts as an OK by text."""

import pytest

from dispatcher.rules.ok_words import says_ok
from dispatcher.rules.opt_out_words import meaning


@pytest.mark.parametrize("text", ["OK", "ok!", " Okay. ", "\u041e\u041a", "👍", "👍🏽", "اوكي"])
def test_an_ok_in_any_spelling_is_one(text: str) -> None:
    assert says_ok(text)
    assert meaning(text) is None  # it is no word for leaving or coming back


@pytest.mark.parametrize("text", ["", "yes", "OK, but the date is wrong", "not ok", "STOP", "o k"])
def test_nothing_else_is_an_ok(text: str) -> None:
    assert not says_ok(text)
