"""What any process can see in the database: uncertain messages, silent callbacks, and what is over again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from dispatcher.db import Database, db_now
from dispatcher.house import House
from dispatcher.models import Alarm, Alert, Message, ProviderEvent
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.alarms.note import end_alarm, open_alarms, raise_alarm
from dispatcher.usecases.alarms.reputation import watch_reputation
from dispatcher.usecases.callers import calls_about
from dispatcher.usecases.journal.agreement import journals_ahead
from dispatcher.usecases.notices.waiting import stuck

_LOOKED_AT = timedelta(days=30)  # alerts younger than this
_SETTLES_WITHIN = 60.0  # seconds in which a late answer may still settle an uncertain message
_HEARD_WITHIN = timedelta(days=7)  # a channel whose provider told us something in these days has callbacks
_CALLBACK_TAKES = 15 * 60.0  # seconds; nearly all come within one minute
_ASKED_SINCE = 2 * 3600.0  # seconds: texts older than this say nothing about now
_ENOUGH = 50  # messages without any word; fewer may all be phones that are off


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is either wrong or well, with the words for both."""

    event: Event
    wrong: bool
    words: str
    over: str
    subject: str = ""
    alert_id: int | None = None


def look_around(house: House) -> None:
    """Note whatever has changed, and pause alerts that too many complain about. Cheap enough to be called
    every few seconds: it looks at indexes, never through all messages.
    """
    with house.db.reading() as session:
        found = [*_uncertain(session), *_callbacks(session), *_resumed(session), _notices(session)]
    note_news(house, [*found, *_journal(house.db)])
    watch_reputation(house)


def note_news(house: House, conditions: Collection[Condition]) -> None:
    """Raise or end the alarm of each that isn't known as it is. Reads first: most looks bring no news."""
    with house.db.reading() as session:
        known = open_alarms(session)
    news = [one for one in conditions if one.wrong is not ((one.event, one.subject) in known)]
    if not news:
        return
    with house.db.transaction() as session:
        for one in news:
            if one.wrong:
                raise_alarm(session, one.event, one.words, subject=one.subject, alert_id=one.alert_id)
            else:
                end_alarm(session, one.event, one.over, subject=one.subject)


def _uncertain(session: Session) -> Iterator[Condition]:
    """A condition for each alert that has uncertain messages, or had."""
    of_alert = _messages(Status.UNCERTAIN, channels=tuple(Channel))
    lasting = Message.changed_at <= db_now(-_SETTLES_WITHIN)
    every, old = (
        select(func.count()).select_from(Message).where(*of_alert, *more).scalar_subquery()
        for more in ((), (lasting,))
    )
    young = Alert.created_at > db_now(-_LOOKED_AT.total_seconds())
    for alert_id, number, long_so in session.execute(select(Alert.id, every, old).where(young)):
        if number and not long_so:
            continue  # it may settle by itself within the minute
        which = f"alert {alert_id}"
        yield Condition(
            Event.UNCERTAIN,
            wrong=bool(number),
            words=f"Alert {alert_id} has {number} messages that may or may not have arrived: the provider's "
            f"answer was lost. `dispatch retry {alert_id} --uncertain` shows them and asks what to do.",
            over=f"Alert {alert_id} has no uncertain messages any more.",
            subject=which,
            alert_id=alert_id,
        )


def _callbacks(session: Session) -> Iterator[Condition]:
    """A condition for each channel on which a provider has told us lately what arrived.

    One that never told anything has no callbacks, and its silence says nothing here: `dispatch doctor` asks.
    """
    for channel in Channel:
        heard = exists().where(*_messages(Status.DELIVERED, channels=(channel,)))
        if session.scalar(select(exists().where(*_of_these_days(), heard))):
            yield Condition(
                Event.CALLBACKS_SILENT,
                wrong=_is_silent(session, channel),
                words=f"For {_CALLBACK_TAKES / 60:.0f} minutes the provider of {channel} has told nothing of "
                "what became of messages, and it used to. Look whether `dispatch web` runs, and whether its "
                "address in the provider's console is right: `dispatch doctor`.",
                over=f"The provider of {channel} tells again what becomes of messages.",
                subject=str(channel),
            )


def _is_silent(session: Session, channel: Channel) -> bool:
    """Whether enough messages wait for a word about them and not one got it lately."""
    due, begun = db_now(-_CALLBACK_TAKES), db_now(-_ASKED_SINCE)
    waiting = (
        select(Message.id)
        .join(Alert)
        .where(*_of_these_days(), *_messages(Status.SENT, channels=(channel,)))
        .where(Message.changed_at <= due, Message.changed_at > begun)
        .limit(_ENOUGH)  # where callbacks come few messages stay `sent`
    )
    if session.scalar(select(func.count()).select_from(waiting.subquery())) != _ENOUGH:
        return False
    lately = exists().where(*_messages(Status.DELIVERED, channels=(channel,)), Message.changed_at > due)
    # What was told and waits to be applied is no silence either: nothing may be wrong but our workers.
    called = exists().where(ProviderEvent.taken_at > due, calls_about(channel))
    return not session.scalar(select(or_(called, exists().where(*_of_these_days(), lately))))


def _journal(database: Database) -> Iterator[Condition]:
    """Whether the database is as new as the journal, and whether this host can go on writing it."""
    yield Condition(
        Event.DATABASE_OLDER,
        wrong=bool(journals_ahead(database)),
        words="The database was put back to an earlier day. Nothing is sent until `dispatch restore "
        "--replay` has told it who has left since and what went out.",
        over="The database knows again all that the journal knows.",
    )
    host = database.journal.host
    yield Condition(
        Event.JOURNAL_AWAY,
        wrong=bool(database.journal.problem()),
        words=f"The journal on {host} can't be written: who leaves has left all the same, but a database "
        "that is put back wouldn't know it. `dispatch doctor` there says why.",
        over=f"The journal on {host} can be written again.",
        subject=host,
    )


def _resumed(session: Session) -> Iterator[Condition]:
    """Alerts that had paused by themselves and don't stand still any more."""
    raised = select(Alarm.subject, Alarm.alert_id, Alert.state).join(Alert, Alert.id == Alarm.alert_id)
    of_pauses = (Alarm.event == Event.ALERT_PAUSED, Alarm.at > db_now(-_LOOKED_AT.total_seconds()))
    for subject, alert_id, state in session.execute(raised.where(*of_pauses).distinct()):
        if state is not AlertState.PAUSED:
            how = "goes on" if state is AlertState.RUNNING else f"is {state}"
            words = f"Alert {alert_id} {how}."
            yield Condition(Event.ALERT_PAUSED, wrong=False, words="", over=words, subject=subject)


def _notices(session: Session) -> Condition:
    """Whether people wait in vain for what they have asked for."""
    return Condition(
        Event.NOTICES_STUCK,
        wrong=stuck(session),
        words="People wait for single messages (to confirm a sign-up, a fresh link, a code) that should have "
        "left ten minutes ago. Look whether workers run and whether the providers take anything: `dispatch "
        "doctor`.",
        over="Single messages leave again.",
    )


def _of_these_days() -> tuple[ColumnElement[bool], ...]:
    """SQL: real alerts of the days in which a channel must have been heard."""
    return Alert.created_at > db_now(-_HEARD_WITHIN.total_seconds()), Alert.practice.is_(False)


def _messages(status: Status, *, channels: tuple[Channel, ...]) -> tuple[ColumnElement[bool], ...]:
    """SQL: the alert's messages on these channels in a status. Every column of the index of counts is named,
    so that a look costs as much as there are such messages, not as there are messages.
    """
    return Message.alert_id == Alert.id, Message.channel.in_(channels), Message.status == status
