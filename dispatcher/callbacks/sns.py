"""Amazon SNS: proving that a message is a topic's (docs.aws.amazon.com/sns, "Verifying the signatures of
Amazon SNS messages").

The certificate comes from an address that the message itself names, so that address is held to the exact host
`sns.<region>.amazonaws.com`: anything looser lets anybody sign for Amazon.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from dispatcher.callbacks.base import Fetch
from dispatcher.callbacks.fields import clean
from dispatcher.callbacks.proof import from_base64

_HOST = r"sns\.[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d\.amazonaws\.com"
_CERTIFICATE = re.compile(rf"https://{_HOST}/SimpleNotificationService-[A-Za-z0-9_-]{{1,80}}\.pem")
_SUBSCRIBE = re.compile(rf"https://{_HOST}/\?[!-~]{{1,2000}}")
_SHORTEST_KEY = 2048  # bits
_MOST_KEPT = 8  # certificates; Amazon uses one a region, for months
_MOST_FETCHES = 5  # a minute, whatever strangers name in forged calls
_MINUTE = timedelta(minutes=1)

NOTIFICATION = "Notification"
SUBSCRIPTION = "SubscriptionConfirmation"
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    SUBSCRIPTION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": (
        "Message",
        "MessageId",
        "SubscribeURL",
        "Timestamp",
        "Token",
        "TopicArn",
        "Type",
    ),
}
_HASHES: Mapping[str, hashes.HashAlgorithm] = {"1": hashes.SHA1(), "2": hashes.SHA256()}  # noqa: S303 - Amazon's version 1


def kinds() -> frozenset[str]:
    """The types of messages that SNS sends."""
    return frozenset(_SIGNED)


def signed_text(message: Mapping[str, Any]) -> bytes | None:
    """What Amazon signs of a message; None when a part of it is missing or isn't text.

    Or has several lines, but for the message itself: else an id could hold the subject, and be another id.
    """
    lines = []
    for name in _SIGNED.get(str(message.get("Type")), ()):
        value = message.get(name)
        if value is None and name == "Subject":
            continue
        if not isinstance(value, str) or ("\n" in value and name != "Message"):
            return None
        lines.append(f"{name}\n{value}\n")
    return "".join(lines).encode("utf-8", "surrogatepass") or None


def subscribe_url(message: Mapping[str, Any]) -> str | None:
    """Where the subscription of a proved message is confirmed; None when that isn't Amazon's own address."""
    url = str(message.get("SubscribeURL"))
    if not _SUBSCRIBE.fullmatch(url):
        return None
    return url if parse_qs(urlsplit(url).query).get("Action") == ["ConfirmSubscription"] else None


@dataclass
class Certificates:
    """The keys that Amazon signs with: each fetched once, and kept."""

    fetch: Fetch
    _kept: dict[str, x509.Certificate] = field(default_factory=dict)
    _fetched: list[datetime] = field(default_factory=list)

    def signs(self, message: Mapping[str, Any], now: datetime) -> bool | None:
        """Whether the message's signature is Amazon's; None when the certificate can't be had now."""
        url, signed = str(message.get("SigningCertURL")), signed_text(message)
        algorithm = _HASHES.get(str(message.get("SignatureVersion")))
        signature = from_base64(clean(str(message.get("Signature"))))
        if not (_CERTIFICATE.fullmatch(url) and signed and algorithm and signature):
            return False
        certificate = self._certificate(url, now)
        if certificate is None:
            return None
        key = certificate.public_key()
        in_force = certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
        if not in_force or not isinstance(key, rsa.RSAPublicKey) or key.key_size < _SHORTEST_KEY:
            return False
        try:
            key.verify(signature, signed, padding.PKCS1v15(), algorithm)
        except InvalidSignature:
            return False
        return True

    def _certificate(self, url: str, now: datetime) -> x509.Certificate | None:
        if url in self._kept:
            return self._kept[url]
        self._fetched = [at for at in self._fetched if now - at < _MINUTE]
        if len(self._fetched) >= _MOST_FETCHES:
            return None
        self._fetched.append(now)
        try:
            certificate = x509.load_pem_x509_certificate(self.fetch(url) or b"")
            certificate.public_key()  # raises here, not in the middle of a proof, for keys that nobody knows
        except ValueError:
            return None
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[url] = certificate
        return certificate
