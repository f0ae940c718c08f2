"""Acts that a site reports to us, one by one or many at once: by webhook or API."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.addresses import AddressProblem
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Campaign, UnplacedAct
from dispatcher.rules.actions import ActionHow, Became
from dispatcher.rules.told_moments import may_be, told_moment
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.acting.addressed import address_keys
from dispatcher.usecases.acting.reading import Told
from dispatcher.usecases.acting.reporting import Report, report_all


@dataclass(frozen=True, slots=True)
class Refused:
    """Which of the rows can't be used (the first is 1), and why. It never says what stood there."""

    row: int
    field: str
    problem: str


def campaign_here(session: Session, number: int) -> bool:
    """Whether there is a campaign with this number."""
    return session.scalar(select(Campaign.id).where(Campaign.id == number)) is not None


def take_posted(
    session: Session,
    house: House,
    campaign_id: int,
    posted: Sequence[Told],
    signed_at: datetime | None = None,
) -> int:
    """What a webhook brought; returns how many of the acts could be read.

    An act whose moment can't be read, or can't be, happened when the call was signed, or now: webhooks come
    within minutes.
    """
    now = signed_at or session.scalars(select(db_now())).one()
    reports = []
    for told in posted:
        try:
            email, phone = address_keys(house.keys, told.email, told.phone)
        except AddressProblem:
            continue
        at = _moment(house, told.at)
        reports.append(Report(campaign_id, at if at and may_be(at, now) else now, email, phone))
    _take(session, house, reports)
    return len(reports)


def take_rows(session: Session, house: House, rows: Sequence[tuple[int, Told]]) -> list[Refused]:
    """What the API was given, by campaign; the rows that can't be used. The others are taken."""
    now = session.scalars(select(db_now())).one()
    campaigns = set(session.scalars(select(Campaign.id).where(Campaign.id.in_({one for one, _ in rows}))))
    reports, refused = [], []
    for number, (campaign, told) in enumerate(rows, 1):
        at = _moment(house, told.at) if told.at else now
        field, problem = "", ""
        key: tuple[bytes | None, bytes | None] = (None, None)
        try:
            key = address_keys(house.keys, told.email, told.phone)
        except AddressProblem as error:
            field, problem = "email" if told.email else "phone", str(error)
        if at is None or not may_be(at, now):
            field, problem = "at", "It must be a moment that has been, such as 2026-11-05T20:15:00-06:00."
        if campaign not in campaigns:
            field, problem = "campaign", "There is no campaign with this number."
        if problem or at is None:
            refused.append(Refused(number, field, problem))
        else:
            reports.append(Report(campaign, at, *key))
    _take(session, house, reports)
    return refused


def _moment(house: House, written: str) -> datetime | None:
    return told_moment(written, ZoneInfo(house.settings.org_zone))


def _take(session: Session, house: House, reports: Sequence[Report]) -> None:
    became = report_all(session, house, reports, how=ActionHow.REPORTED, thanks=True)
    nobody = (Became.UNKNOWN, Became.CONFLICT)
    placed = zip(reports, became, strict=True)
    _count(session, [(report.campaign_id, why) for report, why in placed if why in nobody])


def _count(session: Session, unplaced: Collection[tuple[int, Became]]) -> None:
    """Add to the day's counts, in one order, so that two sites can't wait for each other."""
    today = session.scalars(select(db_now())).one().astimezone(UTC).date()
    for (campaign, why), many in sorted(Counter(unplaced).items()):
        row = insert_with_conflicts(session, UnplacedAct).values(
            campaign_id=campaign, day=today, why=why, count=many
        )
        session.execute(
            row.on_conflict_do_update(
                index_elements=[UnplacedAct.campaign_id, UnplacedAct.day, UnplacedAct.why],
                set_={"count": UnplacedAct.count + row.excluded.count},
            )
        )
