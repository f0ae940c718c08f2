"""Who has acted for a campaign, in numbers: by day and by how we know. No names."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from dispatcher.models import Action, ActionBatch, UnplacedAct
from dispatcher.rules.actions import ActionHow, Became, day_of


@dataclass(frozen=True, slots=True)
class ActsBatch:
    """One file that acts of the campaign came from."""

    id: int
    file_name: str
    counts: dict[str, int]
    created_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class ActsTally:
    """One campaign's acts. `unplaced`: reports of nobody whom we know, and of two people at once."""

    people: int
    days: dict[tuple[date, ActionHow], int]
    unplaced: dict[Became, int]
    batches: tuple[ActsBatch, ...]


def tally_acts(session: Session, campaign_id: int, zone: ZoneInfo) -> ActsTally:
    """Count a campaign's acts, by the organisation's days, the newest first."""
    people = select(func.count(Action.subscriber_id.distinct())).where(Action.campaign_id == campaign_id)
    acts = session.execute(select(Action.at, Action.how).where(Action.campaign_id == campaign_id))
    days = Counter((day_of(at, zone).date(), how) for at, how in acts)
    unplaced = session.execute(
        select(UnplacedAct.why, func.sum(UnplacedAct.count))
        .where(UnplacedAct.campaign_id == campaign_id)
        .group_by(UnplacedAct.why)
        .order_by(UnplacedAct.why)
    )
    of_campaign = exists().where(Action.batch_id == ActionBatch.id, Action.campaign_id == campaign_id)
    files = session.scalars(select(ActionBatch).where(of_campaign).order_by(ActionBatch.id.desc()))
    return ActsTally(
        session.scalar(people) or 0,
        dict(sorted(days.items(), key=lambda pair: (pair[0][0], pair[0][1]), reverse=True)),
        {why: int(number) for why, number in unplaced},
        tuple(
            ActsBatch(one.id, one.file_name, json.loads(one.counts), one.created_at, one.undone_at)
            for one in files
        ),
    )
