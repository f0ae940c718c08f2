"""The lists that people join: adding one, and how many people each reaches."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import ListExists, UnknownList, WrongListName
from dispatcher.models import List
from dispatcher.rules.alert import Channel
from dispatcher.usecases.audience import Reach, consenting, count, reachable

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class ListView:
    """One list as staff see it. `people` agreed and have not left; `reachable` aren't suppressed either.

    `open`: people may join by themselves, on the page of its number.
    """

    number: int
    slug: str
    public_name: str
    sensitive: bool
    open: bool
    created_at: datetime
    people: Mapping[Channel, int]
    reachable: Mapping[Channel, int]


def add_list(
    session: Session, slug: str, public_name: str, *, sensitive: bool = False, is_open: bool = False
) -> List:
    """Make a list. Only its public name ever leaves the house. Raises WrongListName or ListExists."""
    if not _SLUG.fullmatch(slug):
        raise WrongListName(slug=slug)
    if session.scalars(select(List.id).where(List.slug == slug)).first() is not None:
        raise ListExists(slug=slug)
    made = List(slug=slug, public_name=" ".join(public_name.split()), sensitive=sensitive, open=is_open)
    session.add(made)
    session.flush()
    return made


def open_list(session: Session, slug: str, *, is_open: bool) -> None:
    """Let people join the list by themselves, or no longer. UnknownList when there is none of that name."""
    require_list(session, slug).open = is_open
    session.flush()


def require_list(session: Session, slug: str) -> List:
    """The list of this name; UnknownList says which one may have been meant."""
    found = session.scalars(select(List).where(List.slug == slug)).first()
    if found is not None:
        return found
    known = sorted(session.scalars(select(List.slug)))
    close = difflib.get_close_matches(slug, known, n=1)
    if close:
        suggestion = f"Did you mean {close[0]}?"
    else:
        there = f"There are: {', '.join(known)}. " if known else ""
        suggestion = f"{there}Add it with `dispatch lists add {slug}`."
    raise UnknownList(slug=slug, suggestion=suggestion)


def view_list(session: Session, slug: str) -> ListView:
    """One list with its numbers; UnknownList when there is none of that name."""
    return _view(session, require_list(session, slug))


def view_lists(session: Session) -> list[ListView]:
    """Every list with its numbers, by name."""
    lists = sorted(session.scalars(select(List)), key=lambda one: one.slug)
    return [_view(session, one) for one in lists]


def _view(session: Session, one: List) -> ListView:
    reaches = {channel: Reach(channel, (one.id,)) for channel in Channel}
    return ListView(
        one.id,
        one.slug,
        one.public_name,
        one.sensitive,
        one.open,
        one.created_at,
        people={channel: count(session, consenting(reach)) for channel, reach in reaches.items()},
        reachable={channel: count(session, reachable(reach)) for channel, reach in reaches.items()},
    )
