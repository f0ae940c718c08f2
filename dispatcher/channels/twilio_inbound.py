"""Texts that people send us, as Twilio's webhook brings them: proved to be Twilio's, then read.

https://www.twilio.com/docs/usage/security and https://www.twilio.com/docs/messaging/guides/webhook-request
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, parse_qsl, urlsplit

from dispatcher.rules.opt_out_words import Keyword
from dispatcher.rules.urls import ServiceUrl

INBOUND_PATH = "/twilio/inbound"
SIGNATURE_HEADER = "X-Twilio-Signature"

_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class InboundText:
    """One text. `handled`: what Twilio's Advanced Opt-Out has made of it, and answered already; `sid`: the
    text's id there, the same when it is told again.
    """

    number: str = field(repr=False)  # the sender's, E.164
    body: str = field(repr=False)
    handled: Keyword | None = None
    sid: str = ""


def inbound_token(url: ServiceUrl) -> str | None:
    """The auth token that Twilio signs with; None without Twilio, or with an API key, which doesn't sign."""
    return url.password if url.scheme == "twilio" and url.user.startswith("AC") else None


def is_signed(auth_token: str, url: str, content_type: str, body: bytes, signature: str) -> bool:
    """Whether a request is Twilio's. `url` is the public one with its query, never made from the Host header.

    HMAC-SHA1 over the URL and the form's fields, sorted; over the URL alone for JSON, whose query then has
    the body's SHA-256. Twilio signs with or without the URL's port, whichever it feels like: both count.
    """
    if "json" in content_type:
        claimed = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
        if not hmac.compare_digest(claimed.lower().encode(), hashlib.sha256(body).hexdigest().encode()):
            return False
        fields = ""
    else:
        fields = "".join(_signed_fields(_form(body)))
    # No early end, so that an answer's time tells nothing.
    matches = [_matches(auth_token, spelling + fields, signature) for spelling in _spellings(url)]
    return any(matches)


def read_text(content_type: str, body: bytes) -> InboundText:
    """The text of a request that `is_signed`."""
    fields = json.loads(body) if "json" in content_type else dict(_form(body))
    handled = str(fields.get("OptOutType", "")).lower()
    return InboundText(
        number=str(fields.get("From", "")),
        body=str(fields.get("Body", "")),
        handled=Keyword(handled) if handled in set(Keyword) else None,
        sid=str(fields.get("MessageSid", "")),
    )


def _form(body: bytes) -> list[tuple[str, str]]:
    """Every field, blank ones too: Twilio signs them."""
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)


def _signed_fields(form: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Key and value of each, sorted by key; of a repeated key each value once, sorted."""
    values: dict[str, set[str]] = {}
    for key, value in form:
        values.setdefault(key, set()).add(value)
    for key in sorted(values):
        for value in sorted(values[key]):
            yield key + value


def _spellings(url: str) -> Iterator[str]:
    """The URL without its port and with it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    for netloc in (host, f"{host}:{parts.port or _PORTS.get(parts.scheme, 443)}"):
        yield parts._replace(netloc=netloc).geturl()


def _matches(auth_token: str, signed: str, signature: str) -> bool:
    digest = hmac.digest(auth_token.encode(), signed.encode(), "sha1")
    return hmac.compare_digest(base64.b64encode(digest), signature.encode("utf-8", "replace"))
