"""Calls as Twilio and SendGrid make them, signed: the bytes of whole HTTP requests."""

import base64
import hmac
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from crowd import fifty_domains, phone_of
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dispatcher.callbacks.sendgrid import SIGNATURE, TIMESTAMP
from dispatcher.channels.twilio_inbound import SIGNATURE_HEADER
from dispatcher.channels.twilio_status import status_address

TOKEN = "a-token-of-the-benchmark"  # noqa: S105 - it opens nothing
ACCOUNT = f"AC{'0' * 32}"
_KEY = ec.derive_private_key(0xBE7C4, ec.SECP256R1())


def sendgrid_key() -> str:
    """What SendGrid shows as its verification key."""
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(_KEY.public_key().public_bytes(*form)).decode()


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that is reported on, and the number of its person (crowd.py)."""

    number: int
    reference: str
    person: int


def twilio_calls(public_url: str, texts: Sequence[Sent]) -> Iterator[bytes]:
    """One of each text: that it has arrived."""
    for text in texts:
        sid = f"SM{text.number:032x}"
        form = {
            "AccountSid": ACCOUNT,
            "ApiVersion": "2010-04-01",
            "From": "+13125550100",
            "MessageSid": sid,
            "MessageStatus": "delivered",
            "SmsSid": sid,
            "SmsStatus": "delivered",
            "To": phone_of(text.person),
        }
        url = status_address(public_url, text.reference)
        signed = url + "".join(name + form[name] for name in sorted(form))
        signature = base64.b64encode(hmac.digest(TOKEN.encode(), signed.encode(), "sha1")).decode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", SIGNATURE_HEADER: signature}
        yield _request(public_url, url, headers, urlencode(form).encode())


def sendgrid_calls(public_url: str, emails: Sequence[Sent], at_once: int) -> Iterator[bytes]:
    """So many emails a call."""
    written = str(int(time.time()))
    for first in range(0, len(emails), at_once):
        batch = [
            {
                "email": f"person{email.person}@{fifty_domains(email.person)}",
                "event": "delivered",
                "response": "250 2.0.0 OK",
                "sg_event_id": f"event-{email.number}",
                "sg_message_id": f"message-{email.number}.filter0001",
                "smtp-id": f"<{email.reference}@example.org>",
                "timestamp": int(written),
            }
            for email in emails[first : first + at_once]
        ]
        body = json.dumps(batch).encode()
        signature = _KEY.sign(written.encode() + body, ec.ECDSA(hashes.SHA256()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: written,
            SIGNATURE: base64.b64encode(signature).decode(),
        }
        yield _request(public_url, f"{public_url}/callbacks/sendgrid", headers, body)


def unknown_calls(public_url: str, number: int) -> Iterator[bytes]:
    """To an address that nobody listens at: what the site takes for a request without anything to do."""
    for _ in range(number):
        yield _request(public_url, f"{public_url}/callbacks/nobody", {}, b"x" * 300)


def _request(public_url: str, url: str, headers: Mapping[str, str], body: bytes) -> bytes:
    path = url.removeprefix(public_url)
    given = {
        "Host": "go.example.org",
        "Content-Length": str(len(body)),
        "Connection": "keep-alive",
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
