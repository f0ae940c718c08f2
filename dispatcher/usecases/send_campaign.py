"""`dispatch send`: look everything over, say who will get what, and then open or continue the alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.channels.choose import choose_sender
from dispatcher.content.check import Finding
from dispatcher.content.frozen import Frozen
from dispatcher.content.load import load_campaign
from dispatcher.house import House
from dispatcher.models import Campaign
from dispatcher.rules.alert import Channel
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.journal import refuse_older_database
from dispatcher.usecases.look_over import look_over
from dispatcher.usecases.open_alert import Opened, Opening, find_alert, open_alert, refuse_to_continue
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.readiness import refuse_not_ready
from dispatcher.usecases.samples import sample_segments
from dispatcher.usecases.survey import Survey, people_reached, survey


@dataclass(frozen=True, slots=True)
class Request:
    """What staff typed after `dispatch send`."""

    slug: str
    channels: tuple[Channel, ...] = ()  # none: the campaign's
    lists: tuple[str, ...] = ()  # none: the campaign's
    limit: int | None = None
    starts_at: datetime | None = None
    again: str | None = None
    fallback: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen: shown before the question, carried out after it."""

    opening: Opening
    survey: Survey
    people: int  # who get it by any channel
    warnings: tuple[Finding, ...]  # of the content, for staff to read first
    senders: Mapping[Channel, str]  # by name, for staff
    database: str
    alert_id: int | None  # the alert that would be continued

    @property
    def frozen(self) -> Frozen:
        return self.opening.frozen

    @property
    def last_departure(self) -> datetime | None:
        """When the last message of all channels leaves, at the limits and in the window."""
        ends = [c.departures.last for c in self.survey.channels.values() if c.departures]
        return max(ends, default=None)

    @property
    def misses_deadline(self) -> bool:
        deadline, last = self.frozen.deadline, self.last_departure
        return deadline is not None and last is not None and last > deadline


def plan(house: House, request: Request) -> Plan:
    """Look over campaign, senders, pages and audience; nothing is changed and nobody is written to.

    Raises what makes sending impossible or unsafe, in the words of its error.
    """
    settings = house.settings
    refuse_older_database(house)
    source = load_campaign(request.slug)
    channels = request.channels or source.manifest.channels
    senders = {channel: choose_sender(settings, channel) for channel in channels}
    practice = all(sender.practice for sender in senders.values())
    now = request.starts_at or house.db.now()
    frozen, warnings = look_over(source, organisation_of(settings, practice=practice), channels, now)
    refuse_not_ready(settings, senders)
    opening = Opening(
        frozen=frozen,
        choice=Choice(channels, request.lists or source.manifest.lists, request.fallback, request.limit),
        again=request.again,
        starts_at=request.starts_at,
        practice=practice,
        practice_channels=",".join(c for c, sender in senders.items() if sender.practice and not practice),
    )
    with house.db.reading() as session:
        alert_id = _continued(session, opening)
        seen = survey(
            session,
            frozen,
            opening.choice,
            settings,
            now=now,
            alert_id=alert_id,
            sample_segments=sample_segments(frozen, settings.public_url),
        )
        people = people_reached(session, seen)
    names = {channel: sender.name for channel, sender in senders.items()}
    return Plan(opening, seen, people, warnings, names, house.db.shown, alert_id)


def carry_out(house: House, planned: Plan) -> Opened:
    """Do what was planned, in one transaction, with a fresh look at everybody.

    Wake the workers afterwards.
    """
    with house.db.transaction() as session:
        return open_alert(session, house.settings, planned.opening)


def _continued(session: Session, opening: Opening) -> int | None:
    """The alert that this would continue, refusing now what would be refused afterwards."""
    campaign_id = session.scalar(select(Campaign.id).where(Campaign.slug == opening.frozen.slug))
    if campaign_id is None:
        return None
    alert = find_alert(session, campaign_id, opening, lock=False)
    if alert is None:
        return None
    refuse_to_continue(session, alert, opening)
    return alert.id
