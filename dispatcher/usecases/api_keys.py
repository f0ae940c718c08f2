"""Keys of the API: made, shown once, believed, taken back."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import ApiKeyExists, UnknownApiKey, WrongApiKeyName
from dispatcher.models import ApiKey

# A shape that scanners for lost keys can know.
_KEY = re.compile(r"dispatch_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SECRET_BYTES = 32
_NOBODYS = hashlib.sha256(b"nobody's key").digest()


class Scope(StrEnum):
    """What a key may ask for."""

    SUBSCRIBE = "subscribe"  # sign people up, to be confirmed by them, and take their leave
    READ = "read"  # the lists' public names
    ACTIONS = "actions:write"  # say who has acted
    FOLLOW = "follow"  # alerts, their logs and reports, and counts: no names where a list is sensitive
    PEOPLE = "people"  # whether an address is known, and what its owner is on
    REPLIES = "replies"  # who has written back, and when
    REPLY_WORDS = "replies:words"  # what they wrote
    SENSITIVE = "sensitive"  # beside others: what sensitive lists are called, and who is on them


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a key that was shown."""

    key_id: int
    scopes: frozenset[Scope]
    last_used: date | None


def add_key(session: Session, name: str, scopes: Collection[Scope]) -> str:
    """Make a key; what it is is told now and never again. Raises WrongApiKeyName or ApiKeyExists."""
    if not _NAME.fullmatch(name):
        raise WrongApiKeyName(name=name)
    if session.scalar(select(ApiKey.id).where(ApiKey.name == name)) is not None:
        raise ApiKeyExists(name=name)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    ordered = " ".join(scope for scope in Scope if scope in scopes)
    added = ApiKey(name=name, key_hash=_hashed(secret), scopes=ordered)
    session.add(added)
    session.flush()
    return f"dispatch_{added.id}_{secret}"


def keys_of_api(session: Session) -> list[ApiKey]:
    """Every key that was ever made, oldest first."""
    return list(session.scalars(select(ApiKey).order_by(ApiKey.id)))


def revoke_key(session: Session, name: str) -> bool:
    """Take a key back, for good; False when it was taken back before. Raises UnknownApiKey."""
    key = session.scalars(select(ApiKey).where(ApiKey.name == name)).one_or_none()
    if key is None:
        raise UnknownApiKey(name=name)
    revoked = key.revoked_at is None
    if revoked:
        key.revoked_at = session.scalars(select(db_now())).one()
    return revoked


def holder_of(session: Session, shown: str) -> Holder | None:
    """Whose key it is; None when it is nobody's. As long for a wrong number as for a wrong secret."""
    match = _KEY.fullmatch(shown)
    number, secret = (int(match[1]), match[2]) if match else (0, "")
    key = session.scalars(select(ApiKey).where(ApiKey.id == number)).one_or_none()
    right = hmac.compare_digest(key.key_hash if key else _NOBODYS, _hashed(secret))
    if key is None or not right or key.revoked_at is not None:
        return None
    return Holder(key.id, frozenset(map(Scope, key.scopes.split())), key.last_used)


def note_use(session: Session, holder: Holder, today: date) -> None:
    """Remember the day: a key that nobody uses can be taken back."""
    unused = or_(ApiKey.last_used.is_(None), ApiKey.last_used < today)
    session.execute(update(ApiKey).where(ApiKey.id == holder.key_id, unused).values(last_used=today))


def _hashed(secret: str) -> bytes:
    """256 random bits need no slow hash: nobody tries them all."""
    return hashlib.sha256(secret.encode()).digest()
