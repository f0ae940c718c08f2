"""What every receiver must hold: the registry's providers, each called as tests/callback_calls.py says."""

import copy
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from callback_calls import CALLERS, NOW, Caller, as_json, caller
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatcher.callbacks.base import LONGEST_BODY, RawRequest, Verdict
from dispatcher.callbacks.registry import RECEIVERS
from dispatcher.rules.events import Event, EventKind

REFUSED = set(Verdict) - {Verdict.GENUINE}
each_provider = pytest.mark.parametrize("name", sorted(RECEIVERS))

HOSTILE = {
    "nothing": b"",
    "null": b"null",
    "a number": b"17",
    "a text": b'"bounce"',
    "a list of everything": b'[null, 1, "x", [], {}, true, 1e400]',
    "an object in a list": b'[{"event": {"a": 1}, "email": [], "timestamp": {}}]',
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "half a character": b'{"Recipient": "\\ud800", "event": "\\udfff", "MessageStatus": "\\ud800"}',
    "NUL": b'{"RecordType": "a\\u0000b", "Details": "\\u0000", "event": "\\u0000"}',
    "NUL in a text": b'{"MessageStatus": "\\u0000", "MessageSid": "\\u0000"}',
    "depth": b"[" * 100_000,
    "depth of objects": b'{"a":' * 100_000,
    "a number of 10,000 digits": b'{"ID": ' + b"9" * 10_000 + b"}",
    "a great number": b'{"ID": ' + b"9" * 4000 + b', "timestamp": 1e308, "event": 9e99}',
    "no number": b'{"timestamp": NaN}',
    "duplicates": b'{"event": "a", "event": {"b": 1}, "type": 1, "type": [], "Message": 2}',
    "not JSON at all": b"event=bounce&recipient=x",
}


@each_provider
def test_a_provider_has_calls_to_be_tested_with_and_an_address_of_its_own(name: str) -> None:
    assert name in CALLERS
    assert caller(name).receiver.name == name
    assert caller(name).receiver.path == f"/callbacks/{name}"


@each_provider
def test_a_genuine_call_is_believed_and_read(name: str) -> None:
    ours = caller(name)
    assert ours.receiver.verify(ours.call()) is Verdict.GENUINE
    (event,) = ours.receiver.read(ours.call())
    assert (event.kind, event.provider, event.reference) == (ours.kind, name, ours.reference)
    assert event.provider_ref
    assert event.recipient
    assert event.code
    assert event.at == (NOW if ours.dated else None)


@each_provider
def test_one_call_told_twice_is_one_event(name: str) -> None:
    ours = caller(name)
    first, again = (
        ours.receiver.read(ours.call()),
        ours.receiver.read(ours.call(at=NOW + timedelta(seconds=0))),
    )
    assert [event.event_id for event in first] == [event.event_id for event in again]
    assert all(event.event_id for event in first)


@each_provider
def test_nobody_is_named_where_events_and_calls_are_shown(name: str) -> None:
    ours = caller(name)
    shown = repr([ours.receiver.read(ours.call()), ours.call(), ours.receiver])
    assert ours.receiver.read(ours.call())[0].recipient not in shown


@each_provider
def test_a_call_signed_by_somebody_else_is_refused(name: str) -> None:
    ours = caller(name)
    assert ours.stranger.verify(ours.call()) is Verdict.FORGED


@each_provider
def test_a_call_without_its_proof_is_refused(name: str) -> None:
    ours = caller(name)
    bare = replace(ours.call(ours.body), headers={"Content-Type": "application/json"})
    if name in {"ses", "mailgun"}:  # whose proof stands in the body
        bare = replace(bare, body=without_proof(bare.body))
    assert ours.receiver.verify(bare) in {Verdict.FORGED, Verdict.ANONYMOUS}


@each_provider
def test_a_call_with_another_signature_is_refused(name: str) -> None:
    ours = caller(name)
    call = ours.call()
    for header in call.headers:
        if header != "Content-Type":
            for value in ("", "x", "Basic", "v1,", "AAAA", "é", call.headers[header][:-6]):
                changed = replace(call, headers={**call.headers, header: value})
                assert ours.receiver.verify(changed) in REFUSED


@each_provider
def test_a_changed_body_is_refused_where_bodies_are_signed(name: str) -> None:
    ours = caller(name)
    if ours.signs_body:
        call = ours.call()
        for place in range(len(call.body) // 2, len(call.body), 40):
            other = b"b" if call.body[place : place + 1] == b"a" else b"a"
            changed = call.body[:place] + other + call.body[place + 1 :]
            assert ours.receiver.verify(replace(call, body=changed)) in REFUSED


@each_provider
def test_a_truncated_call_is_refused_and_its_reading_gives_no_event_of_weight(name: str) -> None:
    ours = caller(name)
    call = ours.call()
    for length in range(0, len(call.body), 25):
        cut = replace(call, body=call.body[:length])
        assert ours.receiver.verify(cut) in REFUSED
        assert ours.receiver.read(cut) == []


@each_provider
def test_a_call_is_believed_while_it_is_fresh(name: str) -> None:
    ours = caller(name)
    window = ours.receiver.max_age
    if window is None:
        return
    for at, verdict in (
        (NOW - window, Verdict.GENUINE),
        (NOW - window - timedelta(seconds=2), Verdict.STALE),
        (NOW + timedelta(minutes=4), Verdict.GENUINE),
        (NOW + timedelta(minutes=6), Verdict.STALE),
    ):
        assert ours.receiver.verify(ours.call(at=at)) is verdict


@each_provider
def test_an_endless_call_is_refused(name: str) -> None:
    ours = caller(name)
    call = replace(ours.call(), body=b'{"a": "' + b"x" * LONGEST_BODY + b'"}')
    assert ours.receiver.verify(call) in REFUSED


@each_provider
@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_hostile_bodies_rightly_signed_upset_nobody(name: str, what: str) -> None:
    ours = caller(name)
    look(ours, ours.call(HOSTILE[what]))
    look(ours, replace(ours.call(), body=HOSTILE[what]))


@each_provider
@pytest.mark.parametrize(
    "kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "", "x/y"]
)
def test_a_body_of_another_type_upsets_nobody(name: str, kind: str) -> None:
    ours = caller(name)
    call = ours.call()
    look(ours, replace(call, headers={**call.headers, "Content-Type": kind}))


@each_provider
@settings(max_examples=25, derandomize=True, deadline=None, database=None)
@given(seed=st.randoms(use_true_random=False))
def test_changed_values_upset_nobody(name: str, seed: Any) -> None:
    ours = caller(name)
    told = mutated(json.loads(ours.body), seed)
    look(ours, ours.call(as_json(told)))


def look(ours: Caller, call: RawRequest) -> None:
    """Verifying and reading end, and what they give can be kept."""
    assert ours.receiver.verify(call) in Verdict
    for event in ours.receiver.read(call):
        assert isinstance(event, Event)
        assert event.kind in EventKind
        assert event.event_id
        assert len(event.event_id) <= 220
        for words in (
            event.event_id,
            event.reference,
            event.provider_ref,
            event.recipient,
            event.code,
            event.words,
        ):
            assert "\0" not in words
            assert len(words.encode()) <= 8000


ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    10**30,
    1e308,
    "",
    "x",
    "\0",
    "\ud800",
    "9" * 50,
    "2026-13-45",
    [],
    {},
    [[]],
    {"a": {}},
    "5.1.1",
)


def mutated(told: Any, seed: Any) -> Any:
    """A copy with some values, and some keys, gone or changed for odd ones."""
    told = copy.deepcopy(told)
    for _ in range(seed.randint(1, 4)):
        place = told
        while isinstance(place, (dict, list)) and place:
            key = seed.choice(sorted(place)) if isinstance(place, dict) else seed.randrange(len(place))
            if seed.random() < 0.5 or not isinstance(place[key], (dict, list)):
                place[key] = copy.deepcopy(seed.choice(ODD))  # the next round may change it
                break
            place = place[key]
    return told


def without_proof(body: bytes) -> bytes:
    told = json.loads(body)
    return as_json({key: value for key, value in told.items() if not key.lower().startswith("sign")})
