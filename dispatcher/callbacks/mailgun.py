"""Mailgun's webhooks: JSON, and the older forms.

Proof: HMAC-SHA256 over timestamp and token by the webhook signing key (DISPATCH_MAILGUN_KEY). The body isn't
signed, so whoever sees one call could send another body with its proof: the token is therefore the event's
id, and whoever stores events takes it for one body alone. Nothing stands between the two: the timestamp is
ten digits, or one proof would be that of several tokens. Calls are retried for eight hours.
What is ours: the Message-ID that we gave comes back, and our return path in `envelope.sender`, so nothing has
to be added when sending by SMTP; `X-Mailgun-Variables: {"dispatch": "REFERENCE"}` comes back among
`user-variables`.

documentation.mailgun.com: "Webhooks", "Securing webhooks", "Event structure"
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from dispatcher.callbacks.base import ECHO, LONGEST_BODY, RawRequest, Verdict, path_of
from dispatcher.callbacks.fields import identity, json_or_none, moment, text
from dispatcher.callbacks.forms import Fields, read_form
from dispatcher.callbacks.meaning import bounce_kind, code_of
from dispatcher.callbacks.proof import age, credentials, same_as_any, signed_at
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import reference_in

K = EventKind

_KINDS = {
    "accepted": K.ACCEPTED,
    "delivered": K.DELIVERED,
    "rejected": K.FAILED,  # by Mailgun, before it left
    "opened": K.OPENED,
    "clicked": K.CLICKED,
    "complained": K.COMPLAINED,
    "unsubscribed": K.UNSUBSCRIBED,
    "dropped": K.FAILED,  # the older forms': failed before it left
}
# Mailgun didn't try: what it remembers of the address, as reason (JSON) or as a code of its own.
_REMEMBERED = {
    "suppress-bounce": K.HARD_BOUNCE,
    "suppress-unsubscribe": K.UNSUBSCRIBED,
    "suppress-complaint": K.COMPLAINED,
    "605": K.HARD_BOUNCE,
    "606": K.UNSUBSCRIBED,
    "607": K.COMPLAINED,
}
# Why it failed for good, where there are no words of the server.
_REASONS = {"espblock": K.BLOCKED, "old": K.SOFT_BOUNCE, "greylisted": K.SOFT_BOUNCE}
_PROOF = ("token", "timestamp", "signature")
_INBOUND = frozenset({"body-plain", "body-html", "body-mime", "stripped-text", "sender", "message-headers"})


class Mailgun:
    """Calls signed with one of our signing keys."""

    name = "mailgun"
    max_age: timedelta | None = timedelta(hours=9)
    fetches = False
    signs_token_only = True

    def __init__(self, keys: Sequence[str], logins: Sequence[str] = ()) -> None:
        """Several keys count while one is being changed."""
        self._keys = tuple(key.encode() for key in keys)
        self._logins = logins

    @property
    def path(self) -> str:
        return path_of(self.name)

    def verify(self, request: RawRequest) -> Verdict:
        known = credentials(request, self._logins)
        if known is not Verdict.GENUINE:
            return known
        call = _call(request)
        if call is None:
            return Verdict.MALFORMED
        token, timestamp, signature = (text(call.get("signature"), name) for name in _PROOF)
        wanted = [
            hmac.digest(key, f"{timestamp}{token}".encode(), "sha256").hex().encode() for key in self._keys
        ]
        if not (token and timestamp and same_as_any(signature.encode(), wanted)):
            return Verdict.FORGED
        stale = age(signed_at(timestamp), request.now, self.max_age or timedelta())
        if stale is not Verdict.GENUINE:
            return stale
        if isinstance(call.get("event-data"), dict):
            return Verdict.GENUINE
        return Verdict.MISDIRECTED if call.get("inbound") else Verdict.MALFORMED

    def read(self, request: RawRequest) -> list[Event]:
        call = _call(request)
        told = call.get("event-data") if call is not None else None
        return [_event(told, text(call, "signature", "token"))] if isinstance(told, dict) else []


def _call(request: RawRequest) -> Mapping[str, object] | None:
    """The call as Mailgun's JSON has it; None for what is neither JSON nor a form of theirs."""
    if len(request.body) > LONGEST_BODY:
        return None
    if request.content_type not in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        call = json_or_none(request.body)
        return call if isinstance(call, dict) else None
    fields = read_form(request)
    return _as_json(fields) if fields else None


def _as_json(fields: Fields) -> Mapping[str, object]:
    """An older form. Our own variables stand among Mailgun's fields and may have the same names: Mailgun's
    come first, but those of the proof, which come last.
    """
    first = {name: values[0] for name, values in fields.items()}
    proof = {name: fields[name][-1] for name in _PROOF if name in fields}
    if "event" not in first:
        return {"signature": proof, "inbound": not _INBOUND.isdisjoint(fields)}
    # "bounced" and "failed" are one; what the forms call reason isn't JSON's.
    bounced = first["event"] == "bounced"
    told: dict[str, object] = {
        "event": "failed" if bounced else first["event"],
        "severity": "permanent",
        "recipient": first.get("recipient", ""),
        "timestamp": proof.get("timestamp", ""),
        "message": {"headers": {"message-id": first.get("Message-Id", first.get("message-id", ""))}},
        "delivery-status": {
            "code": first.get("code", ""),
            "message": first.get("error", "") or first.get("notification", ""),
            "description": first.get("description", ""),
        },
        "user-variables": {ECHO: first.get(ECHO, "")},
    }
    return {"signature": proof, "event-data": told}


def _event(told: Mapping[str, object], token: str) -> Event:
    status = told.get("delivery-status")
    words = text(status, "message") or text(status, "description")
    code = text(status, "code")
    return Event(
        kind=_kind(told, words, code),
        provider=Mailgun.name,
        event_id=identity(token, told),
        at=moment(told, "timestamp"),
        reference=reference_in(*_marks(told)),
        provider_ref=text(told, "message", "headers", "message-id").strip("<> "),
        recipient=text(told, "recipient"),
        code=code_of(words, code),
        words=words,
    )


def _kind(told: Mapping[str, object], words: str, code: str) -> EventKind:
    event, reason = text(told, "event"), text(told, "reason")
    if event in {"failed", "dropped"}:
        remembered = _REMEMBERED.get(reason) or _REMEMBERED.get(code)
        if remembered:
            return remembered
    if event != "failed":
        return _KINDS.get(event, K.UNKNOWN)
    if text(told, "severity") == "temporary":
        return K.DEFERRED  # Mailgun tries again
    return bounce_kind(words, code, otherwise=_REASONS.get(reason, K.HARD_BOUNCE))


def _marks(told: Mapping[str, object]) -> Iterator[str]:
    """Where our reference may stand."""
    yield text(told, "user-variables", ECHO)
    yield text(told, "message", "headers", "message-id")
    yield text(told, "envelope", "sender")
