"""Write an alarm: that something is wrong, and that it is over. Telling it comes later."""

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from dispatcher.models import Alarm
from dispatcher.rules.alarms import Event

_LONGEST = 500  # characters: the column's


def raise_alarm(
    session: Session,
    event: Event,
    words: str,
    *,
    subject: str = "",
    alert_id: int | None = None,
    again: bool = False,
) -> bool:
    """Note that something is wrong; False when that is known already. `again`: it is news all the same."""
    newest = _newest(session, event, subject)
    if newest is not None and not newest.over and not again:
        return False
    return _write(session, newest, event, words, subject, alert_id, over=False)


def end_alarm(session: Session, event: Event, words: str, *, subject: str = "") -> bool:
    """Note that it is over; False when nothing was wrong."""
    newest = _newest(session, event, subject)
    if newest is None or newest.over:
        return False
    return _write(session, newest, event, words, subject, newest.alert_id, over=True)


def open_alarms(session: Session) -> set[tuple[Event, str]]:
    """Event and subject of everything that is wrong as far as we know."""
    later = aliased(Alarm)
    followed = exists().where(
        later.event == Alarm.event, later.subject == Alarm.subject, later.number > Alarm.number
    )
    rows = session.execute(select(Alarm.event, Alarm.subject).where(Alarm.over.is_(False), ~followed))
    return {(event, subject) for event, subject in rows}


def _newest(session: Session, event: Event, subject: str) -> Alarm | None:
    """The last word on a subject; without one nothing was ever wrong with it."""
    of_subject = select(Alarm).where(Alarm.event == event, Alarm.subject == subject)
    return session.scalars(of_subject.order_by(Alarm.number.desc()).limit(1)).one_or_none()


def _write(
    session: Session,
    newest: Alarm | None,
    event: Event,
    words: str,
    subject: str,
    alert_id: int | None,
    *,
    over: bool,
) -> bool:
    number = newest.number + 1 if newest else 1
    shortened = words[:_LONGEST]
    alarm = Alarm(event=event, subject=subject, number=number, over=over, alert_id=alert_id, words=shortened)
    try:
        with session.begin_nested():
            session.add(alarm)
    except IntegrityError:
        return False  # another process noticed it at the same moment
    return True
