"""Keep an address from being contacted by the whole organisation, or let it be contacted again."""

from collections.abc import Collection

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.journal import Lifted, Suppressed
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.bulk import one_of
from dispatcher.usecases.journal.noting import note

# An address has one reason: the last of these that was ever given. Only the person's own STOP is lifted by
# START.
_BY_STRENGTH = (
    SuppressionReason.BOUNCED,
    SuppressionReason.MOVED,
    SuppressionReason.BY_STAFF,
    SuppressionReason.OPTED_OUT,
    SuppressionReason.STOP,
    SuppressionReason.COMPLAINED,
    SuppressionReason.FORGOTTEN,
)


def suppress(
    session: Session, channel: Channel, address_key: bytes, reason: SuppressionReason, source: str
) -> bool:
    """Suppress one address, unless a stronger reason is there already; whether anything changed."""
    weaker = _BY_STRENGTH[: _BY_STRENGTH.index(reason)]
    statement = insert_with_conflicts(session, Suppression).values(
        channel=channel, address_key=address_key, reason=reason, source=source
    )
    replaced = {"reason": statement.excluded.reason, "source": statement.excluded.source}
    changed = session.scalars(
        # One statement, so that two texts at the same moment can't both be the first.
        statement.on_conflict_do_update(
            index_elements=[Suppression.channel, Suppression.address_key],
            set_=replaced,
            where=Suppression.reason.in_(weaker),
        ).returning(Suppression.reason)
    )
    if changed.first() is None:
        return False
    note(session, Suppressed(channel, address_key.hex(), reason))
    return True


def lift(session: Session, channel: Channel, address_key: bytes, reason: SuppressionReason) -> bool:
    """Lift a suppression that has exactly this reason; returns whether there was one."""
    found = session.scalars(
        delete(Suppression)
        .where(Suppression.channel == channel, Suppression.address_key == address_key)
        .where(Suppression.reason == reason)
        .returning(Suppression.reason)
    )
    if found.first() is None:
        return False
    note(session, Lifted(channel, address_key.hex()))
    return True


def suppressed_for(session: Session, channel: Channel, address_key: bytes) -> SuppressionReason | None:
    """Why this address must not be contacted; None when it may be."""
    same = (Suppression.channel == channel, Suppression.address_key == address_key)
    return session.scalar(select(Suppression.reason).where(*same))


def suppress_all(
    session: Session, channel: Channel, keys: Collection[bytes], reason: SuppressionReason, source: str
) -> int:
    """Suppress thousands of addresses in a few statements; how many were news, the rest as by `suppress`."""
    return len(suppress_each(session, channel, keys, reason, source))


def suppress_each(
    session: Session, channel: Channel, keys: Collection[bytes], reason: SuppressionReason, source: str
) -> set[bytes]:
    """As `suppress_all`, and which of them were news."""
    held = select(Suppression.address_key, Suppression.reason).where(
        Suppression.channel == channel, one_of(session, Suppression.address_key, keys)
    )
    known = {bytes(key): why for key, why in session.execute(held)}
    new = [key for key in keys if key not in known]
    if new:
        # Another text's STOP may come between: DO NOTHING, for it was suppressed then.
        statement = insert_with_conflicts(session, Suppression).values(
            channel=channel, address_key=bindparam("key"), reason=reason, source=source, created_at=db_now()
        )
        rows = [{"key": key} for key in new]
        session.connection().execute(statement.on_conflict_do_nothing(), rows)
        note(session, *(Suppressed(channel, key.hex(), reason) for key in new))
    weaker = _BY_STRENGTH[: _BY_STRENGTH.index(reason)]
    replaced = {
        key for key, why in known.items() if why in weaker and suppress(session, channel, key, reason, source)
    }
    return {*new, *replaced}
