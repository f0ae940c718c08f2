"""Amazon SES, by way of an SNS topic.

Proof: SNS signs each message (dispatcher.callbacks.sns); only topics named in DISPATCH_SES_TOPICS are
believed, and subscriptions to them confirmed. A message keeps its signature over all retries, which end after
an hour. What is ours: the Message-ID that we gave comes back in `mail.headers` (switch on "include original
headers", or use event publishing, which always does) and our return path in `mail.source`; nothing has to be
added when sending through SES by SMTP. SES answers each hand-over with its own id: that is `mail.messageId`.

docs.aws.amazon.com/ses: "Amazon SNS notification contents for Amazon SES", "Contents of event data from SNS".
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from dispatcher.callbacks import sns
from dispatcher.callbacks.base import LONGEST_BODY, Fetch, RawRequest, Verdict, path_of
from dispatcher.callbacks.fields import identity, inside, items, json_or_none, moment, text
from dispatcher.callbacks.meaning import bounce_kind, code_of
from dispatcher.callbacks.proof import age, has_credentials
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import reference_in

K = EventKind

# By `notificationType` (notifications) or `eventType` (event publishing). Bounces and complaints are read
# apart.
_KINDS = {
    "Send": K.ACCEPTED,
    "Delivery": K.DELIVERED,
    "DeliveryDelay": K.DEFERRED,
    "Reject": K.FAILED,  # a virus was found; nothing left
    "Rendering Failure": K.FAILED,
    "Open": K.OPENED,
    "Click": K.CLICKED,
}
# A bounce's type, where there are no words of the server: the type alone, or with its subtype.
_BOUNCES = {
    "Permanent": K.HARD_BOUNCE,
    "Transient": K.SOFT_BOUNCE,
    "Transient/ContentRejected": K.BLOCKED,
    "Undetermined": K.SOFT_BOUNCE,
}
_PLACES = {
    "DeliveryDelay": "deliveryDelay",
    "Rendering Failure": "failure",
}  # else the type, its first letter small


class Ses:
    """Calls of our own topics."""

    name = "ses"
    max_age: timedelta | None = timedelta(minutes=65)
    fetches = True
    signs_token_only = False

    def __init__(self, topics: Collection[str], fetch: Fetch, logins: Sequence[str] = ()) -> None:
        """`topics` are ARNs; with `logins` each call must name one by basic authentication too."""
        self._topics = frozenset(topics)
        self._logins = logins
        self._fetch = fetch
        self._certificates = sns.Certificates(fetch)

    @property
    def path(self) -> str:
        return path_of(self.name)

    def verify(self, request: RawRequest) -> Verdict:
        """As Receiver.verify. A genuine request to confirm a subscription is confirmed here."""
        if self._logins and not has_credentials(request, self._logins):
            # SNS sends the address's user and password only after it has been asked for them.
            return Verdict.FORGED if request.header("Authorization") else Verdict.ANONYMOUS
        message = _message(request)
        if message is None:
            return Verdict.MALFORMED
        proved = self._proved(message, request.now)
        return self._followed(message) if proved is Verdict.GENUINE else proved

    def read(self, request: RawRequest) -> list[Event]:
        message = _message(request)
        if message is None or message["Type"] != sns.NOTIFICATION:
            return []
        told = _told(message)
        if not _type(told):
            return []  # prose: a topic has just been subscribed to
        ours, at = text(message, "MessageId"), moment(message, "Timestamp")
        events = []
        for number, recipient in enumerate(_recipients(told)):
            given = f"{ours}#{number}" if ours and number else ours
            events.append(_event(told, recipient, identity(given, told, number), at))
        return events

    def _proved(self, message: dict[str, Any], now: datetime) -> Verdict:
        if message.get("TopicArn") not in self._topics:
            return Verdict.FORGED
        fresh = age(moment(message, "Timestamp"), now, self.max_age or timedelta())
        if fresh is not Verdict.GENUINE:
            return fresh
        signed = self._certificates.signs(message, now)
        if signed is None:
            return Verdict.FAILED
        return Verdict.GENUINE if signed else Verdict.FORGED

    def _followed(self, message: dict[str, Any]) -> Verdict:
        """Do what a proved message asks for."""
        if message["Type"] == sns.SUBSCRIPTION:
            url = sns.subscribe_url(message)
            return Verdict.GENUINE if url and self._fetch(url) is not None else Verdict.FAILED
        return Verdict.MISDIRECTED if _type(_told(message)) == "Received" else Verdict.GENUINE


def _told(message: dict[str, Any]) -> Any:
    """The notification inside an SNS message, JSON again; None where there is none."""
    inner = message.get("Message")
    return json_or_none(inner) if isinstance(inner, str) else None


def _message(request: RawRequest) -> dict[str, Any] | None:
    """The SNS message; None for everything else."""
    message = json_or_none(request.body) if len(request.body) <= LONGEST_BODY else None
    if not isinstance(message, dict) or not isinstance(message.get("TopicArn", ""), str):
        return None
    return message if text(message, "Type") in sns.kinds() else None


def _type(told: object) -> str:
    return text(told, "eventType") or text(told, "notificationType")


def _recipients(told: object) -> list[Any]:
    """Those whom the event is about: its own list, else all that the message went to; at least nobody."""
    own = {
        "Bounce": ("bounce", "bouncedRecipients"),
        "Complaint": ("complaint", "complainedRecipients"),
        "Delivery": ("delivery", "recipients"),
        "DeliveryDelay": ("deliveryDelay", "delayedRecipients"),
    }.get(_type(told))
    return (items(told, *own) if own else []) or items(told, "mail", "destination") or [""]


def _event(told: object, recipient: object, event_id: str, at: datetime | None) -> Event:
    kind, code, words = _meaning(told, recipient)
    return Event(
        kind=kind,
        provider=Ses.name,
        event_id=event_id,
        at=at,
        reference=reference_in(*_marks(told)),
        provider_ref=text(told, "mail", "messageId"),
        recipient=text(recipient) or text(recipient, "emailAddress"),
        code=code,
        words=words,
    )


def _meaning(told: object, recipient: object) -> tuple[EventKind, str, str]:
    kind = _type(told)
    if kind in {"Bounce", "DeliveryDelay"}:
        words, status = text(recipient, "diagnosticCode"), text(recipient, "status")
        code = code_of(words, status)
        return (K.DEFERRED if kind == "DeliveryDelay" else _bounce(told, words, status)), code, words
    if kind == "Complaint":
        denied = text(told, "complaint", "complaintFeedbackType") == "not-spam"
        return (K.UNKNOWN if denied else K.COMPLAINED), "", ""
    if kind == "Subscription":
        left = inside(told, "subscription", "newTopicPreferences", "unsubscribeAll") is True
        return (K.UNSUBSCRIBED if left else K.UNKNOWN), "", ""
    place = _PLACES.get(kind, kind[:1].lower() + kind[1:])
    said = (text(told, place, name) for name in ("smtpResponse", "reason", "errorMessage"))
    words = next(filter(None, said), "")
    return _KINDS.get(kind, K.UNKNOWN), code_of(words), words


def _bounce(told: object, words: str, status: str) -> EventKind:
    kind, subtype = text(told, "bounce", "bounceType"), text(told, "bounce", "bounceSubType")
    if subtype in {"Suppressed", "OnAccountSuppressionList"}:
        return K.HARD_BOUNCE  # SES itself refuses an address that was dead before, or complained
    otherwise = _BOUNCES.get(f"{kind}/{subtype}") or _BOUNCES.get(kind, K.SOFT_BOUNCE)
    return bounce_kind(words, status, otherwise=otherwise)


def _marks(told: object) -> Iterator[str]:
    """Where our reference may stand."""
    for header in items(told, "mail", "headers"):
        if text(header, "name").lower() == "message-id":
            yield text(header, "value")
    yield text(told, "mail", "commonHeaders", "messageId")
    yield text(told, "mail", "source")
