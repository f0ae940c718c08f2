"""What the organisation's own site asks for somebody, by the numbers under which it knows our lists."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import UnknownList
from dispatcher.models import List
from dispatcher.rules.alert import Channel
from dispatcher.usecases.joining.open_lists import offers
from dispatcher.usecases.leave import leave
from dispatcher.usecases.leave_everything import leave_by_address


def lists_meant(session: Session, numbers: Sequence[int]) -> tuple[int, ...]:
    """The lists behind these numbers: people may know several by one name, and one number stands for them."""
    named = {one.number: one.list_ids for one in offers(session)}
    return tuple(sorted({each for number in numbers for each in named.get(number, (number,))}))


def take_leave(
    session: Session, channel: Channel, address_key: bytes, source: str, numbers: Sequence[int] | None
) -> None:
    """An address leaves these lists, or everything. Raises UnknownList for a number that isn't a list's."""
    if numbers is None:
        leave_by_address(session, channel, address_key, source)
        return
    meant = lists_meant(session, numbers)
    there = set(session.scalars(select(List.id).where(List.id.in_(meant))))
    if missing := set(meant) - there:
        raise UnknownList(slug=str(min(missing)), suggestion="See GET /api/v1/lists.")
    leave(session, channel, address_key, source, list_ids=meant)
