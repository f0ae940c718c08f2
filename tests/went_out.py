"""Alerts of the small campaign that have gone out, without a worker."""

from pathlib import Path
from typing import Any

from campaigns import frozen_campaign, opening, send, write_campaign
from sqlalchemy import update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert
from dispatcher.rules.alert import Channel

BOTH = (Channel.EMAIL, Channel.SMS)


def alert_that_went_out(
    house: House, folder: Path, slug: str = "budget", *, on: tuple[Channel, ...] = BOTH, **given: Any
) -> int:
    """Open an alert of a campaign of this name (written first, where it isn't there); returns its id."""
    if not (folder / "templates" / "campaigns" / slug).is_dir():
        write_campaign(folder, slug, languages=("en", "es"))
    opened = send(house, opening(frozen_campaign(slug), **given))
    served = {f"{channel}_served_at": db_now() for channel in on}
    with house.db.transaction() as session:
        session.execute(
            update(Alert).where(Alert.id == opened.alert_id).values(served | {"laid_out_at": db_now()})
        )
    return opened.alert_id
