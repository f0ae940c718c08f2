"""Alerts that were sent after the moment that a database was put back to: nobody knows any more to whom.

They must not be sent again by themselves: an alert that the database doesn't have comes back as cancelled, so
that only `dispatch send --again` opens the campaign's next one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Campaign
from dispatcher.rules.alert import AlertState
from dispatcher.rules.journal import Entry, LaidOut, facts_of
from dispatcher.usecases.journal.names import opened
from dispatcher.usecases.restoring.holding import day, hold
from dispatcher.usecases.steer import cancel


@dataclass(frozen=True, slots=True)
class LostAlert:
    """What is known of messages that the database lost: `alert_id` is the alert's number now."""

    alert_id: int
    campaign: str
    name: str
    practice: bool
    messages: int
    at: datetime


def replay_laid_out(session: Session, entries: Iterable[Entry]) -> list[LostAlert]:
    """Hold back every alert whose messages these entries say were made, and the database doesn't have."""
    lost: dict[tuple[int, str], tuple[LaidOut, datetime]] = {}
    for entry in entries:
        for fact in map(opened, facts_of([entry], LaidOut)):
            before = lost[fact.which][0].messages if fact.which in lost else 0
            lost[fact.which] = replace(fact, messages=before + fact.messages), entry.at
    return [_hold_back(session, fact, at) for fact, at in lost.values()]


def _hold_back(session: Session, fact: LaidOut, at: datetime) -> LostAlert:
    alert = _the_same(session, fact) or _of_that_name(session, fact) or _brought_back(session, fact)
    made = f"On {day(at)} {fact.messages:,} messages were made for it that this database has lost."
    if alert.laid_out_at is None and alert.state is not AlertState.CANCELLED:
        cancel(session, alert.id, f"{made} Who got it isn't known: open the next one with --again NAME.")
        alert.laid_out_at = at
    elif alert.state in (AlertState.RUNNING, AlertState.PAUSED):
        reason = f"{made} `dispatch send` would make them again: open the next one with --again NAME."
        hold(session, alert.id, f"{reason} {alert.state_reason}"[:500])
    session.flush()
    return LostAlert(alert.id, fact.campaign, fact.name, fact.practice, fact.messages, at)


def _the_same(session: Session, fact: LaidOut) -> Alert | None:
    alert = session.get(Alert, fact.alert_id)
    return alert if alert is not None and alert.created_at.isoformat() == fact.created_at else None


def _of_that_name(session: Session, fact: LaidOut) -> Alert | None:
    """An alert that was opened in its place since."""
    return session.scalars(
        select(Alert)
        .join(Campaign)
        .where(Campaign.slug == fact.campaign, Alert.practice == fact.practice, Alert.name == fact.name)
    ).one_or_none()


def _brought_back(session: Session, fact: LaidOut) -> Alert:
    campaign = session.scalars(select(Campaign).where(Campaign.slug == fact.campaign)).one_or_none()
    if campaign is None:  # its next sending gives it the title and level of its files
        campaign = Campaign(slug=fact.campaign, title=fact.campaign, level="")
        session.add(campaign)
        session.flush()
    free = session.get(Alert, fact.alert_id) is None
    alert = Alert(
        id=fact.alert_id if free else None,
        campaign_id=campaign.id,
        name=fact.name,
        state=AlertState.SCHEDULED,
        state_reason="",
        practice=fact.practice,
        created_at=datetime.fromisoformat(fact.created_at),
    )
    session.add(alert)
    session.flush()
    return alert
