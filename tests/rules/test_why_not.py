"""Why somebody got nothing: the first reason that holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.rules.why_not import Case, why_not

SENT = datetime(2026, 5, 12, tzinfo=UTC)
BEFORE, AFTER = SENT - timedelta(days=1), SENT + timedelta(days=1)
ON_IT = Case(laid_out_at=SENT, joined_at=BEFORE, language="uk")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "would get it by the next `dispatch send`"),
        (
            {"closed": True, "joined_at": None},
            "not known any more: the alert is closed, its messages are deleted",
        ),
        ({"chosen": False}, "the alert doesn't go by this channel"),
        ({"has_address": False}, "no address on this channel"),
        ({"joined_at": None}, "wasn't on its lists"),
        ({"left_at": BEFORE}, "left before it was sent"),
        ({"left_at": BEFORE, "laid_out_at": None}, "left before it was sent"),
        ({"left_at": AFTER}, "left since"),
        ({"same_address": False}, "has another address now, which hasn't agreed"),
        ({"suppressed": "stop"}, "suppressed (stop)"),
        ({"laid_out_at": None}, "it hasn't begun yet"),
        ({"joined_at": AFTER}, "joined after it was sent"),
        ({"meant": False}, "outside of its segment"),
        ({"reads": False}, "reads uk, which isn't there"),
        ({"hours": False}, "no hour suits all zones that the number may be in"),
        ({"shared": True, "limit": 5}, "shares the number with somebody who got it"),
        ({"limit": 5, "acted_since": True}, "beyond --limit 5"),
        ({"acted": True, "acted_since": True, "shared": True}, "has acted already"),
        ({"acted_since": True, "shared": True}, "shares the number with somebody who got it"),
        ({"acted_since": True}, "has acted since"),
    ],
)
def test_the_first_reason_is_told(known: dict[str, object], words: str) -> None:
    assert why_not(replace(ON_IT, **known)) == words  # type: ignore[arg-type]
