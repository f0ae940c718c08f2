"""What comes back of alerts, watched: complaints pause an alert that is being sent, and the rest is told."""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.db import Database
from dispatcher.house import House
from dispatcher.models import Alarm, Alert
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.error_rate import Kind
from dispatcher.rules.reputation import Concern
from dispatcher.rules.reputation_words import concern_words, pause_words
from dispatcher.usecases.alarms.note import open_alarms, raise_alarm
from dispatcher.usecases.pause_by_itself import pause_by_itself, pause_subject
from dispatcher.usecases.reputation import concerns, has_queued, young_alerts

_COMPARED_EVERY = 60.0  # seconds; what was usual takes a look at earlier alerts
_compared_at: WeakKeyDictionary[Database, float] = WeakKeyDictionary()  # readings of time.monotonic()

# For these an alert pauses by itself while it is sent (usecases.deliver, and here): then that has been told.
_PAUSES_FOR = {Event.COMPLAINTS: Kind.COMPLAINED, Event.BOUNCES: Kind.GONE, Event.BLOCKED: Kind.BLOCKED}
_EVENTS = (*_PAUSES_FOR, Event.NOT_DELIVERED, Event.LEAVING, Event.ALERT_PAUSED)

_Known = Collection[tuple[Event, str]]  # event and subject of alarms


@dataclass(frozen=True, slots=True)
class _News:
    alert_id: int
    concern: Concern
    pauses: bool


def watch_reputation(house: House, *, compared_every: float = _COMPARED_EVERY) -> None:
    """Pause and tell what is new. Reads first; what earlier alerts must be asked for is looked at once a
    minute.
    """
    now = time.monotonic()
    compared = now - _compared_at.get(house.db, -compared_every) >= compared_every
    if compared:
        _compared_at[house.db] = now
    with house.db.reading() as session:
        news = list(_news(session, compared=compared))
    for one in news:
        with house.db.transaction() as session:
            (_pause if one.pauses else _tell)(session, one)


def _news(session: Session, *, compared: bool) -> Iterator[_News]:
    of_alert = _raised(session)
    for channel in Channel:
        for alert in young_alerts(session, channel):
            raised = of_alert.get(alert.id, ())
            known = _known(raised, alert.id, channel)
            for concern in concerns(session, alert, channel, compared=compared, but_for=known):
                if not concern.grave:
                    yield _News(alert.id, concern, pauses=False)
                elif alert.state is AlertState.RUNNING and has_queued(session, alert, channel):
                    yield _News(alert.id, concern, pauses=True)
                elif not _grave_is_known(session, raised, alert, channel):
                    yield _News(alert.id, concern, pauses=False)


def _raised(session: Session) -> Mapping[int | None, _Known]:
    """By alert, what was noted of its reputation: a small table."""
    found: defaultdict[int | None, set[tuple[Event, str]]] = defaultdict(set)
    noted = select(Alarm.alert_id, Alarm.event, Alarm.subject).where(Alarm.event.in_(_EVENTS))
    for alert_id, event, subject in session.execute(noted):
        found[alert_id].add((event, subject))
    return found


def _known(raised: _Known, alert_id: int, channel: Channel) -> set[Event]:
    """What was told of an alert on a channel, or that it has paused for it."""
    subjects = {_subject(alert_id, channel, grave=grave) for grave in (False, True)}
    told = {event for event, subject in raised if subject in subjects}
    return told | {
        event
        for event, kind in _PAUSES_FOR.items()
        if (Event.ALERT_PAUSED, _pause_subject(alert_id, channel, kind)) in raised
    }


def _grave_is_known(session: Session, raised: _Known, alert: Alert, channel: Channel) -> bool:
    """Whether it was told, or the alert stands still for it now."""
    if (Event.COMPLAINTS, _subject(alert.id, channel, grave=True)) in raised:
        return True
    paused = _pause_subject(alert.id, channel, Kind.COMPLAINED)
    return (Event.ALERT_PAUSED, paused) in open_alarms(session)


def _tell(session: Session, news: _News) -> None:
    concern = news.concern
    subject = _subject(news.alert_id, concern.channel, grave=concern.grave)
    words = concern_words(concern, news.alert_id)
    raise_alarm(session, concern.event, words, subject=subject, alert_id=news.alert_id)


def _pause(session: Session, news: _News) -> None:
    words, cause = pause_words(news.concern, news.alert_id), _cause(news.concern.channel, Kind.COMPLAINED)
    pause_by_itself(session, news.alert_id, words, told=words, cause=cause)


def _subject(alert_id: int, channel: Channel, *, grave: bool) -> str:
    return f"alert {alert_id} {channel}{' grave' if grave else ''}"


def _pause_subject(alert_id: int, channel: Channel, kind: Kind) -> str:
    return pause_subject(alert_id, _cause(channel, kind))


def _cause(channel: Channel, kind: Kind) -> str:
    return f"{channel} {kind}"
