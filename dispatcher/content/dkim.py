"""DKIM signatures (RFC 6376, relaxed/relaxed, no `l=`): one by RSA, and a second by Ed25519 (RFC 8463).

A message is signed as it leaves: the relay undoes the dots that SMTP doubles, and no line of ours begins with
one. Each header that readers or receivers act on is named once more than it occurs ("oversigned"), so that a
second one can't be added without breaking the signature.
"""

import base64
import hashlib
import re
import time
from collections.abc import Sequence
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from dispatcher.dkim_keys import DkimKey, read_ed25519, read_rsa, selector_of
from dispatcher.settings import Settings

_ONCE = (
    *("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "Feedback-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
)
_HEADERS = re.compile(rb"\r\n(?![ \t])")
_COLUMNS = 76
_PADDING = PKCS1v15()
_SHA256 = SHA256()


class DkimSigner:
    """Signs messages for their From address's domain, so that DMARC's alignment always holds."""

    def __init__(self, keys: Sequence[DkimKey], selector: str) -> None:
        self._keys = [(key, selector_of(key, selector)) for key in keys]

    def signatures(self, domain: str, headers: Sequence[bytes], body: bytes) -> bytes:
        """The DKIM-Signature headers to put in front of a message with these headers and this body.

        Each header is there once, whole, folded or not, and ends with CRLF; so does every line of the body.
        `domain` is in A-labels.
        """
        names = tuple(header.partition(b":")[0].decode() for header in headers)
        signed = b"".join(map(_relaxed, headers))
        body_hash = base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode()
        facts = f" t={int(time.time())};\r\n bh={body_hash};\r\n h={_folded_names(names)};\r\n b="
        return b"".join(_signature(key, selector, domain, facts, signed) for key, selector in self._keys)

    def sign(self, domain: str, mime: bytes) -> bytes:
        """A whole message with CRLF line ends, none of its headers twice, and its signatures in front."""
        head, _, body = mime.partition(b"\r\n\r\n")
        return self.signatures(domain, [header + b"\r\n" for header in _HEADERS.split(head)], body) + mime


def signer_of(settings: Settings) -> DkimSigner | None:
    """The signer of this installation; None without a key: then the relay is to sign."""
    if settings.dkim_key is None:
        return None
    second = settings.dkim_ed25519_key
    return _signer(
        settings.dkim_key.get_secret_value(),
        second.get_secret_value() if second is not None else "",
        settings.dkim_selector,
    )


@lru_cache(maxsize=2)
def _signer(rsa: str, ed25519: str, selector: str) -> DkimSigner:
    """Read once a process."""
    keys: list[DkimKey] = [read_rsa(rsa)]
    if ed25519:
        keys.append(read_ed25519(ed25519))
    return DkimSigner(keys, selector)


def _signature(key: DkimKey, selector: str, domain: str, facts: str, signed: bytes) -> bytes:
    kind = "rsa" if isinstance(key, RSAPrivateKey) else "ed25519"
    tags = f"v=1; a={kind}-sha256; c=relaxed/relaxed; d={domain};\r\n s={selector};"
    header = f"DKIM-Signature: {tags}{facts}".encode()
    made = base64.b64encode(_signed(key, signed + _relaxed(header).removesuffix(b"\r\n")))
    lines = [made[start : start + _COLUMNS - 2] for start in range(0, len(made), _COLUMNS - 2)]
    return header + b"\r\n  ".join(lines) + b"\r\n"


def _signed(key: DkimKey, octets: bytes) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(octets, _PADDING, _SHA256)
    return key.sign(hashlib.sha256(octets).digest())  # RFC 8463 section 3: of the hash


def _relaxed(header: bytes) -> bytes:
    """A header as section 3.4.2 has it: name in small letters, one line, single spaces."""
    name, _, value = header.partition(b":")
    return name.lower() + b":" + b" ".join(value.split()) + b"\r\n"


def _relaxed_body(body: bytes) -> bytes:
    """A body as section 3.4.4 has it: single spaces, none at a line's end, no empty lines at the end."""
    if b"\t" in body:
        body = body.replace(b"\t", b" ")
    while b"  " in body:  # a few times at most: each time runs are half as long
        body = body.replace(b"  ", b" ")
    if b" \r\n" in body:
        body = body.replace(b" \r\n", b"\r\n")
    body = body.rstrip(b"\r\n")
    return body + b"\r\n" if body else body


@lru_cache(maxsize=16)
def _folded_names(names: tuple[str, ...]) -> str:
    """What `h=` says for these headers: each of them, and once more each that must not be added."""
    lines = [""]
    for name in (*names, *_ONCE):
        if len(lines[-1]) + len(name) + 4 > _COLUMNS:
            lines.append("")
        lines[-1] += f"{name}:"
    return "\r\n  ".join(lines).removesuffix(":")
