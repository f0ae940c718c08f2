"""Hold everything: what a database that was put back would send may have been sent since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, tuple_, update
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Chunk, DeliveryLogEntry, JournalEntry, Message
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import OPEN, Status
from dispatcher.usecases.moves import begin, move_all
from dispatcher.usecases.notices.waiting import hold_notices
from dispatcher.usecases.steer import active_alerts, pause

UNKNOWN_FATE = "the database was put back: it may have been sent since"  # the error of what is uncertain now
_ACTIVE = (AlertState.SCHEDULED, AlertState.RUNNING, AlertState.PAUSED)
PAGE = 10_000  # messages a statement


@dataclass(frozen=True, slots=True)
class Held:
    """What was held: until which moment the database knows, and how much of it waits for a decision."""

    known_until: datetime | None
    alerts: int
    messages: int


def hold_everything(session: Session) -> Held:
    """Pause every alert that isn't over, make what was still to be sent uncertain, and end all leases.

    A person decides about each: `dispatch retry ALERT --uncertain` and `dispatch resume ALERT`.
    """
    known_until = newest_event(session)
    active = active_alerts(session, *_ACTIVE)
    for alert_id in active:
        hold(session, alert_id, _reason(session.get_one(Alert, alert_id), known_until))
    uncertain = sum([_make_uncertain(session, alert_id) for alert_id in _with_open_messages(session)])
    _end_leases(session)
    hold_notices(session)
    return Held(known_until, len(active), uncertain)


def _end_leases(session: Session) -> None:
    """End every lease, and close the chunks that have nothing more to send."""
    # Looked for once, not for each chunk: nearly nothing is open any more.
    numbers = select(Message.alert_id, Message.chunk_number).where(
        Message.status.in_(OPEN), Message.chunk_number.is_not(None)
    )
    still_open = tuple_(Chunk.alert_id, Chunk.number).in_(numbers)
    session.execute(
        update(Chunk)
        .where(Chunk.open)
        .values(lease_token=None, lease_until=None, open=still_open)
        .execution_options(synchronize_session=False)
    )


def hold(session: Session, alert_id: int, reason: str) -> None:
    """Pause an alert, or say why it stays paused."""
    pause(session, alert_id, reason)
    session.get_one(Alert, alert_id).state_reason = reason


def newest_event(session: Session) -> datetime | None:
    """The last thing that a database knows of: about when it was copied."""
    moments = (func.max(JournalEntry.at), func.max(DeliveryLogEntry.at), func.max(Alert.created_at))
    found = [session.scalar(select(moment)) for moment in moments]
    return max((moment for moment in found if moment is not None), default=None)


def day(moment: datetime | None) -> str:
    """A moment in words for staff."""
    return f"{moment:%d %B %Y, %H:%M} UTC" if moment else "a day without any event"


def _reason(alert: Alert, known_until: datetime | None) -> str:
    put_back = f"The database was put back to {day(known_until)}."
    if alert.laid_out_at is None:
        return (
            f"{put_back} This alert was to start at {day(alert.starts_at)}: make sure that it wasn't sent "
            f"since, then go on with `dispatch resume {alert.id}`."
        )
    return (
        f"{put_back} What was still to be sent is uncertain: it may have been sent since. Look in the "
        f"provider's log; `dispatch retry {alert.id} --uncertain` sends it again, then go on with "
        f"`dispatch resume {alert.id}`."
    )


def _with_open_messages(session: Session) -> Sequence[int]:
    open_here = exists().where(Message.alert_id == Alert.id, Message.status.in_(OPEN))
    return session.scalars(select(Alert.id).where(open_here).order_by(Alert.id)).all()


def _make_uncertain(session: Session, alert_id: int) -> int:
    """Of an alert that was over already, only what a worker had in its hands."""
    if session.get_one(Alert, alert_id).state in _ACTIVE:
        for ids in _queued(session, alert_id):
            begin(session, ids)
    return move_all(session, alert_id, Status.UNCERTAIN, error=UNKNOWN_FATE)


def _queued(session: Session, alert_id: int) -> Iterator[Sequence[int]]:
    last = 0
    while True:
        ids = session.scalars(
            select(Message.id)
            .where(Message.alert_id == alert_id, Message.status == Status.QUEUED, Message.id > last)
            .order_by(Message.id)
            .limit(PAGE)
        ).all()
        if not ids:
            return
        yield ids
        last = ids[-1]
