"""Hostile segments: whatever is typed is a segment or a segment's error; every value is a bound parameter."""

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from dispatcher.errors import WrongSegment
from dispatcher.models import Subscriber
from dispatcher.usecases.segments import condition, parse

WORDS = (
    "language postal_code joined time_zone everyone acted on left got has ( ) , = != < > in not and or since "
    "before 606* es daca sms 2026-11-01 ' \" “ ” ; -- /* */ % _ \\ $1 :x {0} NULL 0x1F 💥 é \u202e \x00"
).split(" ")
NASTY = "'; DROP TABLE subscribers; --"


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join) | st.text(max_size=80))
def test_no_input_raises_anything_but_the_segments_own_error(text: str) -> None:
    with suppress(WrongSegment):
        parse(text)


# Nobody connects: what is compiled is looked at, not run.
SESSIONS = [Session(create_engine(url)) for url in ("sqlite://", "postgresql+psycopg://nowhere/")]
_NEVER_IN_A_VALUE = '"“”*'  # quotes would end it; an asterisk in quotes is refused
VALUES = st.text(
    st.characters(exclude_categories=["C", "Zs", "Zl", "Zp"], exclude_characters=_NEVER_IN_A_VALUE),
    min_size=1,
    max_size=30,
)


@settings(max_examples=60)
@given(VALUES, st.sampled_from(["language", "postal_code", "time_zone"]), st.sampled_from(["=", "!=", "in"]))
def test_every_value_ends_as_a_bound_parameter(value: str, field: str, sign: str) -> None:
    marked = f"zzz{value}"
    segment = parse(f'{field} {sign} "{marked}"')
    for session in SESSIONS:
        compiled = select(Subscriber.id).where(condition(session, segment)).compile(session.get_bind())
        assert "zzz" not in str(compiled).lower()
        assert any(str(one).startswith((marked, marked.upper())) for one in compiled.params.values())


def test_values_that_would_be_sql_find_nobody_and_change_nothing(build_town: Any) -> None:
    town = build_town()
    for field in ("language", "postal_code", "time_zone", "city"):
        assert town.who(f'{field} = "{NASTY}"') == ""
        assert town.who(f'{field} in ("{NASTY}", "1\' or 1=1")') == ""
    assert town.who(f"{'not ' * 20}everyone") == "Ana Ben Cai Dov Eva"
    assert town.who(" or ".join(["language = es"] * 200)) == "Ana Dov"
