"""Write down that people did what a campaign asked for: by their addresses, whoever has them here."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.load import load_campaign
from dispatcher.db import db_now
from dispatcher.keyring import Keyring
from dispatcher.models import Action, Campaign
from dispatcher.rules.actions import ActionHow
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.find_subscriber import find_subscribers


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many people the address means, and for how many of them the act is news."""

    people: int
    new: int


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


def record_action(
    session: Session, keys: Keyring, campaign_id: int, who: str, *, at: datetime, how: ActionHow
) -> Recorded:
    """Record one act. A phone that a family shares means all of them: better one asked too seldom.

    The same act at the same moment is recorded once. Raises UnknownSubscriber or InvalidAddress.
    """
    people = find_subscribers(session, keys, who)
    new = 0
    for person in people:
        row = insert_with_conflicts(session, Action).values(
            campaign_id=campaign_id, subscriber_id=person.id, at=at, how=how
        )
        added = session.scalars(row.on_conflict_do_nothing().returning(Action.subscriber_id))
        new += added.first() is not None
    return Recorded(len(people), new)
