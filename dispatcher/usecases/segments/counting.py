"""How many people a segment means, and how many of them each channel could reach."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.models import List, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.usecases.audience import Reach, agreed, suppressed
from dispatcher.usecases.segments.compiling import wanted


@dataclass(frozen=True, slots=True)
class Count:
    """`reachable`: who agreed to some list by the channel, and isn't suppressed there."""

    people: int
    reachable: Mapping[Channel, int]


def count_people(session: Session, text: str) -> Count:
    """Count whom an expression, or a saved segment, means. Raises WrongSegment."""
    inside = wanted(session, text)
    every_list = tuple(session.scalars(select(List.id)))
    people = select(func.count()).select_from(Subscriber).where(inside)
    reachable = {}
    for channel in Channel:
        may_be = (agreed(Reach(channel, every_list)), ~suppressed(channel))
        reachable[channel] = session.scalar(people.where(*may_be)) or 0
    return Count(session.scalar(people) or 0, reachable)
