"""`dispatch send`: look everything over, say who will get what, and then open or continue the alert."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

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
from dispatcher.usecases.people_wanted import people_wanted
from dispatcher.usecases.readiness import refuse_not_ready
from dispatcher.usecases.reputation_findings import reputation_findings
from dispatcher.usecases.sign_offs import SignedOff, signed_off
from dispatcher.usecases.survey import Survey, people_reached, survey
from dispatcher.usecases.text_audience import text_facts


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
    without: tuple[str, ...] = ()  # languages that are left out, as if their folders weren't there
    segment: str | None = None  # an expression; none: the alert's own, where one goes on
    exception: str | None = None  # likewise
    include_acted: bool = False  # who has acted already gets it, too


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen: shown before the question, carried out after it."""

    opening: Opening
    survey: Survey
    people: int  # who get it by any channel
    warnings: tuple[Finding, ...]  # of the content, and of what came back of the last alerts
    senders: Mapping[Channel, str]  # by name, for staff
    database: str
    alert_id: int | None  # the alert that would be continued
    sign_offs: tuple[SignedOff, ...] = ()  # of the languages that somebody gets

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
    source = load_campaign(request.slug).without(request.without)
    channels = request.channels or source.manifest.channels
    senders = {channel: choose_sender(settings, channel) for channel in channels}
    practice = all(sender.practice for sender in senders.values())
    now = request.starts_at or house.db.now()
    lists = request.lists or source.manifest.lists
    with house.db.reading() as session:
        meant = people_wanted(
            session,
            request.slug,
            practice=practice,
            again=request.again,
            segment=request.segment,
            exception=request.exception,
        )
    since = source.manifest.acted_since
    acted = (request.include_acted, since.isoformat() if since else None)
    choice = Choice(channels, lists, request.fallback, request.limit, *meant, *acted)
    told = partial(text_facts, house, choice=choice, at=now) if Channel.SMS in channels else None
    frozen, warnings = look_over(source, organisation_of(settings, practice=practice), channels, now, told)
    refuse_not_ready(settings, senders)
    opening = Opening(
        frozen=frozen,
        choice=choice,
        again=request.again,
        starts_at=request.starts_at,
        practice=practice,
        practice_channels=",".join(c for c, sender in senders.items() if sender.practice and not practice),
    )
    with house.db.reading() as session:
        alert_id = _continued(session, opening)
        seen = survey(session, frozen, opening.choice, settings, now=now, alert_id=alert_id)
        people = people_reached(session, seen)
        parts = seen.channels.items()
        read = [one for channel, part in parts for one in signed_off(session, frozen, channel, part.people)]
        real = [channel for channel, sender in senders.items() if not sender.practice]
        came_back = tuple(reputation_findings(session, frozen.slug, real))
    names = {channel: sender.name for channel, sender in senders.items()}
    findings = (*warnings, *came_back)
    return Plan(opening, seen, people, findings, names, house.db.shown, alert_id, tuple(read))


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
