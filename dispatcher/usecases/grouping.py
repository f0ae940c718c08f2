"""How a channel's audience falls into groups: email by lane (domain), texts by when they may arrive."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, func

from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import Window, next_open
from dispatcher.rules.rates import Rate
from dispatcher.settings import Settings
from dispatcher.usecases.lay_out import OTHERS, Group, Grouping

# Recipients from which a domain gets a lane of its own, so that its slowness delays nobody else.
_FREQUENT = 500
_MOST_LANES = 12


def group_column(channel: Channel) -> ColumnElement[str]:
    """What a channel's messages are grouped by."""
    if channel is Channel.EMAIL:
        return func.coalesce(Subscriber.email_domain, "")
    return func.coalesce(Subscriber.quiet_zones, "")


def grouping_for(channel: Channel, people: Mapping[str, int], settings: Settings, now: datetime) -> Grouping:
    """The groups of one channel's audience: `people` by the values of its column."""
    if channel is Channel.EMAIL:
        return by_domain(people, settings.domain_rates, now)
    return by_hours(people, settings, now)


def by_domain(people: Mapping[str, int], limits: Mapping[str, Rate], now: datetime) -> Grouping:
    """A lane for every limited domain and for the most frequent ones; the rest share one."""
    frequent = sorted((n, domain) for domain, n in people.items() if n >= _FREQUENT and domain not in limits)
    lanes = [*(d for d in limits if d in people), *(d for _, d in frequent[-_MOST_LANES:])]
    groups = {domain: Group(domain, now) for domain in lanes}
    return Grouping(group_column(Channel.EMAIL), groups, Group(OTHERS, now))


def by_hours(people: Mapping[str, int], settings: Settings, now: datetime) -> Grouping:
    """Texts go when the recipient's window is open; practice ones at any time, they reach nobody.

    A person whose possible zones share no hour at all is left out: such a text would come at night for one
    of them.
    """
    column, window = group_column(Channel.SMS), hours_for(Channel.SMS, settings)
    opens = {zones: next_open(now, zones or None, window) for zones in people}
    groups = {zones: Group(OTHERS, at) for zones, at in opens.items() if at and at > now}
    never = frozenset(zones for zones, at in opens.items() if at is None)
    return Grouping(column, groups, Group(OTHERS, now), never)


def hours_for(channel: Channel, settings: Settings) -> Window | None:
    """The hours in which this channel's messages may arrive; None where there are none to respect."""
    practice = settings.service(channel).scheme == "outbox"
    return None if channel is Channel.EMAIL or practice else settings.sms_window
