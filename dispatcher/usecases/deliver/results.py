"""Alerts whose newest results say that something is wrong pause by themselves.

The results are read from the end of the delivery log, over its index by alert and time: what providers report
later is in it too, nothing has to be counted while sending, and a look costs the same whether an alert has
sent a thousand messages or ten million. Only alerts that still have something to send are looked at.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dispatcher.house import House
from dispatcher.models import Alarm, Alert, DeliveryLogEntry, Message
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.error_rate import JUDGED, WINDOW, Alarming, Kind, alarming, kind_of
from dispatcher.rules.error_rate_words import words_for
from dispatcher.rules.moves import Status
from dispatcher.usecases.pause_by_itself import pause_by_itself, pause_subject

# Lines that are read in search of a channel's newest results. One with fewer than one line in two hundred
# waits to be judged until the other channel is done.
_MOST_READ = 10_000


@dataclass(frozen=True, slots=True)
class _Judged:
    """An alert and what is wrong with its results."""

    alert_id: int
    found: Alarming


def pause_alarming(house: House) -> None:
    """Pause every running alert whose results are alarming. Writes only then."""
    with house.db.reading() as session:
        judged = list(_alarming_alerts(session))
    for one in judged:
        words = words_for(one.found, one.alert_id)
        with house.db.transaction() as session:
            told = f"Alert {one.alert_id}: {words}"
            pause_by_itself(session, one.alert_id, words, told=told, cause=_cause(one.found))


def _alarming_alerts(session: Session) -> Iterator[_Judged]:
    queued = exists().where(Message.alert_id == Alert.id, Message.status == Status.QUEUED)
    for alert in session.scalars(select(Alert).where(Alert.state == AlertState.RUNNING, queued)):
        for channel in Channel:
            counts = _newest_results(session, alert, channel)
            if alarming(channel, counts) and (
                found := alarming(channel, counts, _gone_on_all_the_same(session, alert.id, channel))
            ):
                yield _Judged(alert.id, found)
                break


def _newest_results(session: Session, alert: Alert, channel: Channel) -> Counter[Kind]:
    """Since a person last said go on: what was known then doesn't count again."""
    log = select(DeliveryLogEntry.channel, DeliveryLogEntry.status, DeliveryLogEntry.error)
    newest = log.where(DeliveryLogEntry.alert_id == alert.id)
    if alert.resumed_at is not None:
        newest = newest.where(DeliveryLogEntry.at > alert.resumed_at)
    read = newest.order_by(DeliveryLogEntry.at.desc()).limit(_MOST_READ).subquery()
    # No order of its own: the newest are read until there are enough, and no line beyond.
    judged = (
        select(read.c.status, read.c.error)
        .where(read.c.channel == channel, read.c.status.in_(JUDGED))
        .limit(WINDOW)
        .subquery()
    )
    rows = session.execute(
        select(judged.c.status, judged.c.error, func.count()).group_by(judged.c.status, judged.c.error)
    )
    counts: Counter[Kind] = Counter()
    for status, error, number in rows:
        counts[kind_of(channel, status, error)] += number
    return counts


def _gone_on_all_the_same(session: Session, alert_id: int, channel: Channel) -> dict[Kind, int]:
    """How often the alert has paused for each kind before: each time a person said go on."""
    causes = {pause_subject(alert_id, f"{channel} {kind}"): kind for kind in Kind}
    of_alert = (Alarm.event == Event.ALERT_PAUSED, Alarm.subject.in_(causes), Alarm.over.is_(False))
    rows = session.execute(select(Alarm.subject, func.count()).where(*of_alert).group_by(Alarm.subject))
    return {causes[subject]: number for subject, number in rows}


def _cause(found: Alarming) -> str:
    return f"{found.channel} {found.kind}"
