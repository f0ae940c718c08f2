"""Postmark's webhooks.

Proof: nothing is signed. Postmark sends the user and password of the webhook's address by basic
authentication: a long secret (DISPATCH_CALLBACK_SECRET), over https. Calls carry no time of their own, so
replays are told by the event's id alone.
What is ours: Postmark replaces the Message-ID. Sending by SMTP, add `X-PM-Metadata-dispatch: REFERENCE`; it
comes back as `Metadata.dispatch`.

postmarkapp.com/developer/webhooks/webhooks-overview and /developer/api/bounce-api#bounce-types
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dispatcher.callbacks.base import ECHO, LONGEST_BODY, RawRequest, Verdict, path_of
from dispatcher.callbacks.fields import identity, inside, json_or_none, moment, text
from dispatcher.callbacks.meaning import bounce_kind, code_of
from dispatcher.callbacks.proof import has_credentials
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import reference_in

K = EventKind

_KINDS = {
    "Delivery": K.DELIVERED,
    "Open": K.OPENED,
    "Click": K.CLICKED,
    "SpamComplaint": K.COMPLAINED,
}
# Types of a Bounce that speak of no refusal, or of one before the message left.
_DECIDED = {
    "Transient": K.DEFERRED,  # delayed: Postmark goes on trying
    "Unsubscribe": K.UNSUBSCRIBED,
    "SpamComplaint": K.COMPLAINED,
    "AutoResponder": K.AUTO_REPLY,
    "AddressChange": K.AUTO_REPLY,
    "ChallengeVerification": K.AUTO_REPLY,
    "Subscribe": K.UNKNOWN,
    "OpenRelayTest": K.UNKNOWN,
    "InboundError": K.UNKNOWN,
    "Unconfirmed": K.UNKNOWN,
    "BadEmailAddress": K.HARD_BOUNCE,
    "ManuallyDeactivated": K.FAILED,
    "SMTPApiError": K.FAILED,
    "TemplateRenderingFailed": K.FAILED,
}
# Types of refusals, where there are no words of the server.
_REFUSED = {
    "HardBounce": K.HARD_BOUNCE,
    "SoftBounce": K.SOFT_BOUNCE,
    "DnsError": K.SOFT_BOUNCE,
    "Blocked": K.BLOCKED,
    "SpamNotification": K.BLOCKED,
    "VirusNotification": K.BLOCKED,
    "DMARCPolicy": K.BLOCKED,
}
# Why Postmark put somebody on its list of those who get nothing.
_LISTED = {
    "HardBounce": K.HARD_BOUNCE,
    "SpamComplaint": K.COMPLAINED,
    "ManualSuppression": K.UNSUBSCRIBED,
}
_TIMES = ("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")


class Postmark:
    """Calls that know our secret."""

    name = "postmark"
    max_age: timedelta | None = None
    fetches = False
    signs_token_only = False

    def __init__(self, logins: Sequence[str]) -> None:
        """`logins` are "user:password"; several count while one is being changed."""
        self._logins = logins

    @property
    def path(self) -> str:
        return path_of(self.name)

    def verify(self, request: RawRequest) -> Verdict:
        if not has_credentials(request, self._logins):
            return Verdict.FORGED
        call = json_or_none(request.body) if len(request.body) <= LONGEST_BODY else None
        if not isinstance(call, dict):
            return Verdict.MALFORMED
        inbound = call.get("RecordType") == "Inbound" or ("RecordType" not in call and "FromFull" in call)
        return Verdict.MISDIRECTED if inbound else Verdict.GENUINE

    def read(self, request: RawRequest) -> list[Event]:
        call = json_or_none(request.body)
        return [_event(call)] if isinstance(call, dict) else []


def _event(call: dict[str, Any]) -> Event:
    kind, ours = text(call, "RecordType"), text(call, "MessageID")
    words, at = text(call, "Details"), next(filter(None, (moment(call, name) for name in _TIMES)), None)
    refused = kind in {"Bounce", "SpamComplaint"}
    return Event(
        kind=_kind(call, kind, words),
        provider=Postmark.name,
        # One opening or click is told from the next by its time alone.
        event_id=identity("", kind, ours, text(call, "ID"), [text(call, name) for name in _TIMES]),
        at=at,
        reference=reference_in(text(call, "Metadata", ECHO)),
        provider_ref=ours,
        recipient=text(call, "Recipient") or text(call, "Email"),
        code=code_of(words) if refused else "",
        words=words,
    )


def _kind(call: dict[str, Any], kind: str, words: str) -> EventKind:
    if kind == "SubscriptionChange":
        stopped = inside(call, "SuppressSending") is True
        return _LISTED.get(text(call, "SuppressionReason"), K.UNSUBSCRIBED) if stopped else K.UNKNOWN
    if kind != "Bounce":
        return _KINDS.get(kind, K.UNKNOWN)
    refusal = text(call, "Type")
    if refusal in _DECIDED:
        return _DECIDED[refusal]
    return bounce_kind(words, "", otherwise=_REFUSED.get(refusal, K.UNKNOWN))
