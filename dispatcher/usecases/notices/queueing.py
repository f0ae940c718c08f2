"""Queue a notice. A worker finds it within about a second; nothing is sent from a request."""

import json
from collections.abc import Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.db import db_now
from dispatcher.keyring import Keyring
from dispatcher.models import Notice, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState, terms_of
from dispatcher.usecases.notices.waiting import end

_DAY = 24 * 3600.0  # seconds


def queue_notice(
    session: Session,
    keys: Keyring,
    *,
    channel: Channel,
    address: str,
    kind: str,
    language: str,
    facts: Mapping[str, str] | None = None,
    force: bool = False,
) -> bool:
    """Queue one message to one address: its words are the catalogue's `notice.<kind>_...`, its gaps `facts`.

    False when the address has had its share of this kind, or must not be contacted; the caller behaves the
    same towards the outside. `force`: somebody asked for it who gets no alerts any more (a fresh link); a
    suppressed number gets no text all the same. Raises InvalidAddress.
    """
    queued = queue_numbered(
        session,
        keys,
        channel=channel,
        address=address,
        kind=kind,
        language=language,
        facts=facts,
        force=force,
    )
    return queued is not None


def queue_numbered(
    session: Session,
    keys: Keyring,
    *,
    channel: Channel,
    address: str,
    kind: str,
    language: str,
    facts: Mapping[str, str] | None = None,
    force: bool = False,
) -> int | None:
    """As `queue_notice`; the notice's id, None where that says False."""
    if channel is Channel.EMAIL:
        email = parse_email(address)
        written, key = email.address, keys.address_key(email.normalised)
    else:
        written = parse_phone(address).e164
        key = keys.address_key(written)
    kept_out = not (force and channel is Channel.EMAIL) and _is_suppressed(session, channel, key)
    if _had_its_share(session, channel, key, kind):
        return None
    # A suppressed address gets a row that is over at once: as much work as for any other, so that the time
    # that it takes tells a stranger nothing.
    notice = Notice(
        channel=channel,
        kind=kind,
        language=language,
        address=None if kept_out else written,
        address_key=key,
        facts=None if kept_out else json.dumps(dict(facts or {})),
        forced=force,
        state=NoticeState.FAILED if kept_out else NoticeState.QUEUED,
        error="suppressed" if kept_out else None,
    )
    session.add(notice)
    session.flush()
    return None if kept_out else notice.id


def withdraw_notices(session: Session, channel: Channel, key: bytes) -> None:
    """What still waits for this address is never sent, and forgotten: for somebody who leaves everything."""
    waiting = (Notice.channel == channel, Notice.address_key == key, Notice.state == NoticeState.QUEUED)
    end(session, NoticeState.FAILED, "withdrawn", *waiting)


def _is_suppressed(session: Session, channel: Channel, key: bytes) -> bool:
    here = exists().where(Suppression.channel == channel, Suppression.address_key == key)
    return bool(session.scalar(select(here)))


def _had_its_share(session: Session, channel: Channel, key: bytes, kind: str) -> bool:
    terms = terms_of(kind)
    today = (Notice.channel == channel, Notice.address_key == key, Notice.kind == kind)
    counted = select(func.count()).where(*today, Notice.created_at > db_now(-_DAY))
    lately = exists().where(*today, Notice.created_at > db_now(-terms.gap.total_seconds()))
    had, again_so_soon = session.execute(select(counted.scalar_subquery(), lately)).one()
    return had >= terms.a_day or bool(again_so_soon and terms.gap)
