"""SendGrid's Event Webhook.

Proof: ECDSA with P-256 over the timestamp header and the raw body, by the public key that SendGrid shows
under "Signed Event Webhook" (DISPATCH_SENDGRID_KEY); or, without that, basic authentication. A batch is
retried for 24 hours.
What is ours: `smtp-id` is the Message-ID that we gave, so nothing has to be added when sending by SMTP; where
another gateway rewrites it, `X-SMTPAPI: {"unique_args": {"dispatch": "REFERENCE"}}` comes back as `dispatch`.

www.twilio.com/docs/sendgrid/for-developers/tracking-events/event and
.../getting-started-event-webhook-security-features
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dispatcher.callbacks.base import ECHO, LONGEST_BODY, RawRequest, Verdict, path_of
from dispatcher.callbacks.fields import identity, items, json_or_none, moment, text
from dispatcher.callbacks.meaning import bounce_kind, code_of
from dispatcher.callbacks.proof import age, credentials, from_base64, signed_at
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import reference_in

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
K = EventKind

_KINDS = {
    "processed": K.ACCEPTED,
    "delivered": K.DELIVERED,
    "deferred": K.DEFERRED,
    "open": K.OPENED,
    "click": K.CLICKED,
    "spamreport": K.COMPLAINED,
    "unsubscribe": K.UNSUBSCRIBED,
    "group_unsubscribe": K.UNSUBSCRIBED,
}
# Why SendGrid dropped a message before it left: what it remembers of the address.
_DROPPED = {
    "bounced address": K.HARD_BOUNCE,
    "invalid": K.HARD_BOUNCE,
    "spam reporting address": K.COMPLAINED,
    "unsubscribed address": K.UNSUBSCRIBED,
    "spam content (if spam checker app enabled)": K.BLOCKED,
    "spam content": K.BLOCKED,
}


class SendGrid:
    """Calls signed by our account's key."""

    name = "sendgrid"
    max_age: timedelta | None = timedelta(hours=25)
    fetches = False
    signs_token_only = False

    def __init__(self, key: str = "", logins: Sequence[str] = ()) -> None:
        """`key` is base64 as SendGrid shows it; ValueError when it isn't a P-256 key, or there is no proof at
        all.
        """
        if not (key or logins):
            raise ValueError("needs a key, or user:password")
        self._key = public_key(key) if key else None
        self._logins = logins

    @property
    def path(self) -> str:
        return path_of(self.name)

    def verify(self, request: RawRequest) -> Verdict:
        for verdict in (credentials(request, self._logins), self._signature(request)):
            if verdict is not Verdict.GENUINE:
                return verdict
        if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
            return Verdict.MISDIRECTED  # Inbound Parse
        batch = json_or_none(request.body) if len(request.body) <= LONGEST_BODY else None
        return Verdict.GENUINE if isinstance(batch, list) else Verdict.MALFORMED

    def read(self, request: RawRequest) -> list[Event]:
        return [_event(one) for one in items({"all": json_or_none(request.body)}, "all")]

    def _signature(self, request: RawRequest) -> Verdict:
        if self._key is None:
            return Verdict.GENUINE  # the credentials were the proof
        written, signature = request.header(TIMESTAMP), from_base64(request.header(SIGNATURE))
        if not (written and signature):
            return Verdict.FORGED
        signed = written.encode("utf-8", "replace") + request.body
        try:
            self._key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return Verdict.FORGED
        return age(signed_at(written), request.now, self.max_age or timedelta())


def public_key(key: str) -> ec.EllipticCurvePublicKey:
    """SendGrid's verification key, base64 of DER; ValueError for anything but a P-256 key."""
    try:
        loaded = load_der_public_key(from_base64("".join(key.split())) or b"")
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("must be the verification key that SendGrid shows, beginning with MFkw") from None
    if not isinstance(loaded, ec.EllipticCurvePublicKey) or not isinstance(loaded.curve, ec.SECP256R1):
        raise ValueError("must be a P-256 key, as SendGrid makes them")  # noqa: TRY004 - it is a value of a setting
    return loaded


def _event(one: Any) -> Event:
    words = text(one, "reason") or text(one, "response")
    status = text(one, "status")
    return Event(
        kind=_kind(one, words, status),
        provider=SendGrid.name,
        event_id=identity(text(one, "sg_event_id"), one),
        at=moment(one, "timestamp"),
        reference=reference_in(text(one, ECHO), text(one, "smtp-id")),
        provider_ref=text(one, "sg_message_id").partition(".")[
            0
        ],  # what stands after the dot differs by event
        recipient=text(one, "email"),
        code=code_of(words, status),
        words=words,
    )


def _kind(one: Any, words: str, status: str) -> EventKind:
    event = text(one, "event")
    if event == "dropped":
        return _DROPPED.get(text(one, "reason").lower(), K.FAILED)
    if event != "bounce":
        return _KINDS.get(event, K.UNKNOWN)
    if text(one, "type") != "blocked":
        return bounce_kind(words, status, otherwise=K.HARD_BOUNCE)
    kind = bounce_kind(words, status, otherwise=K.BLOCKED)
    return K.SOFT_BOUNCE if kind is K.HARD_BOUNCE else kind  # "blocked" is temporary: the address lives
