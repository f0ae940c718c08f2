"""Who will get what, before anybody is asked: numbers only, nothing is changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, union
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.rules.alert import Channel
from dispatcher.rules.daily import day_ends, last_departure
from dispatcher.rules.schedule import Departures, departures
from dispatcher.rules.text_cost import TextCost, in_all
from dispatcher.settings import Settings
from dispatcher.usecases.audience import Choice, summed
from dispatcher.usecases.choosing import everyone_meant, within_limit
from dispatcher.usecases.daily import left_today
from dispatcher.usecases.grouping import hours_for
from dispatcher.usecases.lay_out import Audience
from dispatcher.usecases.left_out import left_out
from dispatcher.usecases.text_costs import TextCosts


@dataclass(frozen=True, slots=True)
class ChannelSurvey:
    """One channel: who gets it by language, who is left out and why, and when it leaves."""

    audience: Audience
    people: Mapping[str, int]  # the edition's language -> people
    left_out: Mapping[str, int]  # reason -> people
    texts: Mapping[str, TextCost]  # the edition's language -> what its texts take; of emails nothing
    departures: Departures | None
    left_today: int | None = None  # emails, or segments, where a day has a limit

    @property
    def total(self) -> int:
        return sum(self.people.values())

    @property
    def segments(self) -> int:
        """Of all texts; of emails 0."""
        return in_all(self.texts.values()).segments


@dataclass(frozen=True, slots=True)
class Survey:
    """Every channel of one alert."""

    channels: Mapping[Channel, ChannelSurvey] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(channel.total for channel in self.channels.values())


def survey(
    session: Session,
    frozen: Frozen,
    choice: Choice,
    settings: Settings,
    *,
    now: datetime,
    alert_id: int | None = None,
) -> Survey:
    """Look at everybody whom this choice means, and reckon their texts."""
    everyone = everyone_meant(session, frozen, choice, settings, now=now, alert_id=alert_id)
    chosen = within_limit(session, everyone, choice.limit)
    return Survey(
        {
            audience.reach.channel: _look_at(session, whole, audience, settings, now, frozen)
            for whole, audience in zip(everyone, chosen, strict=True)
        }
    )


def people_reached(session: Session, surveyed: Survey) -> int:
    """How many people get a message, by whichever channel."""
    if len(surveyed.channels) == 1:
        return surveyed.total
    everyone = union(*(part.audience.recipients for part in surveyed.channels.values())).subquery()
    return session.scalar(select(func.count()).select_from(everyone)) or 0


def _look_at(
    session: Session,
    everyone: Audience,
    audience: Audience,
    settings: Settings,
    now: datetime,
    frozen: Frozen,
) -> ChannelSurvey:
    channel, tally = audience.reach.channel, audience.tally_of_recipients(session)
    people: dict[str, int] = {}
    for reader, number in summed(tally, 0).items():
        language = audience.languages.written_in[reader]
        people[language] = people.get(language, 0) + number
    recipients = sum(people.values())
    texts: Mapping[str, TextCost] = {}
    if channel is Channel.SMS:
        texts = TextCosts(settings, frozen, at=now).by_language(session, audience, people)
    units = in_all(texts.values()).segments if channel is Channel.SMS else recipients
    mean = units / max(1, recipients)
    left = left_today(session, settings, channel, at=now)
    leaving = _departures(channel, {value: n * mean for value, n in summed(tally, 1).items()}, settings, now)
    return ChannelSurvey(
        audience,
        people,
        left_out(session, everyone, audience, recipients),
        texts,
        leaving and _by_the_day(leaving, units, left, channel, settings),
        left,
    )


def _departures(
    channel: Channel, units: Mapping[str, float], settings: Settings, now: datetime
) -> Departures | None:
    """At the provider's limit and in the hours of texts; a limited domain's also at its own limit."""
    whole = departures(units, settings.rate(channel), now, hours_for(channel, settings))
    if whole is None or channel is Channel.SMS:
        return whole
    limited = [
        departures({domain: units[domain]}, rate, now)
        for domain, rate in settings.domain_rates.items()
        if domain in units
    ]
    return Departures(whole.first, max(lane.last for lane in (whole, *limited) if lane))


def _by_the_day(
    leaving: Departures, units: float, left: int | None, channel: Channel, settings: Settings
) -> Departures:
    """The same where a day has a limit: what doesn't fit into today leaves on the days after."""
    allowed = settings.daily(channel)
    if allowed is None or left is None or units <= left:
        return leaving
    zone, takes = settings.daily_zone, leaving.last - leaving.first
    last = last_departure(units, left, allowed, leaving.first, zone, takes=takes)
    return Departures(leaving.first if left else day_ends(leaving.first, zone), max(leaving.last, last))
