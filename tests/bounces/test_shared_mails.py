"""Real mails, where they lie beside the project: the reader was tuned on half of them, and is held to all."""

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from mutated_mails import mutants
from shared_data import shared_file

from dispatcher.bounces.reading import read_bounce
from dispatcher.rules.events import Event, EventKind

_KINDS = {
    EventKind.HARD_BOUNCE: "hard",
    EventKind.SOFT_BOUNCE: "soft",
    EventKind.DEFERRED: "soft",
    EventKind.BLOCKED: "policy",
    EventKind.COMPLAINED: "complaint",
    EventKind.AUTO_REPLY: "autoreply",
    EventKind.DELIVERED: "delivered",
}


@dataclass(frozen=True)
class Row:
    """One expectation, and what was read for its recipient, if anything was."""

    expected: dict[str, Any]
    event: Event | None

    @property
    def kind(self) -> str:
        return _KINDS.get(self.event.kind, "unknown") if self.event else ""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return list(_rows())


def _mails() -> list[dict[str, Any]]:
    with gzip.open(shared_file("bounces.jsonl.gz"), "rt") as lines:
        return [json.loads(line) for line in lines]


def _rows() -> Iterator[Row]:
    for mail in _mails():
        events = {one.recipient.lower(): one for one in reversed(read_bounce(base64.b64decode(mail["b64"])))}
        for expected in mail["expect"]:
            yield Row(expected, events.get(expected["recipient"].lower()))


def test_every_recipient_of_a_report_is_found_and_its_status_is_right(rows: list[Row]) -> None:
    reported = [row for row in rows if row.expected["dsn"]]
    assert all(row.event for row in reported)
    right = sum(row.event is not None and row.event.code == row.expected["status"] for row in reported)
    assert right / len(reported) >= 0.98


def test_most_recipients_are_found_without_a_report(rows: list[Row]) -> None:
    others = [row for row in rows if not row.expected["dsn"]]
    assert sum(row.event is not None for row in others) / len(others) >= 0.9


def test_hard_is_told_from_soft(rows: list[Row]) -> None:
    taken = [row.expected["kind"] for row in rows if row.kind == "hard"]
    hard = sum(row.expected["kind"] == "hard" for row in rows)
    assert taken.count("hard") / (taken.count("hard") + taken.count("soft")) >= 0.97
    assert taken.count("hard") / len(taken) >= 0.87  # of all that it takes for dead, filters' words included
    assert taken.count("hard") / hard >= 0.9


def test_what_is_no_bounce_suppresses_nobody() -> None:
    others = [mail for mail in _mails() if mail["not_bounce"]]
    events = [event for mail in others for event in read_bounce(base64.b64decode(mail["b64"]))]
    assert {event.kind for event in events} <= {EventKind.REPLY, EventKind.AUTO_REPLY, EventKind.UNKNOWN}


def test_damaged_they_are_read_without_an_error() -> None:
    for raw in mutants([base64.b64decode(mail["b64"]) for mail in _mails()], 200):
        assert read_bounce(raw)
