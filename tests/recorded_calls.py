"""70 recorded calls that aren't part of this project, as django-anymail's tests have them.

Amazon's recorded signatures aren't valid, so those calls are signed anew, with a certificate of our own.
"""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from callback_calls import CERTIFICATE_URL, TOPIC, amazon, sns

from dispatcher.callbacks.base import Fetch, RawRequest, Receiver
from dispatcher.callbacks.fields import json_or_none, moment
from dispatcher.callbacks.mailgun import Mailgun
from dispatcher.callbacks.postmark import Postmark
from dispatcher.callbacks.resend import Resend
from dispatcher.callbacks.sendgrid import SendGrid
from dispatcher.callbacks.ses import Ses

CALLS = Path(__file__).parents[2] / "shared" / "data" / "webhooks.jsonl.gz"


@cache
def recorded() -> tuple[dict[str, Any], ...]:
    if not CALLS.exists():
        return ()
    with gzip.open(CALLS) as lines:
        return tuple(json.loads(line) for line in lines)


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


def unsigned(row: Mapping[str, Any]) -> bool:
    """Proved by a login alone: such calls have no age."""
    given = {**row["settings"], **row["settings"]["ANYMAIL"]}
    return row["esp"] in {"Resend", "SendGrid"} and not any(
        "SIGNING" in k or "VERIFICATION" in k for k in given
    )
