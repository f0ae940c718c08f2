"""The watch of a process that isn't a worker: do workers live, do Redis and the database answer?"""

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dispatcher.crew import live_workers
from dispatcher.db import db_now
from dispatcher.embedded import worker_missing
from dispatcher.errors import DatabaseBusy, DatabaseUnreachable, DiskFull, DispatchError, QueueUnreachable
from dispatcher.house import House
from dispatcher.models import Alert, Chunk, Message
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.alarms.conditions import Condition, look_around, note_news
from dispatcher.usecases.alarms.targets import Notice, targets_of
from dispatcher.usecases.alarms.tell import Failure, something_to_tell, tell
from dispatcher.usecases.daily import used_up
from dispatcher.usecases.deliver.lease import opened_as

_PATIENCE = 60.0  # seconds that something must be wrong without a break: a restart is no alarm
_OVERDUE = 30.0  # seconds that work has been due


class Lookout:
    """Looks again and again; remembers since when something has been wrong. `dispatch web` has one."""

    def __init__(self, house: House, *, patience: float = _PATIENCE) -> None:
        self._house = house
        self._patience = patience
        self._since: dict[Event, float] = {}  # a reading of time.monotonic()
        self._know_of_database: set[str] = set()  # the targets that were told that it is away

    def look(self) -> Iterator[Failure]:
        """One look at everything, and tell what is new; yields what couldn't be told.

        Several may look at the same installation: the database sees to it that each thing is told once.
        Without a database nothing can be noted: then each of them tells that, once.
        """
        try:
            self._note()
            look_around(self._house)
            if something_to_tell(self._house):
                yield from tell(self._house)
        except (DatabaseUnreachable, DatabaseBusy, DiskFull) as error:
            yield from self._without_database(wrong=True, words=no_database(error))
        else:
            yield from self._without_database(wrong=False, words="The database answers again.")

    def _note(self) -> None:
        note_news(self._house, [one for one in self._conditions() if self._lasts(one)])

    def _conditions(self) -> Iterator[Condition]:
        settings = self._house.settings
        with self._house.db.reading() as session:
            overdue = work_is_overdue(session, settings.practice)
        try:
            nobody = worker_missing(settings) if settings.redis is None else not live_workers(settings)
            away = False
        except QueueUnreachable:
            nobody, away = False, True
        yield Condition(
            Event.QUEUE_AWAY,
            wrong=away,
            words="Redis can't be reached: nothing is sent without its limits. Sending goes on by itself "
            "once it answers; `dispatch doctor` says more.",
            over="Redis answers again.",
        )
        if not away:
            yield Condition(
                Event.NO_WORKER,
                wrong=nobody and overdue,
                words="Messages are due and no worker is alive: nobody sends. Start one with "
                "`dispatch worker`, or look why the service ended.",
                over="A worker is alive again, or nothing is due any more.",
            )

    def _lasts(self, condition: Condition) -> bool:
        """Whether this is to be noted: at once when it is well, after a while when it is wrong."""
        if not condition.wrong:
            self._since.pop(condition.event, None)
            return True
        now = time.monotonic()
        return now - self._since.setdefault(condition.event, now) >= self._patience

    def _without_database(self, *, wrong: bool, words: str) -> Iterator[Failure]:
        """Tell each target that doesn't know it yet; who can't be told is tried at the next look."""
        if not self._lasts(Condition(Event.DATABASE_AWAY, wrong=wrong, words=words, over=words)):
            return
        notice = Notice(Event.DATABASE_AWAY, words, datetime.now(UTC), over=not wrong)
        for target in targets_of(self._house.settings):
            if wrong is not (target.name in self._know_of_database):
                if problem := target.tell(notice):
                    yield Failure(target.way, problem)
                else:
                    self._know_of_database ^= {target.name}


def work_is_overdue(session: Session, practice: Mapping[Channel, bool]) -> bool:
    """Whether something should have left by now, for senders of these kinds (practice or not, by channel): a
    chunk, something put back, or a scheduled alert. What waits for the next day isn't overdue.
    """
    past = db_now(-_OVERDUE)
    scheduled = exists().where(Alert.state == AlertState.SCHEDULED, Alert.starts_at <= past)
    if session.scalar(select(scheduled)):
        return True
    for channel, kind in practice.items():
        running = (Alert.state == AlertState.RUNNING, opened_as(channel, practice=kind))
        chunk = (Chunk.alert_id == Alert.id, Chunk.channel == channel, Chunk.open.expression)
        put_back = (
            Message.alert_id == Alert.id,
            Message.channel == channel,
            Message.status == Status.QUEUED,
            Message.chunk_number.is_(None),
        )
        waits = or_(
            exists().where(*chunk, Chunk.due_at <= past), exists().where(*put_back, Message.due_at <= past)
        )
        if session.scalar(select(exists().where(*running, waits))) and not used_up(session, channel):
            return True
    return False


def no_database(error: DispatchError) -> str:
    """For staff, without the database's name: it leaves the house."""
    match error:
        case DiskFull():
            what = "There is no room left on the database's disk"
        case DatabaseBusy():
            what = "Somebody keeps the database locked"
        case _:
            what = "The database can't be reached"
    return f"{what}: nothing is sent, and nothing is lost. `dispatch doctor` says more."
