"""Native speakers' sign-off: somebody who reads a language says that a campaign is right in it.

`dispatch test --ask-ok` asks by text, and the answer OK counts; who read an email is written down by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.content.wording import words_sha256
from dispatcher.db import db_now
from dispatcher.models import SignOff, Subscriber
from dispatcher.rules.alert import Channel

OPEN_FOR = timedelta(days=7)  # an OK that comes later is about something else
SOMEBODY = "a reader"


class Standing(StrEnum):
    """Where a language stands."""

    READ = "read"  # as it is now
    STALE = "stale"  # read before the last change
    ASKED = "asked"  # as it is now; no answer yet
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class SignedOff:
    """One language on one channel."""

    language: str
    channel: Channel
    standing: Standing
    reader: str = ""  # initials, of who has read or was asked
    at: datetime | None = None


def ask(session: Session, frozen: Frozen, language: str, key: bytes, reader: str) -> None:
    """Note that somebody was asked by text whether the words are right. `key` stands for their number."""
    _add(session, frozen, language, Channel.SMS, reader, key)


def sign_off(session: Session, frozen: Frozen, language: str, channel: Channel, reader: str) -> None:
    """Note what somebody has said of the words otherwise: they are right."""
    _add(session, frozen, language, channel, reader, None).answered_at = session.scalars(
        select(db_now())
    ).one()
    session.flush()


def take_answer(session: Session, key: bytes) -> bool:
    """An OK by text came from a number: it answers the newest question that it was asked, if there is one."""
    now = session.scalars(select(db_now())).one()
    asked = select(SignOff).where(SignOff.address_key == key, SignOff.asked_at > now - OPEN_FOR)
    newest = session.scalars(asked.order_by(SignOff.id.desc()).limit(1)).one_or_none()
    if newest is None:
        return False
    newest.answered_at = newest.answered_at or now
    return True


def signed_off(
    session: Session, frozen: Frozen, channel: Channel, languages: Iterable[str]
) -> list[SignedOff]:
    """How each of these languages stands on a channel; not the campaign's own, which others come from."""
    translated = sorted(set(languages) & frozen.languages_for(channel) - {frozen.default_language})
    return [_standing(session, frozen, channel, language) for language in translated]


def initials_of(session: Session, key: bytes) -> str:
    """What to call who has a number: the first letter of the subscriber's name, where we know it."""
    found = session.scalars(
        select(Subscriber).where(Subscriber.phone_key == key).order_by(Subscriber.id)
    ).first()
    return f"{found.first_name[0].upper()}." if found and found.first_name else SOMEBODY


def _add(
    session: Session, frozen: Frozen, language: str, channel: Channel, reader: str, key: bytes | None
) -> SignOff:
    row = SignOff(
        slug=frozen.slug,
        language=language,
        channel=channel,
        words_sha256=words_sha256(frozen, language, channel),
        address_key=key,
        reader=reader[:40],
    )
    session.add(row)
    session.flush()
    return row


def _standing(session: Session, frozen: Frozen, channel: Channel, language: str) -> SignedOff:
    found = session.scalars(
        select(SignOff)
        .where(SignOff.slug == frozen.slug, SignOff.language == language, SignOff.channel == channel)
        .order_by(SignOff.id.desc())
    ).all()
    now = words_sha256(frozen, language, channel)
    read = next((row for row in found if row.answered_at and row.words_sha256 == now), None)
    if read:
        return SignedOff(language, channel, Standing.READ, read.reader, read.answered_at)
    asked = next((row for row in found if row.words_sha256 == now), None)
    if asked:
        return SignedOff(language, channel, Standing.ASKED, asked.reader, asked.asked_at)
    earlier = next((row for row in found if row.answered_at), None)
    if earlier:
        return SignedOff(language, channel, Standing.STALE, earlier.reader, earlier.answered_at)
    return SignedOff(language, channel, Standing.UNREAD)
