"""When a text that nobody is waiting for may arrive."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.addresses import quiet_zones_for
from dispatcher.models import Subscriber


def quiet_zones_of(session: Session, address_key: bytes, number: str) -> str:
    """Where the people of this number may be, or what the number tells of somebody we don't know."""
    of_people = select(Subscriber.quiet_zones).where(
        Subscriber.phone_key == address_key, Subscriber.quiet_zones.is_not(None)
    )
    known = sorted({zones for zones in session.scalars(of_people) if zones})
    return ",".join(known) or quiet_zones_for(None, None, number)
