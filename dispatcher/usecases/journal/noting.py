"""Note what must outlive the database: in it, and outside of it once the transaction is durable."""

import secrets
from collections.abc import Iterator, Sequence
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.db import after_commit, before_commit, keyring
from dispatcher.journal import Journal
from dispatcher.models import Alert, Campaign, JournalEntry, List, Message, Subscriber
from dispatcher.rules.journal import Entry, Fact, Highest, LaidOut, read_facts, write_facts
from dispatcher.usecases.journal.agreement import name_of, note_if_older
from dispatcher.usecases.journal.names import sealed

_FACTS = "journal_facts"
_MUTED = "journal_muted"
_A_LINE = 500  # facts: so that the end of a file always holds whole lines
_MARK_BYTES = 8
_NUMBERED = (Message, Subscriber, List, Alert)  # their numbers leave the house in messages, links and tags


def note(session: Session, *facts: Fact) -> None:
    """Note facts of this transaction. They are written at its end, and outside once it is committed."""
    if session.info.get(_MUTED):
        return
    if _FACTS not in session.info:
        session.info[_FACTS] = []
        before_commit(session, partial(_write, session))
    session.info[_FACTS].extend(facts)


def note_laid_out(session: Session, alert: Alert, messages: int) -> None:
    """Note that messages were made, and the highest numbers that anything outside may know from now on."""
    slug = session.scalars(select(Campaign.slug).where(Campaign.id == alert.campaign_id)).one()
    created_at = alert.created_at.isoformat()
    laid_out = LaidOut(alert.id, created_at, slug, alert.name, alert.practice, messages)
    note(session, sealed(laid_out))
    for model in _NUMBERED:
        note(session, Highest(model.__tablename__, session.scalar(select(func.max(model.id))) or 0))


def mute(session: Session) -> None:
    """From here on this transaction notes nothing: it replays what is in the journal already."""
    session.info[_MUTED] = True


def unmute(session: Session) -> None:
    """Note again."""
    session.info[_MUTED] = False


def list_key(slug: str) -> str:
    """What stands for a list in the journal: a keyed hash, in hex, for a slug may say too much."""
    return keyring().address_key(f"list:{slug}").hex()


def list_keys(session: Session, list_ids: Sequence[int]) -> Iterator[str]:
    """Of these lists, what stands for each."""
    slugs = select(List.slug).where(List.id.in_(list_ids)).order_by(List.id)
    yield from map(list_key, session.scalars(slugs))


def as_entry(row: JournalEntry) -> Entry:
    """A row of the database as rules.journal reads it."""
    return Entry(row.mark.hex(), row.at, row.host, read_facts(row.words))


def _write(session: Session) -> None:
    journal: Journal = session.info["journal"]
    facts: list[Fact] = session.info.pop(_FACTS)
    note_if_older(session, journal)
    rows = [
        JournalEntry(
            mark=secrets.token_bytes(_MARK_BYTES),
            host=journal.host,
            words=write_facts(facts[first : first + _A_LINE]),
        )
        for first in range(0, len(facts), _A_LINE)
    ]
    session.add_all(rows)
    session.flush()
    entries = [as_entry(row) for row in rows]
    after_commit(session, partial(journal.record, name_of(session, journal), entries))
