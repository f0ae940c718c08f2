"""The journal's entries: as lines and back, what must be kept, and what is to be replayed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.journal import (
    BackedUp,
    Entry,
    Fact,
    Forgotten,
    Highest,
    ImportUndone,
    LaidOut,
    Left,
    Lifted,
    Pulse,
    PutBack,
    Returned,
    Suppressed,
    compacted,
    facts_of,
    highest_of,
    in_order,
    opt_outs_to_replay,
    read_entry,
    read_facts,
    write_entry,
    write_facts,
)

NOON = datetime(2026, 11, 12, 12, 0, tzinfo=UTC)
MARIA, JUAN = "aa" * 16, "bb" * 16
DACA, HEALTH = "dd" * 16, "ee" * 16
EVERY_KIND: tuple[Fact, ...] = (
    Left("email", MARIA, DACA),
    Left("sms", MARIA, DACA, by_stop=True),
    Returned("email", MARIA, DACA),
    Suppressed("sms", MARIA, "stop"),
    Lifted("sms", MARIA),
    Forgotten(7, "2026-01-01T00:00:00+00:00"),
    ImportUndone(3, "2026-01-01T00:00:00+00:00"),
    LaidOut(1, "2026-01-01T00:00:00+00:00", "daca", "", practice=False, messages=12),
    Highest("messages", 12),
    Pulse(),
    BackedUp(),
    PutBack(),
)


def entry(mark: str, *facts: Fact, minutes: int = 0) -> Entry:
    return Entry(mark, NOON + timedelta(minutes=minutes), "web-1", facts)


def test_an_entry_of_every_kind_of_fact_is_read_as_it_was_written() -> None:
    one = entry("01", *EVERY_KIND)
    line = write_entry(one)
    assert "\n" not in line
    assert read_entry(f"{line}\n") == one
    assert read_facts(write_facts(EVERY_KIND)) == EVERY_KIND


@given(st.data())
def test_a_line_that_was_cut_is_no_entry(data: st.DataObject) -> None:
    line = write_entry(entry("01", *EVERY_KIND))
    cut = data.draw(st.integers(0, len(line) - 1))
    assert read_entry(line[:cut]) is None


@pytest.mark.parametrize("line", ["", "\n", "null", "{}", "[1,2,3,4]", '["a","yesterday","b",[]]', "ÿ"])
def test_what_is_no_entry_is_none(line: str) -> None:
    assert read_entry(line) is None


def test_kinds_of_a_newer_release_are_passed_over() -> None:
    assert read_facts('[["sung","la"],["pulse"]]') == (Pulse(),)


def test_entries_are_put_in_order_each_once() -> None:
    first, second = entry("01", Pulse()), entry("02", PutBack(), minutes=1)
    assert in_order([second, first, replace(first, host="worker-1"), second])[1] == second
    assert [one.mark for one in in_order([second, first, second])] == ["01", "02"]


def test_a_pulse_that_is_old_proves_nothing_and_everything_else_always_does() -> None:
    months_later = NOON + timedelta(days=26)
    assert entry("01", Pulse()).counts(NOON + timedelta(days=24))
    assert not entry("01", Pulse()).counts(months_later)
    assert entry("01", Pulse(), BackedUp()).counts(months_later)


def test_compacting_keeps_everything_once_but_for_old_pulses() -> None:
    pulses = [entry(f"0{days}", Pulse(), minutes=days * 24 * 60) for days in range(5)]
    left = entry("99", Left("email", MARIA, DACA), minutes=3)
    kept = compacted([*pulses, left, left], NOON + timedelta(days=32))
    assert [one.mark for one in kept] == ["99", "03", "04"]


def test_the_highest_number_of_each_table_is_what_counts() -> None:
    entries = [entry("01", Highest("messages", 9), Highest("alerts", 1)), entry("02", Highest("messages", 4))]
    assert highest_of(entries) == {"messages": 9, "alerts": 1}
    assert facts_of(entries, Highest)[1:] == [Highest("alerts", 1), Highest("messages", 4)]


def test_an_alert_is_told_from_one_that_got_its_number_later() -> None:
    laid_out = LaidOut(1, "2026-01-01T00:00:00+00:00", "daca", "", practice=False, messages=12)
    assert laid_out.which == (1, "2026-01-01T00:00:00+00:00")


def test_only_opt_outs_of_missing_entries_are_replayed_in_order() -> None:
    left, stopped = Left("email", MARIA, DACA), Suppressed("sms", JUAN, "stop")
    entries = [entry("01", Left("email", JUAN, DACA)), entry("02", left, Pulse()), entry("03", stopped)]
    assert opt_outs_to_replay(entries, {"02", "03"}) == [left, stopped]


@pytest.mark.parametrize("return_is_missing", [True, False])
def test_who_came_back_afterwards_is_not_put_out_again(return_is_missing: bool) -> None:
    left = entry(
        "01", Left("email", MARIA, DACA), Left("email", MARIA, HEALTH), Suppressed("sms", MARIA, "stop")
    )
    back = entry("02", Returned("email", MARIA, DACA), Lifted("sms", MARIA))
    missing = {"01", "02"} if return_is_missing else {"01"}
    assert opt_outs_to_replay([left, back], missing) == [Left("email", MARIA, HEALTH)]


def test_who_left_again_after_coming_back_has_left() -> None:
    entries = [
        entry("01", Left("email", MARIA, DACA)),
        entry("02", Returned("email", MARIA, DACA)),
        entry("03", Left("email", MARIA, DACA, by_stop=True)),
    ]
    assert opt_outs_to_replay(entries, {"01", "02", "03"}) == [Left("email", MARIA, DACA, by_stop=True)]
