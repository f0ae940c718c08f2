"""The campaign that somebody acted on, by its number."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.load import load_campaign
from dispatcher.db import db_now
from dispatcher.models import Campaign
from dispatcher.sql import insert_with_conflicts

ACTIONS_PATH = "/actions"  # then the campaign's number; sites post there


def campaign_to_act_on(session: Session, slug: str) -> int:
    """The campaign's number; made where it was never sent: people act before we write to them, too.

    Raises UnknownCampaign.
    """
    found = session.scalar(select(Campaign.id).where(Campaign.slug == slug))
    if found is not None:
        return found
    manifest = load_campaign(slug).manifest
    row = insert_with_conflicts(session, Campaign).values(
        slug=slug, title=manifest.title, level=manifest.level, created_at=db_now()
    )
    session.execute(row.on_conflict_do_nothing())
    return session.scalars(select(Campaign.id).where(Campaign.slug == slug)).one()
