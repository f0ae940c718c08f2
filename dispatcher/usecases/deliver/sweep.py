"""What a timer looks after each second, so that no wake-up needs to arrive: every part is idempotent."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, exists, or_, select

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import OPEN, Status
from dispatcher.usecases.daily import left_today
from dispatcher.usecases.deliver import reap, regroup
from dispatcher.usecases.deliver.lease import has_due_work, opened_as
from dispatcher.usecases.deliver.results import pause_alarming
from dispatcher.usecases.journal import keep_up, refuse_older_database
from dispatcher.usecases.moves import move_all
from dispatcher.usecases.open_alert import lay_out_scheduled


def sweep(house: House) -> set[Channel]:
    """Reap lost leases, open scheduled alerts, end those past their deadline, regroup what was put back,
    pause those whose results are alarming.

    Returns the channels that have due work and may send it today. Reads first: it writes only when there is
    something to do. Raises DatabaseOlder.
    """
    refuse_older_database(house)
    with house.db.reading() as session:
        lost, put_back = reap.expired(session), regroup.waiting(session)
        scheduled = session.scalars(select(Alert.id).where(*_scheduled()).order_by(Alert.id)).all()
        late = session.scalars(select(Alert.id).where(*_past_deadline()).order_by(Alert.id)).all()
        cancelled = session.scalars(select(Alert.id).where(*_cancelled()).order_by(Alert.id)).all()
    if lost:
        with house.db.transaction() as session:
            reap.reap(session)
    for alert_id in scheduled:
        with house.db.transaction() as session:
            lay_out_scheduled(session, house.settings, alert_id)
    for alert_id in late:
        with house.db.transaction() as session:
            move_all(session, alert_id, Status.SKIPPED, error="the deadline had passed")
    for alert_id in cancelled:  # what a worker had in its hands then, and put back
        with house.db.transaction() as session:
            move_all(session, alert_id, Status.CANCELLED, error="the alert was cancelled")
    if put_back:
        with house.db.transaction() as session:
            regroup.regroup(session)
    pause_alarming(house)
    with house.db.reading() as session:
        due = {
            channel
            for channel in Channel
            if has_due_work(session, channel) and left_today(session, house.settings, channel) != 0
        }
    keep_up(house, idle=not due)
    return due


def idle(house: House, practice: Mapping[Channel, bool]) -> bool:
    """Whether senders of these kinds (practice or not, by channel) have nothing more to do by themselves.

    A background worker may end then: what is left, if anything, was opened with senders of the other kind.
    """
    with house.db.reading() as session:
        ours = (
            (Message.channel == channel) & opened_as(channel, practice=kind)
            for channel, kind in practice.items()
        )
        unlaid = select(exists().where(Alert.state == AlertState.SCHEDULED))
        active = Alert.state.in_((AlertState.RUNNING, AlertState.SCHEDULED))
        open_here = (Message.alert_id == Alert.id, Message.status.in_(OPEN))
        open_messages = select(exists().where(active, *open_here, or_(*ours)))
        return not session.scalar(unlaid) and not session.scalar(open_messages)


def _scheduled() -> tuple[ColumnElement[bool], ...]:
    return Alert.state == AlertState.SCHEDULED, Alert.starts_at <= db_now()


def _past_deadline() -> tuple[ColumnElement[bool], ...]:
    return Alert.state == AlertState.RUNNING, Alert.deadline <= db_now(), _with_queued()


def _cancelled() -> tuple[ColumnElement[bool], ...]:
    return Alert.state == AlertState.CANCELLED, _with_queued()


def _with_queued() -> ColumnElement[bool]:
    return exists().where(Message.alert_id == Alert.id, Message.status == Status.QUEUED)
