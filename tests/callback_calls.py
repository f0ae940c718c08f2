"""Calls as each provider makes them, signed with keys of our own: what the contract tests send."""

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from dispatcher.callbacks.base import RawRequest, Receiver
from dispatcher.callbacks.mailgun import Mailgun
from dispatcher.callbacks.postmark import Postmark
from dispatcher.callbacks.resend import Resend
from dispatcher.callbacks.sendgrid import SIGNATURE, TIMESTAMP, SendGrid
from dispatcher.callbacks.ses import Ses
from dispatcher.callbacks.sns import signed_text
from dispatcher.callbacks.twilio import Twilio
from dispatcher.channels.twilio_status import status_address
from dispatcher.rules.events import EventKind

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
REFERENCE = "42.00ff00ff00ff00ff"
PERSON = "maria@example.org"
LOGIN = "hooks:a-long-enough-password"
TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
CERTIFICATE_URL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem"
PUBLIC = "https://go.example.org"
MAILGUN_KEY = "key-of-mailgun"
RESEND_KEY = b"sixteen bytes or more"
TWILIO_TOKEN = "token-of-twilio"


@dataclass(frozen=True)
class Caller:
    """One provider on the telephone. `signed` makes a genuine call of any body."""

    receiver: Receiver
    stranger: Receiver  # the same provider set up with other secrets
    body: bytes  # tells of one dead address
    signed: Callable[[bytes, datetime], RawRequest]
    kind: EventKind = EventKind.HARD_BOUNCE
    reference: str = REFERENCE
    signs_body: bool = True
    dated: bool = True  # the event says when it happened
    more: Mapping[str, bytes] = field(default_factory=dict)

    def call(self, body: bytes | None = None, at: datetime = NOW) -> RawRequest:
        return self.signed(self.body if body is None else body, at)


def as_json(value: object) -> bytes:
    return json.dumps(value).encode()


def request(body: bytes, headers: Mapping[str, str], url: str = f"{PUBLIC}/callbacks/x") -> RawRequest:
    return RawRequest("POST", url, {"Content-Type": "application/json", **headers}, body, NOW)


def basic(login: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(login.encode()).decode()}


# Amazon


@cache
def amazon_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def amazon_certificate(
    since: datetime = NOW - timedelta(days=9000), until: datetime = NOW + timedelta(days=90)
) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    made = x509.CertificateBuilder(
        name, name, amazon_key().public_key(), x509.random_serial_number(), since, until
    )
    return made.sign(amazon_key(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def amazon(url: str) -> bytes | None:
    """What Amazon's servers answer."""
    return amazon_certificate() if url.endswith(".pem") else b"<ConfirmSubscriptionResponse/>"


def sns(message: dict[str, Any], version: str = "2", **changed: object) -> bytes:
    """An SNS message, signed; `changed` afterwards."""
    message = {"SigningCertURL": CERTIFICATE_URL, "SignatureVersion": version, **message}
    algorithm = hashes.SHA256() if version == "2" else hashes.SHA1()  # noqa: S303 - as Amazon does
    signature = amazon_key().sign(signed_text(message) or b"", padding.PKCS1v15(), algorithm)
    return as_json({**message, "Signature": base64.b64encode(signature).decode(), **changed})


def notification(told: object, at: datetime = NOW, **more: object) -> dict[str, Any]:
    return {
        "Type": "Notification",
        "MessageId": "19ba9823-d7f2-53c1-860e-cb10e0d13dfc",
        "TopicArn": TOPIC,
        "Message": told if isinstance(told, str) else json.dumps(told),
        "Timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        **more,
    }


def _ses() -> Caller:
    told = {
        "eventType": "Bounce",
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {"emailAddress": PERSON, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
            ],
        },
        "mail": {
            "messageId": "0100018f-ses",
            "destination": [PERSON],
            "headers": [{"name": "Message-ID", "value": f"<{REFERENCE}@example.org>"}],
        },
    }

    def signed(body: bytes, at: datetime) -> RawRequest:
        return request(sns(notification(body.decode("utf-8", "replace"), at)), {"Content-Type": "text/plain"})

    return Caller(Ses({TOPIC}, amazon), Ses({"arn:aws:sns:us-east-1:1:other"}, amazon), as_json(told), signed)


# SendGrid


@cache
def sendgrid_keys() -> tuple[ec.EllipticCurvePrivateKey, str]:
    private = ec.generate_private_key(ec.SECP256R1())
    return private, public_text(private)


def public_text(private: ec.EllipticCurvePrivateKey) -> str:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(private.public_key().public_bytes(*form)).decode()


def _sendgrid() -> Caller:
    private, public = sendgrid_keys()
    told = {
        "event": "bounce",
        "type": "bounce",
        "email": PERSON,
        "timestamp": int(NOW.timestamp()),
        "smtp-id": f"<{REFERENCE}@example.org>",
        "sg_event_id": "ZXZlbnQ",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "reason": "550 5.1.1 no such user",
        "status": "5.1.1",
    }

    def signed(body: bytes, at: datetime) -> RawRequest:
        written = str(int(at.timestamp()))
        signature = private.sign(written.encode() + body, ec.ECDSA(hashes.SHA256()))
        return request(body, {TIMESTAMP: written, SIGNATURE: base64.b64encode(signature).decode()})

    stranger = SendGrid(public_text(ec.generate_private_key(ec.SECP256R1())))
    return Caller(SendGrid(public), stranger, as_json([told]), signed)


# Mailgun


def mailgun_proof(at: datetime, nonce: str = "0123456789abcdef") -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    signature = hmac.digest(MAILGUN_KEY.encode(), f"{timestamp}{nonce}".encode(), "sha256").hex()
    return {"timestamp": timestamp, "token": nonce, "signature": signature}


def _mailgun() -> Caller:
    told = {
        "event": "failed",
        "severity": "permanent",
        "reason": "bounce",
        "timestamp": NOW.timestamp(),
        "recipient": PERSON,
        "message": {"headers": {"message-id": f"{REFERENCE}@example.org"}},
        "delivery-status": {"code": 550, "message": "5.1.1 The account does not exist"},
    }

    def signed(body: bytes, at: datetime) -> RawRequest:
        proof = json.dumps({"signature": mailgun_proof(at)}).encode()
        return request(proof[:-1] + b', "event-data": ' + body + b"}", {})

    return Caller(Mailgun([MAILGUN_KEY]), Mailgun(["another"]), as_json(told), signed, signs_body=False)


# Postmark


def _postmark() -> Caller:
    told = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "ID": 4323372036854775807,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": PERSON,
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "BouncedAt": NOW.isoformat(),
        "Metadata": {"dispatch": REFERENCE},
    }
    return Caller(
        Postmark([LOGIN]),
        Postmark(["other:another-long-password"]),
        as_json(told),
        lambda body, _: request(body, basic(LOGIN)),
        signs_body=False,
    )


# Resend


def svix(body: bytes, at: datetime, sent_id: str = "msg_1") -> dict[str, str]:
    written = str(int(at.timestamp()))
    mac = hmac.digest(RESEND_KEY, f"{sent_id}.{written}.".encode() + body, "sha256")
    return {
        "Svix-Id": sent_id,
        "Svix-Timestamp": written,
        "Svix-Signature": "v1," + base64.b64encode(mac).decode(),
    }


def _resend() -> Caller:
    told = {
        "type": "email.bounced",
        "created_at": NOW.isoformat(),
        "data": {
            "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
            "to": [f"Maria <{PERSON}>"],
            "headers": [{"name": "X-Dispatch", "value": REFERENCE}],
            "bounce": {
                "type": "Permanent",
                "subType": "General",
                "diagnosticCode": ["smtp; 550 5.1.1 unknown user"],
            },
        },
    }
    secret, other = (base64.b64encode(key).decode() for key in (RESEND_KEY, b"another key of enough bytes"))
    return Caller(
        Resend(f"whsec_{secret}"),
        Resend(f"whsec_{other}"),
        as_json(told),
        lambda body, at: request(body, svix(body, at)),
    )


# Twilio


def _twilio() -> Caller:
    url = status_address(PUBLIC, "42")
    told = as_json(
        {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005", "To": "+13125550123"}
    )

    def signed(body: bytes, _: datetime) -> RawRequest:
        full = f"{url}&bodySHA256={hashes_of(body)}"
        mac = hmac.digest(TWILIO_TOKEN.encode(), full.encode(), "sha1")
        return request(body, {"X-Twilio-Signature": base64.b64encode(mac).decode()}, full)

    return Caller(Twilio(TWILIO_TOKEN), Twilio("other"), told, signed, reference="42", dated=False)


def hashes_of(body: bytes) -> str:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(body)
    return digest.finalize().hex()


CALLERS: Mapping[str, Callable[[], Caller]] = {
    "mailgun": _mailgun,
    "postmark": _postmark,
    "resend": _resend,
    "sendgrid": _sendgrid,
    "ses": _ses,
    "twilio": _twilio,
}


@cache
def caller(name: str) -> Caller:
    return CALLERS[name]()
