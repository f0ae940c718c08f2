"""What each provider's own words mean in ours."""

import json
from typing import Any

import pytest
from callback_calls import (
    NOW,
    PERSON,
    REFERENCE,
    TWILIO_TOKEN,
    as_json,
    caller,
    mailgun_proof,
    notification,
    request,
)

from dispatcher.callbacks.base import RawRequest
from dispatcher.callbacks.mailgun import Mailgun
from dispatcher.callbacks.twilio import Twilio
from dispatcher.channels.twilio_status import status_address
from dispatcher.rules.events import Event
from dispatcher.rules.events import EventKind as K

FULL = "smtp; 552 5.2.2 mailbox full"
DEAD = "smtp; 550 5.1.1 no such user"


def read(name: str, body: Any) -> list[Event]:
    return caller(name).receiver.read(caller(name).call(as_json(body)))


def changed(name: str, **fields: Any) -> Any:
    """The provider's sample with other fields."""
    return json.loads(caller(name).body) | fields


def ses_bounce(kind: str, subtype: str = "General", words: str = "") -> dict[str, Any]:
    told = {"emailAddress": PERSON, "diagnosticCode": words}
    return {"bounce": {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [told]}}


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"eventType": "Send"}, K.ACCEPTED),
        ({"eventType": "Delivery"}, K.DELIVERED),
        ({"eventType": "DeliveryDelay"}, K.DEFERRED),
        ({"eventType": "Reject"}, K.FAILED),
        ({"eventType": "Rendering Failure"}, K.FAILED),
        ({"eventType": "Open"}, K.OPENED),
        ({"eventType": "Click"}, K.CLICKED),
        ({"eventType": "Complaint"}, K.COMPLAINED),
        ({"eventType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}, K.UNKNOWN),
        ({"eventType": "Something new"}, K.UNKNOWN),
        (
            {"eventType": "Subscription", "subscription": {"newTopicPreferences": {"unsubscribeAll": True}}},
            K.UNSUBSCRIBED,
        ),
        ({"eventType": "Subscription", "subscription": {"newTopicPreferences": {}}}, K.UNKNOWN),
        (ses_bounce("Permanent"), K.HARD_BOUNCE),
        (ses_bounce("Permanent", words=FULL), K.SOFT_BOUNCE),
        (ses_bounce("Permanent", "OnAccountSuppressionList"), K.HARD_BOUNCE),
        (ses_bounce("Transient"), K.SOFT_BOUNCE),
        (ses_bounce("Transient", "ContentRejected"), K.BLOCKED),
        (ses_bounce("Transient", words=DEAD), K.HARD_BOUNCE),
        (ses_bounce("Undetermined"), K.SOFT_BOUNCE),
    ],
)
def test_amazons_words(fields: dict[str, Any], kind: K) -> None:
    (event,) = read("ses", changed("ses", **fields))
    assert (event.kind, event.recipient, event.reference) == (kind, PERSON, REFERENCE)


def test_one_message_of_amazon_about_two_people_is_two_events() -> None:
    people = [{"emailAddress": "a@x.example"}, {"emailAddress": "b@x.example"}]
    both = read("ses", changed("ses", bounce={"bounceType": "Permanent", "bouncedRecipients": people}))
    assert [event.recipient for event in both] == ["a@x.example", "b@x.example"]
    assert both[0].event_id == notification("")["MessageId"]
    assert both[1].event_id == f"{both[0].event_id}#1"


def test_amazon_brings_our_return_path_back_where_headers_are_left_out() -> None:
    mail = {"messageId": "0100018f", "source": f"bounces+{REFERENCE}@example.org", "destination": [PERSON]}
    assert read("ses", changed("ses", mail=mail))[0].reference == REFERENCE


def test_a_topic_that_has_just_been_subscribed_to_tells_nothing() -> None:
    ours = caller("ses")
    assert (
        ours.receiver.read(ours.call(b"Successfully validated SNS topic for Amazon SES event publishing."))
        == []
    )


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"event": "processed"}, K.ACCEPTED),
        ({"event": "delivered"}, K.DELIVERED),
        ({"event": "deferred"}, K.DEFERRED),
        ({"event": "open"}, K.OPENED),
        ({"event": "click"}, K.CLICKED),
        ({"event": "spamreport"}, K.COMPLAINED),
        ({"event": "unsubscribe"}, K.UNSUBSCRIBED),
        ({"event": "group_unsubscribe"}, K.UNSUBSCRIBED),
        ({"event": "group_resubscribe"}, K.UNKNOWN),
        ({"event": "dropped", "reason": "Bounced Address"}, K.HARD_BOUNCE),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, K.UNSUBSCRIBED),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, K.COMPLAINED),
        ({"event": "dropped", "reason": "Recipient List over Package Quota"}, K.FAILED),
        ({"reason": FULL, "status": "5.2.2"}, K.SOFT_BOUNCE),
        ({"reason": "", "status": ""}, K.HARD_BOUNCE),
        ({"type": "blocked", "reason": "", "status": ""}, K.BLOCKED),
        ({"type": "blocked", "reason": "550 5.7.1 listed at spamhaus", "status": "5.7.1"}, K.BLOCKED),
        ({"type": "blocked"}, K.SOFT_BOUNCE),  # temporary, whatever the words: the address lives
    ],
)
def test_sendgrids_words(fields: dict[str, Any], kind: K) -> None:
    (event,) = read(
        "sendgrid",
        [json.loads(caller("sendgrid").body)[0] | fields],
    )
    assert (event.kind, event.provider_ref) == (kind, "14c5d75ce93")


def test_sendgrids_unique_argument_comes_before_the_message_id() -> None:
    told = json.loads(caller("sendgrid").body)[0] | {"dispatch": "7.1111111111111111"}
    assert read("sendgrid", [told])[0].reference == "7.1111111111111111"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"event": "accepted"}, K.ACCEPTED),
        ({"event": "rejected"}, K.FAILED),
        ({"event": "delivered"}, K.DELIVERED),
        ({"event": "opened"}, K.OPENED),
        ({"event": "clicked"}, K.CLICKED),
        ({"event": "complained"}, K.COMPLAINED),
        ({"event": "unsubscribed"}, K.UNSUBSCRIBED),
        ({"event": "stored"}, K.UNKNOWN),
        ({"severity": "temporary"}, K.DEFERRED),
        ({"reason": "suppress-bounce"}, K.HARD_BOUNCE),
        ({"reason": "suppress-unsubscribe"}, K.UNSUBSCRIBED),
        ({"reason": "suppress-complaint"}, K.COMPLAINED),
        ({"reason": "espblock", "delivery-status": {}}, K.BLOCKED),
        ({"reason": "old", "delivery-status": {"code": 602, "message": "Too old"}}, K.SOFT_BOUNCE),
        ({"delivery-status": {"code": 552, "message": "5.2.2 over quota"}}, K.SOFT_BOUNCE),
        ({"delivery-status": None}, K.HARD_BOUNCE),
    ],
)
def test_mailguns_words(fields: dict[str, Any], kind: K) -> None:
    (event,) = read("mailgun", changed("mailgun", **fields))
    assert (event.kind, event.reference, event.event_id) == (kind, REFERENCE, "0123456789abcdef")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"event": "bounced", "code": "5.1.1", "error": "smtp;550 5.1.1 not found"}, K.HARD_BOUNCE),
        ({"event": "bounced", "code": "552", "error": "over quota"}, K.SOFT_BOUNCE),
        (
            {"event": "dropped", "code": "605", "description": "Not delivering to previously bounced"},
            K.HARD_BOUNCE,
        ),
        ({"event": "dropped", "code": "607"}, K.COMPLAINED),
        ({"event": "dropped", "reason": "hardfail"}, K.FAILED),
        ({"event": "delivered"}, K.DELIVERED),
    ],
)
def test_mailguns_older_forms(fields: dict[str, str], kind: K) -> None:
    told = {**fields, "recipient": PERSON, "Message-Id": f"<{REFERENCE}@example.org>", **mailgun_proof(NOW)}
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in told.items()
    )
    call = request(f"{body}--x--\r\n".encode(), {"Content-Type": "multipart/form-data; boundary=x"})
    (event,) = Mailgun(["any"]).read(call)
    assert (event.kind, event.recipient, event.reference, event.at) == (kind, PERSON, REFERENCE, NOW)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"RecordType": "Delivery"}, K.DELIVERED),
        ({"RecordType": "Open"}, K.OPENED),
        ({"RecordType": "Click"}, K.CLICKED),
        ({"RecordType": "SpamComplaint"}, K.COMPLAINED),
        ({"RecordType": "Something"}, K.UNKNOWN),
        ({"Details": FULL}, K.SOFT_BOUNCE),
        ({"Details": ""}, K.HARD_BOUNCE),
        ({"Type": "SoftBounce", "Details": ""}, K.SOFT_BOUNCE),
        ({"Type": "DnsError", "Details": ""}, K.SOFT_BOUNCE),
        ({"Type": "Transient"}, K.DEFERRED),
        ({"Type": "Blocked", "Details": "smtp;550 5.7.1 listed at spamhaus"}, K.BLOCKED),
        ({"Type": "SpamNotification", "Details": ""}, K.BLOCKED),
        ({"Type": "AutoResponder"}, K.AUTO_REPLY),
        ({"Type": "Unsubscribe"}, K.UNSUBSCRIBED),
        ({"Type": "ManuallyDeactivated"}, K.FAILED),
        ({"Type": "BrandNew", "Details": ""}, K.UNKNOWN),
        ({"RecordType": "SubscriptionChange", "SuppressSending": False}, K.UNKNOWN),
        ({"RecordType": "SubscriptionChange", "SuppressSending": True}, K.UNSUBSCRIBED),
        (
            {"RecordType": "SubscriptionChange", "SuppressSending": True, "SuppressionReason": "HardBounce"},
            K.HARD_BOUNCE,
        ),
    ],
)
def test_postmarks_words(fields: dict[str, Any], kind: K) -> None:
    (event,) = read("postmark", changed("postmark", **fields))
    assert (event.kind, event.reference, event.at) == (kind, REFERENCE, NOW)


def test_two_openings_are_two_events_of_postmark() -> None:
    opened = [changed("postmark", RecordType="Open", ReceivedAt=f"2026-11-22T18:00:0{n}Z") for n in (1, 2)]
    assert read("postmark", opened[0])[0].event_id != read("postmark", opened[1])[0].event_id


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"type": "email.sent"}, K.ACCEPTED),
        ({"type": "email.delivered"}, K.DELIVERED),
        ({"type": "email.delivery_delayed"}, K.DEFERRED),
        ({"type": "email.complained"}, K.COMPLAINED),
        ({"type": "email.opened"}, K.OPENED),
        ({"type": "email.clicked"}, K.CLICKED),
        ({"type": "email.failed", "data": {"failed": {"reason": "reached_daily_quota"}}}, K.FAILED),
        ({"type": "email.suppressed"}, K.HARD_BOUNCE),
        ({"type": "contact.created"}, K.UNKNOWN),
        (
            {"data": {"bounce": {"type": "Transient", "subType": "MailboxFull", "message": "Full."}}},
            K.SOFT_BOUNCE,
        ),
        ({"data": {"bounce": {"type": "Permanent", "diagnosticCode": [FULL]}}}, K.SOFT_BOUNCE),
        ({"data": {"bounce": {"type": "Permanent", "subType": "Suppressed"}}}, K.HARD_BOUNCE),
        ({"data": {}}, K.SOFT_BOUNCE),
    ],
)
def test_resends_words(fields: dict[str, Any], kind: K) -> None:
    (event,) = read("resend", changed("resend", **fields))
    assert (event.kind, event.event_id) == (kind, "msg_1")


@pytest.mark.parametrize(
    "told",
    [
        {"tags": {"dispatch": REFERENCE}},
        {"tags": [{"name": "dispatch", "value": REFERENCE}]},
        {"headers": [{"name": "Message-ID", "value": f"<{REFERENCE}@example.org>"}]},
        {"message_id": f"<{REFERENCE}@example.org>"},
    ],
)
def test_resend_brings_our_reference_back(told: dict[str, Any]) -> None:
    assert read("resend", changed("resend", data=told))[0].reference == REFERENCE


@pytest.mark.parametrize(
    ("state", "code", "kind"),
    [
        ("queued", "", K.ACCEPTED),
        ("sending", "", K.ACCEPTED),
        ("sent", "", K.ACCEPTED),
        ("delivered", "", K.DELIVERED),
        ("read", "", K.DELIVERED),
        ("canceled", "", K.FAILED),
        ("partially_delivered", "", K.UNKNOWN),
        ("undelivered", "30003", K.SOFT_BOUNCE),
        ("undelivered", "30005", K.HARD_BOUNCE),
        ("undelivered", "30006", K.HARD_BOUNCE),
        ("undelivered", "30007", K.BLOCKED),
        ("undelivered", "30034", K.BLOCKED),
        ("undelivered", "30022", K.BLOCKED),
        ("undelivered", "30036", K.FAILED),
        ("undelivered", "99999", K.SOFT_BOUNCE),
        ("undelivered", "", K.SOFT_BOUNCE),
        ("failed", "21610", K.UNSUBSCRIBED),
        ("failed", "0", K.FAILED),
    ],
)
def test_twilios_words(state: str, code: str, kind: K) -> None:
    (event,) = twilio_events(f"MessageSid=SM1&MessageStatus={state}&ErrorCode={code}&To=%2B13125550123")
    assert (event.kind, event.event_id, event.provider_ref) == (kind, f"SM1:{state}", "SM1")
    assert (event.recipient, event.reference) == ("+13125550123", "42")


@pytest.mark.parametrize(
    ("query", "reference"),
    [
        ("message=42", "42"),
        (f"message={REFERENCE}", REFERENCE),
        ("message=x", ""),
        ("message=42.zz", ""),
        ("message=" + "9" * 30, ""),
        ("a=" + "&" * 50, ""),
        ("", ""),
    ],
)
def test_twilios_address_names_the_message_or_none(query: str, reference: str) -> None:
    body = b"MessageSid=SM1&MessageStatus=sent"
    call = RawRequest("POST", f"https://x.example/callbacks/twilio?{query}", {}, body, NOW)
    assert Twilio(TWILIO_TOKEN).read(call)[0].reference == reference


def twilio_events(body: str) -> list[Event]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Twilio(TWILIO_TOKEN).read(
        request(body.encode(), headers, status_address("https://x.example", "42"))
    )
