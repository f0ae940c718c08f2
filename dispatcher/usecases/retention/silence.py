"""Numbers that nobody has heard of for a year: on sensitive lists they are asked, and taken off.

A number changes hands. A stranger who gets texts for a list such as `daca` learns who had it before.
"""

from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import LastHeard
from dispatcher.rules.alert import Channel
from dispatcher.sql import insert_with_conflicts


def heard_from(session: Session, channel: Channel, address_key: bytes) -> None:
    """Somebody at this address gave a sign of life: a text to us, a sign-up, a look at their choices."""
    row = insert_with_conflicts(session, LastHeard).values(
        channel=channel, address_key=address_key, heard_at=db_now(), question_left=False
    )
    session.execute(
        row.on_conflict_do_update(
            index_elements=[LastHeard.channel, LastHeard.address_key],
            set_={"heard_at": row.excluded.heard_at, "asked_at": None, "question_left": False},
        )
    )
