"""What proves a call, provider by provider, beyond the contract that all share."""

import base64
import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from callback_calls import (
    CERTIFICATE_URL,
    LOGIN,
    MAILGUN_KEY,
    NOW,
    RESEND_KEY,
    TOPIC,
    TWILIO_TOKEN,
    amazon,
    amazon_certificate,
    as_json,
    basic,
    caller,
    mailgun_proof,
    notification,
    request,
    sendgrid_keys,
    sns,
    svix,
)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from dispatcher.callbacks.base import RawRequest, Receiver, Verdict
from dispatcher.callbacks.mailgun import Mailgun
from dispatcher.callbacks.postmark import Postmark
from dispatcher.callbacks.resend import Resend
from dispatcher.callbacks.sendgrid import SIGNATURE, TIMESTAMP, SendGrid
from dispatcher.callbacks.ses import Ses
from dispatcher.callbacks.twilio import Twilio
from dispatcher.channels.twilio_status import status_address

OPENED = {"eventType": "Open", "mail": {}}
CONFIRM = f"https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f"


class Amazon:
    """Amazon's servers, remembering what was asked of them."""

    def __init__(self, answer: Callable[[str], bytes | None] = amazon) -> None:
        self.asked: list[str] = []
        self._answer = answer

    def __call__(self, url: str) -> bytes | None:
        self.asked.append(url)
        return self._answer(url)


def from_amazon(body: bytes) -> RawRequest:
    return request(body, {"Content-Type": "text/plain; charset=UTF-8"})


def subscription(**changed: Any) -> dict[str, Any]:
    return notification(
        "You have chosen",
        **{"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": CONFIRM} | changed,
    )


@pytest.mark.parametrize("version", ["1", "2"])
@pytest.mark.parametrize("told", [notification(OPENED), notification(OPENED, Subject="Amazon SES")])
def test_both_of_amazons_signatures_are_known_with_a_subject_and_without(
    version: str, told: dict[str, Any]
) -> None:
    assert Ses({TOPIC}, amazon).verify(from_amazon(sns(told, version))) is Verdict.GENUINE


@pytest.mark.parametrize(
    "changed",
    [
        {"SignatureVersion": "1"},
        {"SignatureVersion": "3"},
        {"SignatureVersion": 2},
        {"Signature": "EXAMPLE=="},
        {"Signature": ""},
        {"Signature": None},
        {"Message": "{}"},
        {"Message": None},
        {"MessageId": "another"},
        {"Subject": "added"},
        {"Subject": 5},
        {"TopicArn": TOPIC + "x"},
        {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": CONFIRM},
    ],
)
def test_whatever_is_changed_in_amazons_message_is_noticed(changed: dict[str, Any]) -> None:
    call = from_amazon(sns(notification(OPENED), **changed))
    assert Ses({TOPIC}, amazon).verify(call) in {Verdict.FORGED} | (
        {Verdict.GENUINE} if changed == {"SignatureVersion": 2} else set()
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com.evil.example/SimpleNotificationService-0a.pem",
        "https://evil.example/sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com@evil.example/SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-0a.pem",
        "https://snsxus-east-1.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://bucket.s3.amazonaws.com/SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com/../SimpleNotificationService-0a.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem?x=y",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a.pem\n",
        "https://sns.evil.amazonaws.com/SimpleNotificationService-0a.pem",
        "",
        None,
        7,
    ],
)
def test_a_certificate_is_had_from_amazons_exact_host_alone(url: object) -> None:
    servers = Amazon()
    call = from_amazon(sns(notification(OPENED), SigningCertURL=url))
    assert Ses({TOPIC}, servers).verify(call) is Verdict.FORGED
    assert servers.asked == []


def test_a_certificate_is_fetched_once_and_kept() -> None:
    servers = Amazon()
    ses = Ses({TOPIC}, servers)
    for number in range(3):
        told = notification(OPENED, MessageId=str(number))
        assert ses.verify(from_amazon(sns(told))) is Verdict.GENUINE
    assert servers.asked == [CERTIFICATE_URL]


def test_nothing_is_fetched_for_topics_that_arent_ours_or_for_stale_calls() -> None:
    servers = Amazon()
    ses = Ses({TOPIC}, servers)
    assert (
        ses.verify(from_amazon(sns(notification(OPENED, TopicArn="arn:aws:sns:us-east-1:1:x"))))
        is Verdict.FORGED
    )
    assert ses.verify(from_amazon(sns(notification(OPENED, NOW - timedelta(days=1))))) is Verdict.STALE
    assert servers.asked == []


@pytest.mark.parametrize(
    "answer",
    [None, b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
def test_amazon_tries_again_when_its_certificate_cant_be_had(answer: bytes | None) -> None:
    ses = Ses({TOPIC}, lambda _: answer)
    assert ses.verify(from_amazon(sns(notification(OPENED)))) is Verdict.FAILED


def test_strangers_cant_make_us_fetch_without_end() -> None:
    servers = Amazon(lambda _: None)
    ses = Ses({TOPIC}, servers)
    for number in range(50):
        url = f"https://sns.us-east-1.amazonaws.com/SimpleNotificationService-{number}.pem"
        assert ses.verify(from_amazon(sns(notification(OPENED), SigningCertURL=url))) is Verdict.FAILED
    assert len(servers.asked) == 5
    later = replace(from_amazon(sns(notification(OPENED))), now=NOW + timedelta(minutes=2))
    assert ses.verify(later) is Verdict.FAILED
    assert len(servers.asked) == 6


def test_a_certificate_that_has_expired_proves_nothing() -> None:
    old = amazon_certificate(NOW - timedelta(days=90), NOW - timedelta(days=1))
    assert Ses({TOPIC}, lambda _: old).verify(from_amazon(sns(notification(OPENED)))) is Verdict.FORGED


def test_a_subscription_to_our_topic_is_confirmed() -> None:
    servers = Amazon()
    ses = Ses({TOPIC}, servers)
    call = from_amazon(sns(subscription()))
    assert ses.verify(call) is Verdict.GENUINE
    assert servers.asked == [CERTIFICATE_URL, CONFIRM]
    assert ses.read(call) == []


def test_a_subscription_that_cant_be_confirmed_is_offered_again() -> None:
    ses = Ses({TOPIC}, Amazon(lambda url: amazon(url) if url.endswith(".pem") else None))
    assert ses.verify(from_amazon(sns(subscription()))) is Verdict.FAILED


@pytest.mark.parametrize(
    "changed",
    [
        {"TopicArn": "arn:aws:sns:us-east-1:666:theirs"},
        {"SubscribeURL": CONFIRM.replace("amazonaws.com", "evil.example")},
        {"SubscribeURL": CONFIRM.replace("ConfirmSubscription", "Publish")},
        {"SubscribeURL": CONFIRM.replace("https", "http")},
        {"SubscribeURL": None},
    ],
)
def test_nothing_else_is_confirmed(changed: dict[str, Any]) -> None:
    servers = Amazon()
    assert Ses({TOPIC}, servers).verify(from_amazon(sns(subscription(**changed)))) in {
        Verdict.FORGED,
        Verdict.FAILED,
    }
    assert not any("Action=" in url for url in servers.asked)


def test_amazon_is_asked_for_the_login_that_it_keeps_back() -> None:
    ses = Ses({TOPIC}, amazon, [LOGIN])
    call = from_amazon(sns(notification(OPENED)))
    assert ses.verify(call).status == 401
    assert ses.verify(replace(call, headers=basic(LOGIN))) is Verdict.GENUINE
    assert ses.verify(replace(call, headers=basic("a:b"))) is Verdict.FORGED


def test_mail_that_arrives_belongs_elsewhere() -> None:
    """Whoever set the address up must see it fail."""
    received = from_amazon(sns(notification({"notificationType": "Received", "mail": {}})))
    assert Ses({TOPIC}, amazon).verify(received) is Verdict.MISDIRECTED
    postmark = request(as_json({"RecordType": "Inbound"}), basic(LOGIN))
    assert Postmark([LOGIN]).verify(postmark) is Verdict.MISDIRECTED
    resend = caller("resend")
    assert resend.receiver.verify(resend.call(b'{"type": "email.received"}')) is Verdict.MISDIRECTED
    parse = request(b"a=b", {**basic(LOGIN), "Content-Type": "multipart/form-data; boundary=x"})
    assert SendGrid(logins=[LOGIN]).verify(parse) is Verdict.MISDIRECTED
    form = "&".join(f"{k}={v}" for k, v in {**mailgun_proof(NOW), "body-plain": "hello"}.items())
    mailgun = request(form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
    assert Mailgun([MAILGUN_KEY]).verify(mailgun) is Verdict.MISDIRECTED
    assert Verdict.MISDIRECTED.status == 500


@pytest.mark.parametrize("name", ["mailgun", "resend", "sendgrid"])
def test_with_a_signature_and_a_login_both_are_asked_for(name: str) -> None:
    secret = "whsec_" + base64.b64encode(RESEND_KEY).decode()
    receivers: dict[str, Receiver] = {
        "mailgun": Mailgun([MAILGUN_KEY], [LOGIN]),
        "resend": Resend(secret, [LOGIN]),
        "sendgrid": SendGrid(sendgrid_keys()[1], [LOGIN]),
    }
    receiver = receivers[name]
    signed = caller(name).call()
    assert receiver.verify(signed) is Verdict.FORGED
    assert receiver.verify(replace(signed, headers={**signed.headers, **basic(LOGIN)})) is Verdict.GENUINE
    assert receiver.verify(request(caller(name).body, basic(LOGIN))) is Verdict.FORGED


@pytest.mark.parametrize(
    ("receiver", "body"), [(SendGrid(logins=[LOGIN]), b"[]"), (Resend(logins=[LOGIN]), b"{}")]
)
def test_a_login_alone_may_be_the_proof(receiver: SendGrid | Resend, body: bytes) -> None:
    assert receiver.verify(request(body, basic(LOGIN))) is Verdict.GENUINE
    assert receiver.verify(request(body, {})) is Verdict.FORGED
    assert receiver.verify(request(b"", basic(LOGIN))) is Verdict.MALFORMED


def test_nothing_is_believed_without_any_proof_to_ask_for() -> None:
    with pytest.raises(ValueError, match="needs"):
        SendGrid()
    with pytest.raises(ValueError, match="needs"):
        Resend()
    assert Postmark([]).verify(request(b"{}", {})) is Verdict.FORGED
    assert Mailgun([]).verify(caller("mailgun").call()) is Verdict.FORGED


@pytest.mark.parametrize("key", ["x", "MFkwAAAA", base64.b64encode(b"x" * 91).decode()])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="must be"):
        SendGrid(key)
    with pytest.raises(ValueError, match="whsec_"):
        Resend("whsec_" + key[:8])


def test_several_signatures_of_resend_may_stand_side_by_side() -> None:
    body = caller("resend").body
    headers = svix(body, NOW)
    receiver = caller("resend").receiver
    for given in (f"v1,AAAA {headers['Svix-Signature']}", f"v1a,xyz {headers['Svix-Signature']} v2,x"):
        assert receiver.verify(request(body, {**headers, "Svix-Signature": given})) is Verdict.GENUINE
    eleventh = "v1,AAAA " * 10 + headers["Svix-Signature"]
    assert receiver.verify(request(body, {**headers, "Svix-Signature": eleventh})) is Verdict.FORGED


def test_mailguns_old_key_counts_beside_its_new_one() -> None:
    call = caller("mailgun").call()
    assert Mailgun(["new", MAILGUN_KEY]).verify(call) is Verdict.GENUINE
    assert Mailgun(["new"]).verify(call) is Verdict.FORGED


def test_one_proof_of_mailgun_under_another_body_is_the_same_event() -> None:
    """Its body isn't signed: whoever stores events takes each once, and so the first."""
    told = {"event": "complained", "recipient": "somebody@else.example"}
    ours = caller("mailgun")
    first, second = (ours.receiver.read(ours.call(body))[0] for body in (ours.body, as_json(told)))
    assert first.event_id == second.event_id


@pytest.mark.parametrize("taken", [1, 2])
def test_a_proof_of_mailgun_is_no_other_tokens(taken: int) -> None:
    """Nothing stands between timestamp and token, so `1764000000e0` and the rest would have the same."""
    proof = mailgun_proof(NOW, "e0" + "ab" * 24)
    token = proof["token"]
    for at in (proof["timestamp"] + token[:taken], proof["timestamp"][:-taken]):
        rest = (proof["timestamp"] + token).removeprefix(at)
        moved = {**proof, "timestamp": at, "token": rest}
        call = request(as_json({"signature": moved, "event-data": {"event": "complained"}}), {})
        assert Mailgun([MAILGUN_KEY]).verify(call) is Verdict.STALE


@pytest.mark.parametrize("more", [".5", ".0e0"])
def test_the_time_of_resend_that_counts_is_the_signed_one(more: str) -> None:
    call = caller("resend").call()
    headers = {**call.headers, "Svix-Timestamp": call.header("Svix-Timestamp") + more}
    assert caller("resend").receiver.verify(replace(call, headers=headers)) is Verdict.GENUINE
    old = caller("resend").call(at=NOW - timedelta(days=1))
    headers = {**old.headers, "Svix-Timestamp": old.header("Svix-Timestamp") + more}
    assert caller("resend").receiver.verify(replace(old, headers=headers)) is Verdict.STALE


def test_a_time_of_sendgrid_takes_nothing_of_the_body() -> None:
    private, public = sendgrid_keys()
    written = f"{int(NOW.timestamp())} \n"
    signature = private.sign(written.encode() + b"[]", ec.ECDSA(hashes.SHA256()))
    headers = {TIMESTAMP: written, SIGNATURE: base64.b64encode(signature).decode()}
    assert SendGrid(public).verify(request(b"[]", headers)) is Verdict.STALE


def test_amazons_subject_is_not_a_part_of_the_id() -> None:
    """Both are signed alike, and another id would be another event."""
    told = notification(OPENED, Subject="Amazon SES")
    whole = json.loads(sns(told))
    whole["MessageId"] += "\nSubject\n" + whole.pop("Subject")
    assert Ses({TOPIC}, amazon).verify(from_amazon(as_json(whole))) is Verdict.FORGED


def twilio_call(body: bytes, url: str) -> RawRequest:
    fields = sorted(parse_qsl(body.decode(), keep_blank_values=True))
    signed = url + "".join(key + value for key, value in fields)
    mac = base64.b64encode(hmac.digest(TWILIO_TOKEN.encode(), signed.encode(), "sha1")).decode()
    headers = {"X-Twilio-Signature": mac, "Content-Type": "application/x-www-form-urlencoded"}
    return RawRequest("POST", url, headers, body, NOW)


def test_twilios_form_is_proved_with_the_message_in_its_address() -> None:
    url = status_address("https://go.example.org", "42")
    call = twilio_call(b"ErrorCode=&MessageSid=SM1&MessageStatus=delivered", url)
    receiver = Twilio(TWILIO_TOKEN)
    assert receiver.verify(call) is Verdict.GENUINE
    assert receiver.verify(replace(call, url=url.replace("42", "43"))) is Verdict.FORGED
    assert receiver.verify(twilio_call(b"SmsStatus=received&Body=STOP", url)) is Verdict.MISDIRECTED
    assert receiver.verify(twilio_call(b"Body=STOP", url)) is Verdict.MALFORMED
    assert receiver.verify(replace(call, url="http://[")) is Verdict.FORGED


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ("4", b"2AccountSid=AC1&ErrorCode=30005&MessageSid=SM1&MessageStatus=undelivered&To=%2B1312"),
        ("42AccountSid", b"AC=1&ErrorCode=30005&MessageSid=SM1&MessageStatus=undelivered&To=%2B1312"),
        ("42", b"AccountSid=AC1ErrorCode30005&MessageSid=SM1&MessageStatus=undelivered&To=%2B1312"),
        ("42", b"AccountSid=AC1&ErrorCode30005MessageSid=SM1&MessageStatus=undelivered&To=%2B1312"),
        ("42", b"AccountSid=AC1&ErrorCode=30005MessageSidSM1&MessageStatus=undelivered&To=%2B1312"),
        ("42", b"AccountSid=AC1&ErrorCode=3000&5MessageSid=SM1&MessageStatus=undelivered&To=%2B1312"),
        ("42", b"AccountSid=AC1&ErrorCode=30005&MessageSid=SM1&MessageStatus=undeliveredTo%2B1312"),
    ],
)
def test_a_signature_of_twilio_is_no_other_calls(message: str, body: bytes) -> None:
    """All of these are signed with the same text: 42's failure could be told of 4, or under another code."""
    genuine = twilio_call(
        b"AccountSid=AC1&ErrorCode=30005&MessageSid=SM1&MessageStatus=undelivered&To=%2B1312",
        status_address("https://go.example.org", "42"),
    )
    assert Twilio(TWILIO_TOKEN).verify(genuine) is Verdict.GENUINE
    moved = replace(genuine, url=status_address("https://go.example.org", message), body=body)
    assert Twilio(TWILIO_TOKEN).verify(moved) is Verdict.FORGED


def test_a_body_that_isnt_what_was_signed_gives_twilio_no_event() -> None:
    assert json.loads(caller("twilio").body)["MessageStatus"] == "undelivered"
    assert Twilio(TWILIO_TOKEN).read(request(b"[1]", {})) == []
