"""70 recorded calls that aren't part of this project: each answered, and read, as it should be."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr

import pytest
from recorded_calls import CALLS, call_of, receiver_of, recorded, unreachable, unsigned

from dispatcher.callbacks.base import Verdict
from dispatcher.rules.events import EventKind

K = EventKind
# What the recording's words are in ours; a bounce is one of four, by the server's own words.
MEANS = {
    "queued": {K.ACCEPTED},
    "sent": {K.ACCEPTED},
    "delivered": {K.DELIVERED},
    "deferred": {K.DEFERRED},
    "bounced": {K.HARD_BOUNCE, K.SOFT_BOUNCE, K.BLOCKED},
    "rejected": {K.FAILED, K.HARD_BOUNCE, K.BLOCKED},
    "failed": {K.FAILED},
    "opened": {K.OPENED},
    "clicked": {K.CLICKED},
    "complained": {K.COMPLAINED},
    "unsubscribed": {K.UNSUBSCRIBED},
    "subscribed": {K.UNKNOWN},  # consent isn't given by a provider's switch
    "unknown": {K.UNKNOWN},
    "autoresponded": {K.AUTO_REPLY},
}


pytestmark = pytest.mark.skipif(not CALLS.exists(), reason="the recorded calls aren't here: ../shared/data")
each_call = pytest.mark.parametrize("number", range(len(recorded())))


@each_call
def test_a_recorded_call_is_answered_as_it_should_be(number: int) -> None:
    row = recorded()[number]
    verdict = receiver_of(row, unreachable(row)).verify(call_of(row))
    assert verdict.status == row["status"], row["id"]


@each_call
def test_a_recorded_calls_events_are_read(number: int) -> None:
    row = recorded()[number]
    if row["status"] != 200:
        return
    events = receiver_of(row).read(call_of(row))
    assert len(events) == len(row["events"]), row["id"]
    for event, wanted in zip(events, row["events"], strict=True):
        assert event.kind in MEANS[wanted["event_type"]], row["id"]
        assert event.recipient == parseaddr(wanted["recipient"] or "")[1]
        assert event.event_id
        if wanted["event_id"]:
            assert event.event_id == wanted["event_id"]
        if wanted["timestamp"] and row["esp"] != "Amazon SES":
            assert event.at == datetime.fromisoformat(wanted["timestamp"])
        if wanted["message_id"] and row["esp"] != "SendGrid":
            assert event.provider_ref == wanted["message_id"].strip("<>")
        if wanted["mta_response"]:
            assert event.words == wanted["mta_response"]


@each_call
def test_a_recorded_calls_variants_are_refused(number: int) -> None:
    row = recorded()[number]
    if row["status"] != 200:
        return
    receiver, call = receiver_of(row), call_of(row)
    for headers in ({}, {**call.headers, "Authorization": "Basic " + base64.b64encode(b"a:b").decode()}):
        assert receiver.verify(replace(call, headers=headers)) is not Verdict.GENUINE
    if call.body not in {b"[]", b"{}"}:
        for length in (0, 1, len(call.body) // 2, len(call.body) - 3):
            assert receiver.verify(replace(call, body=call.body[:length])) is not Verdict.GENUINE
    if receiver.max_age is not None and not unsigned(row):
        later = replace(call, now=call.now + receiver.max_age + timedelta(minutes=1))
        assert receiver.verify(later) is Verdict.STALE
        assert receiver.verify(replace(call, now=call.now - timedelta(minutes=6))) is Verdict.STALE


@each_call
def test_amazons_calls_as_they_were_recorded_are_forged(number: int) -> None:
    row = recorded()[number]
    if row["esp"] == "Amazon SES":
        body = base64.b64decode(row["body_b64"])
        assert receiver_of(row).verify(replace(call_of(row), body=body)) is not Verdict.GENUINE
