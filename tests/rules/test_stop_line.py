import pytest

from dispatcher.rules.stop_line import tells_stop, with_stop_line

LINE = "Reply STOP to stop"


@pytest.mark.parametrize("body", ["Call today. Reply STOP to stop", "Rezygnujesz? STOP", "أرسلوا STOP"])
def test_a_text_that_says_stop_needs_no_line(body: str) -> None:
    assert tells_stop(body)
    assert with_stop_line(body, LINE) == body


@pytest.mark.parametrize("body", ["Call today", "Stop the cuts", "STOPPED", "NONSTOP"])
def test_another_word_says_nothing_of_how_to_stop(body: str) -> None:
    assert not tells_stop(body)
    assert with_stop_line(body, LINE) == f"{body}\nReply STOP to stop"
