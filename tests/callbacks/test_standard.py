"""Calls signed as Standard Webhooks has it: genuine, forged, stale, cut off."""

import base64
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from dispatcher.callbacks.base import RawRequest, Verdict
from dispatcher.callbacks.standard import signed

KEY, FORMER, FOREIGN = b"k" * 32, b"f" * 32, b"x" * 32
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
BODY = b'{"email": "rosa@example.org"}'


def call(
    body: bytes = BODY,
    *keys: bytes,
    at: str = str(int(NOW.timestamp())),
    sent_id: str = "msg_1",
    before: str = "",
    now: datetime = NOW,
) -> RawRequest:
    said = f"{sent_id}.{at}.".encode() + BODY
    proofs = [base64.b64encode(hmac.digest(key, said, "sha256")).decode() for key in keys or (KEY,)]
    given = before + " ".join(f"v1,{proof}" for proof in proofs)
    headers = {"Webhook-Id": sent_id, "Webhook-Timestamp": at, "Webhook-Signature": given}
    return RawRequest("POST", "https://x/actions", headers, body, now)


def test_one_of_our_keys_is_enough_while_they_are_changed() -> None:
    assert signed(call(), [KEY]) is Verdict.GENUINE
    assert signed(call(BODY, FORMER), [KEY, FORMER]) is Verdict.GENUINE
    assert signed(call(BODY, FOREIGN, KEY), [KEY]) is Verdict.GENUINE
    assert signed(call(before="v1a,abc v1,!! "), [KEY]) is Verdict.GENUINE


@pytest.mark.parametrize(
    "forged",
    [
        call(BODY, FOREIGN),
        call(BODY[:-1]),  # cut off
        call(BODY + b" "),
        call(sent_id=""),
        call(sent_id="msg.1"),  # where it ends couldn't be told from what is signed
        call(before="x" * 40),
        call(BODY, *[FOREIGN] * 10, KEY),  # who sends eleven is guessing
    ],
)
def test_what_we_did_not_sign_is_refused(forged: RawRequest) -> None:
    assert signed(forged, [KEY]) is Verdict.FORGED


def test_without_a_key_of_ours_nothing_is_believed() -> None:
    assert signed(call(), []) is Verdict.FORGED


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24])
def test_a_call_of_another_time_is_refused(minutes: int) -> None:
    assert signed(call(now=NOW + timedelta(minutes=minutes)), [KEY]) is Verdict.STALE


@pytest.mark.parametrize("at", ["", "soon", "1e9", "٣", "9" * 30, "0" + str(int(NOW.timestamp()))])
def test_a_call_without_its_time_is_refused(at: str) -> None:
    assert signed(call(at=at), [KEY]) is Verdict.STALE
