"""70 recorded calls that aren't part of this project: each answered, and read, as it should be.

Amazon's recorded signatures aren't valid, so those calls are signed anew, with a certificate of our own.
"""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from callback_calls import CERTIFICATE_URL, TOPIC, amazon, sns

from dispatcher.callbacks.base import Fetch, RawRequest, Receiver, Verdict
from dispatcher.callbacks.fields import json_or_none, moment
from dispatcher.callbacks.mailgun import Mailgun
from dispatcher.callbacks.postmark import Postmark
from dispatcher.callbacks.resend import Resend
from dispatcher.callbacks.sendgrid import SendGrid
from dispatcher.callbacks.ses import Ses
from dispatcher.rules.events import EventKind

CALLS = Path(__file__).parents[3] / "shared" / "data" / "webhooks.jsonl.gz"
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


@cache
def recorded() -> tuple[dict[str, Any], ...]:
    if not CALLS.exists():
        return ()
    with gzip.open(CALLS) as lines:
        return tuple(json.loads(line) for line in lines)


pytestmark = pytest.mark.skipif(not CALLS.exists(), reason="the recorded calls aren't here: ../shared/data")
each_call = pytest.mark.parametrize("number", range(len(recorded())))


def receiver_of(row: Mapping[str, Any], fetch: Fetch = amazon) -> Receiver:
    """The receiver with the secrets that were in force."""
    given = {**row["settings"], **row["settings"]["ANYMAIL"]}
    secret = given.get("WEBHOOK_SECRET", [])
    logins = [secret] if isinstance(secret, str) else secret
    mailgun = given.get("ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY") or given.get("ANYMAIL_MAILGUN_API_KEY", "")
    makers: dict[str, Callable[[], Receiver]] = {
        "Amazon SES": lambda: Ses({TOPIC}, fetch, logins),
        "Mailgun": lambda: Mailgun([mailgun], logins),
        "Postmark": lambda: Postmark(logins),
        "Resend": lambda: Resend(given.get("ANYMAIL_RESEND_SIGNING_SECRET", ""), logins),
        "SendGrid": lambda: SendGrid(given.get("SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY", ""), logins),
    }
    return makers[row["esp"]]()


def call_of(row: Mapping[str, Any]) -> RawRequest:
    body = base64.b64decode(row["body_b64"])
    headers = {name: str(value) for name, value in row["headers"].items()}
    if row["esp"] == "Amazon SES":
        told = {"TopicArn": TOPIC, "Timestamp": "2018-03-26T17:58:59.675Z", **json.loads(body)}
        told |= {"TopicArn": TOPIC, "SigningCertURL": CERTIFICATE_URL}
        body = sns(told, told.get("SignatureVersion", "2"))
    return RawRequest("POST", row["url"], headers, body, signed_at(headers, body))


def signed_at(headers: Mapping[str, str], body: bytes) -> datetime:
    """When the call was signed."""
    told = json_or_none(body)
    found = (
        moment(headers.get("Svix-Timestamp"))
        or moment(headers.get("X-Twilio-Email-Event-Webhook-Timestamp"))
        or moment(told, "signature", "timestamp")
        or moment(told, "Timestamp")
    )
    if found is None and b'name="timestamp"\r\n\r\n' in body:
        found = moment(body.rsplit(b'name="timestamp"\r\n\r\n', 1)[1].split(b"\r\n")[0].decode())
    return found or datetime(2026, 11, 22, tzinfo=UTC)


def unreachable(row: Mapping[str, Any]) -> Fetch:
    """Amazon as it was when a subscription couldn't be confirmed."""
    failing = row["id"].endswith("confirmation_failure")
    return lambda url: None if failing and "ConfirmSubscription" in url else amazon(url)


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


def unsigned(row: Mapping[str, Any]) -> bool:
    """Proved by a login alone: such calls have no age."""
    given = {**row["settings"], **row["settings"]["ANYMAIL"]}
    return row["esp"] in {"Resend", "SendGrid"} and not any(
        "SIGNING" in k or "VERIFICATION" in k for k in given
    )


@each_call
def test_amazons_calls_as_they_were_recorded_are_forged(number: int) -> None:
    row = recorded()[number]
    if row["esp"] == "Amazon SES":
        body = base64.b64decode(row["body_b64"])
        assert receiver_of(row).verify(replace(call_of(row), body=body)) is not Verdict.GENUINE
