"""Resend's webhooks, which Svix sends.

Proof: HMAC-SHA256 over id, timestamp and raw body, by the endpoint's signing secret (DISPATCH_RESEND_SECRET,
"whsec_..."); the header may hold several signatures while a secret is being changed. Each attempt is signed
anew, so five minutes are enough. Without a secret basic authentication may do.
What is ours: `data.headers` and `data.message_id` bring our Message-ID back where Resend kept it; sending by
SMTP, add `X-Dispatch: REFERENCE`, which stands among `data.headers`. (By the API it would be a tag,
`dispatch`.)

resend.com/docs/dashboard/webhooks, docs.svix.com/receiving/verifying-payloads/how-manual
"""

import hmac
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from dispatcher.callbacks.base import ECHO, LONGEST_BODY, RawRequest, Verdict, path_of
from dispatcher.callbacks.fields import identity, inside, items, json_or_none, moment, text
from dispatcher.callbacks.meaning import bounce_kind, code_of
from dispatcher.callbacks.proof import age, credentials, from_base64, same_as_any, signed_at
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import reference_in

K = EventKind

_KINDS = {
    "email.sent": K.ACCEPTED,
    "email.scheduled": K.ACCEPTED,
    "email.delivered": K.DELIVERED,
    "email.delivery_delayed": K.DEFERRED,
    "email.failed": K.FAILED,
    "email.suppressed": K.HARD_BOUNCE,
    "email.complained": K.COMPLAINED,
    "email.opened": K.OPENED,
    "email.clicked": K.CLICKED,
}
# Resend sends through SES, and hands its types on.
_BOUNCES = {"Permanent": K.HARD_BOUNCE, "Transient": K.SOFT_BOUNCE, "Undetermined": K.SOFT_BOUNCE}
_MARKS = frozenset({"message-id", f"x-{ECHO}"})
_MOST_SIGNATURES = 10


class Resend:
    """Calls signed with our endpoint's secret."""

    name = "resend"
    max_age: timedelta | None = timedelta(minutes=5)
    fetches = False
    signs_token_only = False

    def __init__(self, secret: str = "", logins: Sequence[str] = ()) -> None:
        """ValueError when the secret isn't one of Svix's, or there is no proof at all."""
        if not (secret or logins):
            raise ValueError("needs a secret, or user:password")
        self._key = signing_key(secret) if secret else b""
        self._logins = logins

    @property
    def path(self) -> str:
        return path_of(self.name)

    def verify(self, request: RawRequest) -> Verdict:
        for verdict in (credentials(request, self._logins), self._signature(request)):
            if verdict is not Verdict.GENUINE:
                return verdict
        call = json_or_none(request.body) if len(request.body) <= LONGEST_BODY else None
        if not isinstance(call, dict):
            return Verdict.MALFORMED
        return Verdict.MISDIRECTED if text(call, "type") == "email.received" else Verdict.GENUINE

    def read(self, request: RawRequest) -> list[Event]:
        call = json_or_none(request.body)
        return [_event(call, request.header("Svix-Id"))] if isinstance(call, dict) else []

    def _signature(self, request: RawRequest) -> Verdict:
        if not self._key:
            return Verdict.GENUINE  # the credentials were the proof
        sent_id, written = request.header("Svix-Id"), request.header("Svix-Timestamp")
        whole = written.partition(".")[0]  # as Svix's own libraries: whole seconds are signed
        signed = f"{sent_id}.{whole}.".encode("utf-8", "replace") + request.body
        wanted = hmac.digest(self._key, signed, "sha256")
        given = request.header("Svix-Signature").split(" ")[:_MOST_SIGNATURES]
        signatures = [from_base64(one.removeprefix("v1,")) or b"" for one in given if one.startswith("v1,")]
        if not (sent_id and same_as_any(wanted, signatures)):
            return Verdict.FORGED
        return age(signed_at(whole), request.now, self.max_age or timedelta())


def signing_key(secret: str) -> bytes:
    """The key inside "whsec_..."; ValueError when there is none."""
    key = from_base64(secret.removeprefix("whsec_"))
    if not key or len(key) < 16:
        raise ValueError("must be the endpoint's signing secret, beginning with whsec_")
    return key


def _event(call: dict[str, Any], sent_id: str) -> Event:
    event, told = text(call, "type"), call.get("data")
    kind, code, words = _bounce(told) if event == "email.bounced" else (_KINDS.get(event, K.UNKNOWN), "", "")
    return Event(
        kind=kind,
        provider=Resend.name,
        event_id=identity(text(sent_id), call),
        at=moment(call, "created_at"),
        reference=reference_in(*_marks(told)),
        provider_ref=text(told, "email_id"),
        recipient=_address(next(iter(items(told, "to")), "")),
        code=code,
        words=words or text(told, "failed", "reason") or text(told, "suppressed", "message"),
    )


def _bounce(told: object) -> tuple[EventKind, str, str]:
    said = items(told, "bounce", "diagnosticCode")
    words = text(said[0]) if said else text(told, "bounce", "message")
    if text(told, "bounce", "subType") in {"Suppressed", "OnAccountSuppressionList"}:
        return K.HARD_BOUNCE, code_of(words), words
    otherwise = _BOUNCES.get(text(told, "bounce", "type"), K.SOFT_BOUNCE)
    return bounce_kind(words, "", otherwise=otherwise), code_of(words), words


def _marks(told: object) -> Iterator[str]:
    """Where our reference may stand; tags are an object, or a list of name and value."""
    yield text(told, "tags", ECHO)
    for one in items(told, "tags"):
        if text(one, "name") == ECHO:
            yield text(one, "value")
    for one in items(told, "headers"):
        if text(one, "name").lower() in _MARKS:
            yield text(one, "value")
    yield text(inside(told), "message_id")


def _address(mailbox: Any) -> str:
    """The address of `Name <address>`."""
    written = text(mailbox)
    return written.rpartition("<")[2].rstrip("> ") if "<" in written else written.strip()
