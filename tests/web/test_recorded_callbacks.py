"""The recorded calls of others, put through to our own site: answered as recorded, and their events kept."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from callback_site import Switchboard
from recorded_calls import CALLS, call_of, receiver_of, recorded, unreachable, unsigned
from sqlalchemy import delete

from dispatcher.callbacks.base import RawRequest
from dispatcher.house import House
from dispatcher.models import ProviderEvent, SpentToken
from dispatcher.rules.events import EventKind
from dispatcher.rules.feedback import KEPT

pytestmark = pytest.mark.skipif(not CALLS.exists(), reason="the recorded calls aren't here: ../shared/data")

WANTED = KEPT - {EventKind.ACCEPTED}  # which is kept of messages of ours alone, and these are others'


def board_of(house: House, row: Mapping[str, Any]) -> tuple[Switchboard, str]:
    """A site with the secrets that were in force, which nobody has called yet; and the provider's name."""
    with house.db.transaction() as session:
        session.execute(delete(ProviderEvent))
        session.execute(delete(SpentToken))
    receiver = receiver_of(row, unreachable(row))
    return Switchboard(house, {receiver.name: receiver}), receiver.name


def test_each_call_is_answered_as_recorded_and_what_it_tells_is_kept(house: House) -> None:
    for row in recorded():
        board, name = board_of(house, row)
        call = call_of(row)
        answer = board.call(name, call, call.now)
        assert answer.status == row["status"], row["id"]
        told = receiver_of(row).read(call) if answer.status == 200 else []
        kept = sorted((name, str(event.kind), event.reference) for event in told if event.kind in WANTED)
        assert sorted(board.stored()) == kept, row["id"]


def test_each_call_again_is_answered_the_same_and_kept_once(house: House) -> None:
    for row in recorded():
        board, name = board_of(house, row)
        call = call_of(row)
        board.call(name, call, call.now)
        once = board.stored()
        assert board.call(name, call, call.now).status == row["status"], row["id"]
        assert board.stored() == once, row["id"]


def test_what_is_forged_cut_short_or_late_is_refused_and_nothing_is_kept(house: House) -> None:
    for row in recorded():
        if row["status"] != 200:
            continue
        board, name = board_of(house, row)
        for changed in refused_variants(row):
            assert board.call(name, changed, changed.now).status >= 400, row["id"]
        assert board.number() == 0


def refused_variants(row: Mapping[str, Any]) -> Iterator[RawRequest]:
    call, receiver = call_of(row), receiver_of(row)
    yield replace(call, headers={})
    yield replace(call, headers={**call.headers, "Authorization": "Basic YTpi"})
    if call.body not in {b"[]", b"{}"}:
        yield replace(call, body=call.body[: len(call.body) // 2])
    if receiver.max_age is not None and not unsigned(row):
        yield replace(call, now=call.now + receiver.max_age + timedelta(minutes=1))
