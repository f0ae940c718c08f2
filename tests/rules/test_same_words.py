"""Whether a text is one of ours: the same words in the same order, and no other link."""

import pytest

from dispatcher.rules.same_words import BLANK, Verdict, compare, is_enough, reduced

OURS = reduced(
    f"ICIRR: {BLANK}, your voice can help today. Don\N{RIGHT SINGLE QUOTATION MARK}t wait, "
    "call your senator now: https://p2a.co/abc Reply STOP"
)
HOST = "go.example.org"


@pytest.mark.parametrize(
    "pasted",
    [
        "ICIRR: Maria, your voice can help today. Don't wait, call your senator now: p2a.co/abc Reply STOP",
        "ICIRR: your voice can help today. Don't wait, call your senator now: https://p2a.co/abc Reply STOP",
        "YOUR voice can help today. don't wait, call your senator",
        "ICIRR: Ana Sofía, your voice can\nhelp  today. Don't wait, call",
        "your voice can help today. Don't wait, call your senator now: p2a.co/abc/.",
        "your voice can help today. Don't wait, call your senator now: https://go.example.org/k/0001abcd",
        "your voice can help today. Don't wait, call your senator now: HTTPS://WWW.P2A.CO/abc",
    ],
)
def test_our_words_are_known_with_a_name_an_accent_or_a_line_break_more_or_less(pasted: str) -> None:
    assert compare(reduced(pasted), OURS, HOST) is Verdict.OURS


@pytest.mark.parametrize(
    "link",
    [
        "https://p2a.co/abd",
        "http://p2a.co.evil.example/abc",
        "evil.example",
        "https://go.example.org@evil.example/k/0001abcd",
        "https://go.example.org.evil.example/k/0001abcd",
        "pay@evil.example",
        "https://p2a.co/ABC",
        "https://\N{CYRILLIC SMALL LETTER ER}2a.co/abc",
    ],
)
def test_our_words_with_another_link_are_told_apart(link: str) -> None:
    said = reduced(f"your voice can help today. Don't wait, call your senator now: {link} Reply STOP")
    assert compare(said, OURS, HOST) is Verdict.OTHER_LINK


@pytest.mark.parametrize(
    "pasted",
    [
        "your voice can help today. Don't wait, send your bank details now: https://p2a.co/abc",
        "ICIRR: Maria, your voice can help today. Don't wait, call your senator now: p2a.co/abc Send $50",
        "ICIRR: please send us fifty dollars today, your voice can help today. Don't wait",
        "help can voice your today. Don't wait, call your senator",
        "please pay the fee for your case by noon today or else",
    ],
)
def test_other_words_are_not_ours_however_much_of_ours_is_in_them(pasted: str) -> None:
    assert compare(reduced(pasted), OURS, HOST) is Verdict.NOT_OURS


def test_words_without_a_blank_are_compared_as_they_are() -> None:
    ours = reduced("Call your senator today and say no")
    assert compare(reduced("call your senator today"), ours, HOST) is Verdict.OURS
    assert compare(reduced("call my senator today"), ours, HOST) is Verdict.NOT_OURS
    assert compare(reduced("today call your senator"), ours, HOST) is Verdict.NOT_OURS


def test_a_few_words_could_be_anybodys() -> None:
    assert not is_enough(reduced("Reply STOP to stop"))
    assert not is_enough(reduced(""))
    assert is_enough(reduced("one two three four five six seven eight"))


def test_a_chinese_sentence_has_as_many_words_as_characters() -> None:
    assert reduced("请今天打电话给参议员。").words.count(" ") == 9


def test_arabic_is_the_same_with_and_without_its_vowel_signs() -> None:
    assert reduced("قد تُحدث فرقًا").words == reduced("قد تحدث فرقا").words


def test_a_blank_may_end_a_text() -> None:
    ours = reduced(f"Thank you for calling your senators today, {BLANK}")
    assert compare(reduced("Thank you for calling your senators today, Maria"), ours, HOST) is Verdict.OURS
    long = "Thank you for calling your senators today, Maria del Carmen Garcia"
    assert compare(reduced(long), ours, HOST) is Verdict.NOT_OURS
