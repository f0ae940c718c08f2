"""A correction: the campaign's files as they are now, looked over and frozen for an alert that is running."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.content.load import load_campaign
from dispatcher.db import db_now
from dispatcher.models import Alert, Campaign
from dispatcher.settings import Settings
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.look_over import look_over
from dispatcher.usecases.organisation import organisation_of


def corrected_content(session: Session, settings: Settings, alert_id: int) -> Frozen:
    """The alert's campaign as its files say now. Raises BrokenCampaign when they aren't whole, or wrong."""
    alert = session.get_one(Alert, alert_id)
    source = load_campaign(session.get_one(Campaign, alert.campaign_id).slug)
    organisation = organisation_of(settings, practice=alert.practice)
    now = session.scalars(select(db_now())).one()
    return look_over(source, organisation, Choice.from_json(alert.audience).channels, now)[0]
