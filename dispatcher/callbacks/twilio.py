"""Twilio's status callbacks. Texts that people send us come elsewhere: dispatcher.channels.twilio_inbound.

Proof: Twilio's signature over the public URL with its query and all fields, by the account's auth token.
Nothing stands between names and values there: only what can be parted in one way is believed.
Nothing signed tells a call's age; a call's id is the text's SID and its state, which each happen once.
What is ours: the message's reference stands in the callback's address, `?message=REFERENCE`, and is signed
with it: it finds the message even where Twilio's answer to our request was lost.

www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from dispatcher.callbacks.base import LONGEST_BODY, RawRequest, Verdict, path_of
from dispatcher.callbacks.fields import identity, json_or_none, text
from dispatcher.callbacks.forms import read_form
from dispatcher.channels.twilio_codes import CODES
from dispatcher.channels.twilio_inbound import SIGNATURE_HEADER, is_signed
from dispatcher.channels.twilio_status import MARK
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.references import message_of
from dispatcher.rules.results import Result

K = EventKind

_KINDS = {
    "accepted": K.ACCEPTED,
    "scheduled": K.ACCEPTED,
    "queued": K.ACCEPTED,
    "sending": K.ACCEPTED,
    "sent": K.ACCEPTED,  # the carrier has it, the phone hasn't
    "delivered": K.DELIVERED,
    "read": K.DELIVERED,
    "canceled": K.FAILED,
}
_REFUSED = {"undelivered": K.SOFT_BOUNCE, "failed": K.FAILED}  # without a code that says more
_CODES = {
    Result.REFUSED: K.HARD_BOUNCE,
    Result.RETRY: K.SOFT_BOUNCE,
    Result.SLOW_DOWN: K.BLOCKED,  # our queue, our rate: the number is none the worse for it
    Result.BROKEN: K.BLOCKED,
    Result.DROPPED: K.FAILED,
}
# Codes that say something else about a text than about the request for it.
_OWN_CODES = {21610: K.UNSUBSCRIBED, 30004: K.BLOCKED, 30007: K.BLOCKED}
# Where address, names and values end, when all that was signed is one text.
_QUERY = re.compile(rf"(?:{MARK}=[0-9]+(?:\.[0-9a-f]{{16}})?)?(?:&?bodySHA256=[0-9a-fA-F]{{64}})?")
_NAME = re.compile(r"[A-Z][A-Za-z]*")
_VALUES = {
    "ErrorCode": re.compile(r"[0-9]*"),
    "MessageSid": re.compile(r"(?:[A-Z]{2}[0-9a-z]+)?"),
    "MessageStatus": re.compile(r"[a-z_-]*"),
}
_SWALLOWED = re.compile(r"ErrorCode|MessageSid|MessageStatus|To\+")
_RECEIVED = frozenset({"receiving", "received"})


class Twilio:
    """Calls signed with our account's auth token."""

    name = "twilio"
    max_age: timedelta | None = None
    fetches = False
    signs_token_only = False

    def __init__(self, auth_token: str) -> None:
        self._auth_token = auth_token

    @property
    def path(self) -> str:
        return path_of(self.name)

    def verify(self, request: RawRequest) -> Verdict:
        if len(request.body) > LONGEST_BODY:
            return Verdict.MALFORMED
        signature = request.header(SIGNATURE_HEADER)
        if not _is_signed(self._auth_token, request, signature):
            return Verdict.FORGED
        fields = _fields(request)
        if not _is_parted(request, fields):
            return Verdict.FORGED
        if fields.get("MessageStatus"):
            return Verdict.GENUINE
        received = fields.get("SmsStatus") in _RECEIVED
        return Verdict.MISDIRECTED if received else Verdict.MALFORMED

    def read(self, request: RawRequest) -> list[Event]:
        fields = _fields(request)
        state, sid = fields.get("MessageStatus", ""), fields.get("MessageSid", "")
        if not state:
            return []
        code = fields.get("ErrorCode", "")
        event_id = f"{sid}:{state}" if sid else ""
        return [
            Event(
                kind=_kind(state, code),
                provider=self.name,
                event_id=identity(event_id, fields, request.url),
                at=None,
                reference=_reference(request.url),
                provider_ref=sid,
                recipient=fields.get("To", ""),
                code="" if code == "0" else code,
                words=fields.get("ErrorMessage", ""),
            )
        ]


def _is_signed(auth_token: str, request: RawRequest, signature: str) -> bool:
    try:
        return is_signed(auth_token, request.url, request.content_type, request.body, signature)
    except ValueError:  # more fields than anybody sends; an address that is none
        return False


def _is_parted(request: RawRequest, fields: Mapping[str, str]) -> bool:
    """Whether no other call has the same signature: `?message=42` and a field `A` are signed like
    `?message=4` and `2A`, which is about another message.
    """
    if not _QUERY.fullmatch(urlsplit(request.url).query):
        return False
    if "json" in request.content_type:
        return True  # the address has the body's hash
    return all(
        _NAME.fullmatch(name)
        and (_VALUES[name].fullmatch(value) if name in _VALUES else not _SWALLOWED.search(value))
        for name, value in fields.items()
    )


def _fields(request: RawRequest) -> dict[str, str]:
    if "json" in request.content_type:
        told = json_or_none(request.body)
        return {str(name): text(told, name) for name in told} if isinstance(told, dict) else {}
    return {name: values[-1] for name, values in read_form(request).items()}


def _kind(state: str, code: str) -> EventKind:
    if state not in _REFUSED:
        return _KINDS.get(state, K.UNKNOWN)
    number = int(code) if re.fullmatch(r"[0-9]{1,6}", code) else 0
    if number in _OWN_CODES:
        return _OWN_CODES[number]
    result = CODES.get(number)
    return _CODES.get(result, _REFUSED[state]) if result else _REFUSED[state]


def _reference(url: str) -> str:
    """The message's number, or reference, in the address that Twilio called."""
    try:
        given = parse_qs(urlsplit(url).query, max_num_fields=20).get(MARK, [""])[-1]
    except ValueError:
        return ""
    return (
        given if message_of(given) is not None and re.fullmatch(r"[0-9]+(?:\.[0-9a-f]{16})?", given) else ""
    )
