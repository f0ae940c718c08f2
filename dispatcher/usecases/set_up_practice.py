"""Set the practice house up: the campaigns' lists, and two hundred people who don't exist."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from dispatcher.content.load import list_campaigns
from dispatcher.errors import RealPeopleHere
from dispatcher.keyring import Keyring
from dispatcher.models import List, Subscriber
from dispatcher.rules.reserved import PRACTICE_DOMAIN
from dispatcher.usecases.practice_people import add_practice_people

PUBLIC_NAME = "ICIRR alerts"


def set_up_practice(session: Session, keys: Keyring, where: str) -> tuple[int, int]:
    """Make what is missing; returns how many people were added now, and how many campaigns there are.

    Raises RealPeopleHere when anybody in this database isn't made up.
    """
    foreign = or_(Subscriber.email_domain.is_(None), Subscriber.email_domain != PRACTICE_DOMAIN)
    if session.scalar(select(exists().where(foreign))):
        raise RealPeopleHere(where=where)
    campaigns = [listed.source for listed in list_campaigns() if listed.source]
    known = set(session.scalars(select(List.slug)))
    sensitive = {
        slug: campaign.manifest.sensitive for campaign in campaigns for slug in campaign.manifest.lists
    }
    for slug in sorted(sensitive.keys() - known):
        session.add(List(slug=slug, public_name=PUBLIC_NAME, sensitive=sensitive[slug], open=True))
    session.flush()
    ids = session.scalars(select(List.id).where(List.slug.in_(sensitive)).order_by(List.id)).all()
    return add_practice_people(session, keys, ids), len(campaigns)
