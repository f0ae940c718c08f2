"""An alert beside its campaign's earlier ones: by rates, and only differences that chance hardly makes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from operator import add

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert
from dispatcher.rules.alert import Channel
from dispatcher.rules.shares import Share, Verdict, compare
from dispatcher.usecases.outcomes import Outcomes
from dispatcher.usecases.report.measures import Measure, Row

MOST = 5  # earlier alerts that are looked at, the newest ones

# The rates that are compared, each of the sent; and whether a higher one is good news.
RATES: Mapping[Measure, bool] = {
    Measure.DELIVERED: True,
    Measure.CLICKED: True,
    Measure.ACTED: True,
    Measure.LEFT: False,
    Measure.BOUNCED: False,
    Measure.COMPLAINED: False,
}


class Judgement(StrEnum):
    """What staff want to know of a rate."""

    BETTER = "better"
    WORSE = "worse"
    ALIKE = "about the same"  # a difference, if there is one, is no larger than chance makes
    UNKNOWN = "not known"  # of this alert, or of all earlier ones


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier alert of the same campaign, as far as it is known still."""

    alert_id: int
    name: str
    began: datetime | date
    closed: bool
    channels: Mapping[Channel, Row]


@dataclass(frozen=True, slots=True)
class Compared:
    """One rate of one channel, beside that of the earlier alerts taken together."""

    channel: Channel
    measure: Measure
    now: Share | None
    before: Share | None
    judgement: Judgement


def earlier_alerts(session: Session, alert: Alert) -> Sequence[Alert]:
    """The campaign's alerts that began before, the newest first. Practice is compared with practice."""
    if alert.laid_out_at is None:
        return ()
    return session.scalars(
        select(Alert)
        .where(
            Alert.campaign_id == alert.campaign_id,
            Alert.practice.is_(alert.practice),
            Alert.laid_out_at < alert.laid_out_at,
        )
        .order_by(Alert.laid_out_at.desc())
        .limit(MOST)
    ).all()


def row_of(channel: Channel, found: Outcomes, *, clicks_known: bool, visits: Mapping[str, int] | None) -> Row:
    """An earlier alert's channel: as much as is compared of it. `visits`: openings of links by language."""
    told = found.delivered > found.complained  # else nobody tells what arrived, but for who complains of it
    numbers: dict[Measure, int | None] = dict.fromkeys(Measure)
    numbers |= {
        Measure.AUDIENCE: found.audience,
        Measure.SENT: found.sent,
        Measure.DELIVERED: found.delivered if told else None,
        Measure.BOUNCED: found.bounced,
        Measure.COMPLAINED: found.complained,
        Measure.FAILED: found.failed,
        Measure.UNCERTAIN: found.uncertain,
        Measure.CLICKED: found.clicked if clicks_known else None,
        Measure.VISITS: None if visits is None else sum(visits.values()),
        Measure.ACTED: found.acted,
        Measure.LEFT: found.left,
    }
    return Row(str(channel), numbers)


def rate(row: Row, measure: Measure) -> Share | None:
    """A measure's share of the sent; None where it isn't known, or nothing was sent."""
    number = row[measure]
    return None if number is None or not row.count(Measure.SENT) else Share(number, row.count(Measure.SENT))


def compared(channels: Mapping[Channel, Row], earlier: Iterable[Earlier]) -> tuple[Compared, ...]:
    """Every rate of every channel that was used before too."""
    before = [one.channels for one in earlier]
    return tuple(
        _compared(channel, measure, row, [rows[channel] for rows in before if channel in rows])
        for channel, row in channels.items()
        if any(channel in rows for rows in before)
        for measure in RATES
    )


def _compared(channel: Channel, measure: Measure, row: Row, earlier: Iterable[Row]) -> Compared:
    known = [share for one in earlier if (share := rate(one, measure)) is not None]
    now, before = rate(row, measure), reduce(add, known) if known else None
    return Compared(channel, measure, now, before, _judged(measure, now, before))


def _judged(measure: Measure, now: Share | None, before: Share | None) -> Judgement:
    if now is None or before is None:
        return Judgement.UNKNOWN
    verdict = compare(now, before)
    if verdict is Verdict.ALIKE:
        return Judgement.ALIKE
    return Judgement.BETTER if (verdict is Verdict.HIGHER) is RATES[measure] else Judgement.WORSE
