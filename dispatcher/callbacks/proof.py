"""Proving a call: credentials, signatures and age. Comparisons take the same time whatever is wrong."""

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from dispatcher.callbacks.base import RawRequest, Verdict

AHEAD = timedelta(minutes=5)  # how far in front of ours a provider's clock may be
_SECONDS = re.compile(r"[0-9]{10}")  # since 1970, from 2001 to 2286


def has_credentials(request: RawRequest, logins: Sequence[str]) -> bool:
    """Whether the call names one of `logins` ("user:password") by HTTP basic authentication (RFC 7617)."""
    scheme, _, given = request.header("Authorization").partition(" ")
    named = (from_base64(given.strip()) or b"") if scheme.lower() == "basic" else b""
    return same_as_any(named, (login.encode() for login in logins))


def credentials(request: RawRequest, logins: Sequence[str]) -> Verdict:
    """As has_credentials; without any login to ask for, every call passes."""
    return Verdict.GENUINE if not logins or has_credentials(request, logins) else Verdict.FORGED


def same_as_any(given: bytes, wanted: Iterable[bytes]) -> bool:
    """Whether `given` is one of `wanted`, none of which is empty. No early end, so that time tells
    nothing.
    """
    matches = [hmac.compare_digest(given, one) for one in wanted]
    return any(matches)


def age(at: datetime | None, now: datetime, max_age: timedelta) -> Verdict:
    """GENUINE, or STALE for what was signed too long ago, or in the future, or at no time at all."""
    fresh = at is not None and -AHEAD <= now - at <= max_age
    return Verdict.GENUINE if fresh else Verdict.STALE


def signed_at(written: str) -> datetime | None:
    """A signed time, ten digits and nothing else. What is signed often stands side by side with no mark
    between: a looser time could take characters of its neighbour, and one signature would prove two calls.
    """
    return datetime.fromtimestamp(int(written), UTC) if _SECONDS.fullmatch(written) else None


def from_base64(text: str) -> bytes | None:
    """The bytes, or None where it isn't base64."""
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        return None
