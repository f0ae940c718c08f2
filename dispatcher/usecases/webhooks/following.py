"""Find what there is to tell, and write it down for each receiver that wants it."""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Webhook, WebhookCursor, WebhookDelivery
from dispatcher.rules.webhooks import Event, Kind
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.webhooks.alert_states import anything_changed, changed_alerts, untold_changes
from dispatcher.usecases.webhooks.settled import LAG, settled_until
from dispatcher.usecases.webhooks.sources import SOURCES, Source, kept, unkept

_A_PAGE = 500  # rows: a transaction of some 20 ms
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a receiver's own beginning is later
_CATCH_UP = timedelta(minutes=1)  # a cursor without news is moved now and then, so that looking stays cheap


def anybody_follows(session: Session) -> bool:
    """Whether anything is to be looked for at all: one look at a table of a few rows."""
    return bool(session.scalar(select(exists().where(Webhook.disabled_at.is_(None)))))


def follow(house: House, *, lag: float = LAG, at_most: int = _A_PAGE) -> bool:
    """Take one step with everything that is followed; whether there may be more at once.

    What was written is read once, in order, and never while an earlier row may still appear; what was found
    and how far that was stand in one transaction. Reads first: most looks bring no news.
    """
    more = False
    for source in SOURCES:
        if _has_news(house, source, lag):
            with house.db.transaction() as session:
                more |= _follow(session, house, source, lag, at_most)
    if _alerts_changed(house):
        with house.db.transaction() as session:
            hooks = _wanting(session, Kind, alone=True)
            begins = min((one.begins_at for one in hooks), default=None)
            _write(session, hooks, changed_alerts(session, begins) if begins else ())
    return more


def has_unfollowed(house: House) -> bool:
    """Whether rows wait to be followed, also those that are too new to be looked at yet."""
    return any(_has_news(house, source, 0.0, even_unsettled=True) for source in SOURCES) or _alerts_changed(
        house
    )


def unfollowed(session: Session, hook: Webhook, at_most: int = _A_PAGE) -> tuple[list[Event], bool]:
    """What has happened for one receiver that nobody has looked at yet, and whether there may be more of it.

    Nothing for one that is switched off: what happens meanwhile it is never told.
    """
    if hook.disabled_at is not None:
        return [], False
    wanted, more = _wanted([hook]), False
    events = untold_changes(session, hook.begins_at)
    now = session.scalars(select(db_now())).one()
    for source in SOURCES:
        if not wanted.isdisjoint(source.kinds):
            after = _after(session.get(WebhookCursor, source.name), [hook])
            page = source.page(session, wanted, after, now, at_most)
            more |= page.rows == at_most
            events += page.events
    return [one for one in events if one.kind in wanted and one.at > hook.begins_at], more


def _alerts_changed(house: House) -> bool:
    with house.db.reading() as session:
        return bool(_wanting(session, Kind)) and anything_changed(session)


def _wanting(session: Session, kinds: Iterable[Kind], *, alone: bool = False) -> list[Webhook]:
    """The receivers that are told of any of these; `alone`: nobody else looks until our transaction ends."""
    query = select(Webhook).where(Webhook.disabled_at.is_(None)).order_by(Webhook.id)
    hooks = session.scalars(query.with_for_update() if alone else query)
    return [hook for hook in hooks if not set(kinds).isdisjoint(hook.kinds.split())]


def _wanted(hooks: Collection[Webhook]) -> set[Kind]:
    return {Kind(word) for hook in hooks for word in hook.kinds.split()}


def _has_news(house: House, source: Source, lag: float, *, even_unsettled: bool = False) -> bool:
    """Whether a row can be told now; or the cursor is old, and had better be moved."""
    with house.db.reading() as session:
        hooks = _wanting(session, source.kinds)
        if not hooks:
            return False
        now = session.scalars(select(db_now())).one()
        until = now if even_unsettled else settled_until(session, lag=lag, patience=_patience(house))
        cursor = session.get(WebhookCursor, source.name)
        after = _after(cursor, hooks)
        if source.page(session, _wanted(hooks), after, until, 1).rows:
            return True
        return not even_unsettled and until - after[0] > _CATCH_UP


def _follow(session: Session, house: House, source: Source, lag: float, at_most: int) -> bool:
    """One page of one table. Only one process follows it at a time; another one finds nothing to do."""
    new = insert_with_conflicts(session, WebhookCursor).values(followed=source.name, at=_LONG_AGO, last="")
    session.execute(new.on_conflict_do_nothing())
    of_source = select(WebhookCursor).where(WebhookCursor.followed == source.name)
    cursor = session.scalars(of_source.with_for_update(skip_locked=True)).one_or_none()
    hooks = _wanting(session, source.kinds)
    if cursor is None or not hooks:
        return False
    until = settled_until(session, lag=lag, patience=_patience(house))
    after = _after(cursor, hooks)
    page = source.page(session, _wanted(hooks), after, until, at_most)
    _write(session, hooks, page.events)
    full = page.rows == at_most
    reached = page.last if full else max(after, [until], key=itemgetter(0))  # never back
    cursor.at, cursor.last = reached[0], kept(reached[1:])
    return full


def _patience(house: House) -> float:
    return house.settings.lease_seconds


def _after(cursor: WebhookCursor | None, hooks: Sequence[Webhook]) -> list[Any]:
    """Where to go on: at the cursor, but not before the oldest of these receivers wants to know."""
    begins: datetime = min(hook.begins_at for hook in hooks)
    if cursor is None or cursor.at < begins:
        return [begins]
    return [cursor.at, *unkept(cursor.last)]


def _write(session: Session, hooks: Iterable[Webhook], events: Iterable[Event]) -> None:
    now = session.scalars(select(db_now())).one()
    wanted = [(hook, set(hook.kinds.split())) for hook in hooks]
    rows = [
        {
            "webhook_id": hook.id,
            "event_key": event.key,
            "kind": event.kind,
            "at": event.at,
            "subscriber_id": event.about.get("subscriber"),
            "about": json.dumps(dict(event.about), separators=(",", ":")),
            "found_at": now,
            "due_at": now,
        }
        for event in events
        for hook, kinds in wanted
        if event.kind in kinds and event.at > hook.begins_at
    ]
    if rows:
        statement = insert_with_conflicts(session, WebhookDelivery).on_conflict_do_nothing()
        session.connection().execute(statement, rows)
