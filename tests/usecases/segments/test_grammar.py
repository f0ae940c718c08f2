"""The words of a segment: how they are read, and what is said of those that can't be."""

import pytest

from dispatcher.errors import WrongSegment
from dispatcher.rules.segments import (
    Alone,
    Asked,
    Both,
    Comparison,
    Either,
    Expression,
    Not,
    Operator,
    leaves,
)
from dispatcher.usecases.segments.grammar import nearest, read_expression, tidied


def read(text: str) -> Expression:
    return read_expression(tidied(text))


def mistake(text: str) -> tuple[str, int]:
    """What is said, and the column (from 0) under which the mark stands."""
    with pytest.raises(WrongSegment) as refused:
        read(text)
    words, _, mark = str(refused.value).split("\n")
    return words, len(mark) - 3


def test_not_binds_closer_than_and_and_and_closer_than_or() -> None:
    found = read("a or not b and c")
    assert isinstance(found, Either)
    first, second = found.parts
    assert isinstance(first, Alone)
    assert isinstance(second, Both)
    assert isinstance(second.parts[0], Not)
    assert [leaf.name.text for leaf in leaves(found)] == ["a", "b", "c"]


def test_brackets_come_first() -> None:
    found = read("(a or b) AND NOT (c)")
    assert isinstance(found, Both)
    assert isinstance(found.parts[0], Either)


@pytest.mark.parametrize(
    ("text", "operator"),
    [
        ("a = 1", "="),
        ("a == 1", "="),
        ("a != 1", "!="),
        ("a <> 1", "!="),
        ("a ≠ 1", "!="),
        ("a<1", "<"),
        ("a ≤ 1", "<="),
        ("a >= 1", ">="),
        ("a before 1", "<"),
        ("a AFTER 1", ">"),
        ("a in 1", "="),
        ("a in (1)", "="),
        ("a not in 1", "!="),
    ],
)
def test_a_comparison_is_said_in_several_ways(text: str, operator: str) -> None:
    found = read(text)
    assert isinstance(found, Comparison)
    assert (found.operator, found.name.text, found.values[0].text) == (Operator(operator), "a", "1")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a in 1, 2 and b = 3", ["1", "2"]),
        ("a in (606*, 'x y') and b = 3", ["606", "x y"]),
        ('a = "and" and b = 3', ["and"]),
        ("a = “rock, (roll)” and b = 3", ["rock, (roll)"]),
        ("a = android and b = 3", ["android"]),
        ("a = américa/são-paulo and b = 3", ["américa/são-paulo"]),
        ("a = '*' and b = 3", ["*"]),
    ],
)
def test_values_stand_bare_or_between_quotation_marks(text: str, values: list[str]) -> None:
    first, _ = leaves(read(text))
    assert isinstance(first, Comparison)
    assert [word.text for word in first.values] == values
    assert [word.prefix for word in first.values] == [value == "606" for value in values]


@pytest.mark.parametrize("text", ["acted(daca, since 2026-11-01)", "acted(daca since 2026-11-01)"])
def test_a_question_may_be_asked_since_a_day(text: str) -> None:
    found = read(text)
    assert isinstance(found, Asked)
    assert [word.text for word in found.arguments] == ["daca"]
    assert found.since is not None
    assert found.since.text == "2026-11-01"


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("language es", 9, "'es' can't stand here. Expected: a comparison (=, !=, <, >, in), `and`"),
        ("language =", 10, "it isn't finished. Expected: a value such as es."),
        ("language = and x = 1", 11, "'and' can't stand here. Expected: a value"),
        ("(a = 1", 6, "Expected: a closing bracket."),
        ("a = 1)", 5, "')' can't stand here"),
        ("a = 1 AND", 9, "Expected: a field such as language, or a question such as acted(daca)"),
        ("a not 1", 6, "Expected: `in`."),
        ("a in ()", 6, "')' can't stand here. Expected: a value"),
        ("acted(", 6, "a value such as es, a closing bracket or `since` and a day."),
        ('a = "x', 4, "a quotation mark is here that has no other half."),
        ("a = 1 b = 2", 6, "'b' can't stand here. Expected: `and`, `or` or the end."),
        ("ciudad = 中文 x", 12, "'x' can't stand here"),
        ("cafe\u0301 = a b", 10, "'b' can't stand here"),
    ],
)
def test_what_cannot_be_read_is_pointed_at_with_what_was_expected(text: str, place: int, said: str) -> None:
    words, mark = mistake(text)
    assert said in words
    wide = sum(char in "中文" for char in text[:place])
    narrow = text[:place].count("\u0301")
    assert mark == place + wide - narrow


def test_of_a_long_expression_only_what_stands_around_the_mistake_is_shown() -> None:
    text = " or ".join(f"a = {n}" for n in range(40)) + " or ?? and"
    with pytest.raises(WrongSegment) as refused:
        read(text)
    _, shown, mark = str(refused.value).split("\n")
    assert shown.startswith("  ... ")
    assert len(shown) < 90
    assert len(mark) == len(shown) + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  \n ", "it is empty"),
        ("a = " + "1" * 5000, "more than 4,000 characters"),
        ("a = 1\x00", "can't be seen"),
        ("a = \u202e1", "can't be seen"),
        ("a = \ud800", "can't be seen"),
        ("(" * 30 + "not a" + ")" * 30 + " and" + " not" * 30 + " a", "within each other"),
    ],
)
def test_what_could_do_harm_is_refused_before_it_is_read(text: str, said: str) -> None:
    with pytest.raises(WrongSegment, match=said):
        read(text)


def test_line_breaks_count_as_spaces() -> None:
    assert tidied(" a = 1\n\tor b = 2 ") == "a = 1  or b = 2"


def test_the_nearest_name_is_offered_else_all_of_them() -> None:
    assert nearest("langauge", ["language", "joined"]) == "Did you mean language?"
    assert nearest("xyz", ["language", "joined"]) == "There are: language, joined."
    assert nearest("xyz", []) == "There is none yet."
