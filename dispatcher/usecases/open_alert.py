"""Open a campaign's alert or continue it, freeze its edition, and lay out its audience: one transaction."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.db import db_now
from dispatcher.errors import AlertNotRunning, ContentChanged, SenderChanged, StartsOtherwise
from dispatcher.models import Alert, Campaign, Edition
from dispatcher.rules.alert import AlertState
from dispatcher.settings import Settings
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.choosing import everyone_meant, within_limit
from dispatcher.usecases.journal.noting import note_laid_out
from dispatcher.usecases.lay_out import lay_out
from dispatcher.usecases.short_links import make_short_links


@dataclass(frozen=True, slots=True)
class Opening:
    """What `dispatch send` was asked for, once it is decided."""

    frozen: Frozen
    choice: Choice
    again: str | None  # the name of the alert to open beside the earlier ones
    starts_at: datetime | None
    practice: bool
    practice_channels: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The alert, and how many messages this command added to it (0 when everybody had one)."""

    alert_id: int
    added: int


def open_alert(session: Session, settings: Settings, opening: Opening) -> Opened:
    """Open or continue.

    Of two at the same moment the second waits for the first, then finds nobody missing.
    """
    campaign = locked_campaign(session, opening.frozen)
    alert = find_alert(session, campaign.id, opening, lock=True)
    if alert is None:
        alert = _new_alert(session, settings, campaign, opening)
    else:
        refuse_to_continue(session, alert, opening)
        merged = Choice.from_json(alert.audience).joined_with(opening.choice)
        alert.audience = merged.to_json()
    session.flush()
    if alert.state is AlertState.SCHEDULED:
        return Opened(alert.id, 0)
    return Opened(alert.id, _lay_out(session, settings, alert, opening.frozen, opening.choice))


def lay_out_scheduled(session: Session, settings: Settings, alert_id: int) -> int:
    """The time of an alert that was opened with --at has come; returns how many messages were laid out."""
    alert = session.get_one(Alert, alert_id)
    session.execute(select(Campaign).where(Campaign.id == alert.campaign_id).with_for_update())
    session.refresh(alert, with_for_update=True)
    if alert.state is not AlertState.SCHEDULED:
        return 0  # another worker was quicker, or somebody paused it
    alert.state = AlertState.RUNNING
    return _lay_out(session, settings, alert, edition_of(session, alert), Choice.from_json(alert.audience))


def locked_campaign(session: Session, frozen: Frozen) -> Campaign:
    """The campaign's row, made where it is missing, locked until the transaction ends."""
    by_slug = select(Campaign).where(Campaign.slug == frozen.slug).with_for_update()
    campaign = session.scalars(by_slug).one_or_none()
    if campaign is None:
        _insert_ignoring_a_quicker_one(session, frozen)
        campaign = session.scalars(by_slug).one()
    campaign.title, campaign.level = frozen.title, frozen.level
    return campaign


def _insert_ignoring_a_quicker_one(session: Session, frozen: Frozen) -> None:
    row = insert_with_conflicts(session, Campaign).values(
        slug=frozen.slug, title=frozen.title, level=frozen.level, created_at=db_now()
    )
    session.execute(row.on_conflict_do_nothing())


def find_alert(session: Session, campaign_id: int, opening: Opening, *, lock: bool) -> Alert | None:
    """The alert that a `send` continues: the one that --again names, else the campaign's newest."""
    query = select(Alert).where(Alert.campaign_id == campaign_id, Alert.practice == opening.practice)
    if opening.again is not None:
        query = query.where(Alert.name == opening.again)
    query = query.order_by(Alert.id.desc()).limit(1)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def refuse_to_continue(session: Session, alert: Alert, opening: Opening) -> None:
    """Only a running or scheduled alert goes on by `send`: with its content, start and kind of senders."""
    if alert.state not in (AlertState.RUNNING, AlertState.SCHEDULED):
        raise AlertNotRunning(alert=alert.id, state=alert.state, way_on=way_on(alert))
    if opening.starts_at not in (None, alert.starts_at):
        raise StartsOtherwise(alert=alert.id, state=alert.state)
    if alert.practice_channels != opening.practice_channels:
        raise SenderChanged(
            alert=alert.id, before=alert.practice_channels or "no channel", slug=opening.frozen.slug
        )
    kept = edition_of(session, alert)
    if kept.sha256 != opening.frozen.sha256:
        lines = "\n".join(f"  {line}" for line in kept.differences(opening.frozen))
        raise ContentChanged(slug=opening.frozen.slug, alert=alert.id, differences=f"\n{lines}\n")


def way_on(alert: Alert) -> str:
    """What can be done about an alert in its state."""
    if alert.state is AlertState.PAUSED:
        return f"Go on with `dispatch resume {alert.id}`."
    if alert.state is AlertState.CLOSED:
        return (
            "Its messages were deleted, so nobody knows any more who got it. Open the next one with "
            "`dispatch send --campaign ... --again NAME`."
        )
    if alert.state is AlertState.CANCELLED:
        return "It stays so. Open the next one with `dispatch send --campaign ... --again NAME`."
    return "It is being sent: see `dispatch status`."


def edition_of(session: Session, alert: Alert) -> Frozen:
    """The content that new messages of this alert carry."""
    content = session.scalars(
        select(Edition.content).where(Edition.alert_id == alert.id, Edition.number == alert.edition_number)
    ).one()
    return Frozen.from_json(content)


def add_edition(session: Session, settings: Settings, alert: Alert, frozen: Frozen, number: int) -> None:
    """Keep a frozen version of the content; messages name it by its number."""
    content = frozen.to_json()
    edition = Edition(alert_id=alert.id, number=number, sha256=frozen.sha256, content=content)
    session.add(edition)
    session.flush()
    make_short_links(session, settings, edition.id, frozen)


def _new_alert(session: Session, settings: Settings, campaign: Campaign, opening: Opening) -> Alert:
    alert = Alert(
        campaign_id=campaign.id,
        name=opening.again or "",
        state=AlertState.SCHEDULED if opening.starts_at else AlertState.RUNNING,
        state_reason="",
        practice=opening.practice,
        practice_channels=opening.practice_channels,
        edition_number=1,
        audience=opening.choice.to_json(),
        chunk_count=0,
        starts_at=opening.starts_at,
        deadline=opening.frozen.deadline,
    )
    session.add(alert)
    session.flush()
    add_edition(session, settings, alert, opening.frozen, 1)
    return alert


def _lay_out(session: Session, settings: Settings, alert: Alert, frozen: Frozen, choice: Choice) -> int:
    now = session.scalars(select(db_now())).one()
    alert.laid_out_at = alert.laid_out_at or now
    everyone = everyone_meant(session, frozen, choice, settings, now=now, alert_id=alert.id)
    chosen = within_limit(session, everyone, choice.limit)
    added = sum([lay_out(session, alert, audience, settings.chunk_size) for audience in chosen])
    if added:
        note_laid_out(session, alert, added)
    return added
