"""Whom a choice means: each channel's audience as it stands now, and the same within the choice's limit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.settings import Settings
from dispatcher.usecases.acting.sparing import have_acted
from dispatcher.usecases.audience import (
    Choice,
    Reach,
    last_id_within,
    list_ids,
    match_languages,
    reachable,
    summed,
    tallied,
)
from dispatcher.usecases.grouping import group_column, grouping_for
from dispatcher.usecases.lay_out import Audience
from dispatcher.usecases.segments import condition


def everyone_meant(
    session: Session,
    frozen: Frozen,
    choice: Choice,
    settings: Settings,
    *,
    now: datetime,
    alert_id: int | None = None,
) -> list[Audience]:
    """The choice's channels, each with whoever of its lists has not got the alert yet. Raises UnknownList."""
    ids = list_ids(session, choice.lists)
    within = [condition(session, segment) for segment in choice.segments]
    but_not = [condition(session, segment) for segment in choice.exceptions]
    acted = have_acted(session, settings, frozen.slug, choice, alert_id=alert_id)
    reaches = [
        Reach(
            channel,
            ids,
            alert_id,
            within=or_(*within) if within else None,
            but_not=and_(*but_not) if but_not else None,
            acted=acted,
        )
        for channel in choice.channels
    ]
    return [_audience(session, reach, frozen, choice, settings, now) for reach in reaches]


def within_limit(session: Session, everyone: Sequence[Audience], limit: int | None) -> list[Audience]:
    """The same audiences up to the last of `limit` people; both channels of a person count as one."""
    if limit is None:
        return list(everyone)
    last_id = last_id_within(session, [audience.recipients for audience in everyone], limit)
    return [replace(audience, reach=replace(audience.reach, last_id=last_id)) for audience in everyone]


def _audience(
    session: Session, reach: Reach, frozen: Frozen, choice: Choice, settings: Settings, now: datetime
) -> Audience:
    tally = tallied(session, reachable(reach), group_column(reach.channel))
    languages = match_languages(
        summed(tally, 0),
        frozen.languages_for(reach.channel),
        frozen.default_language,
        fallback=choice.fallback,
    )
    return Audience(reach, languages, grouping_for(reach.channel, summed(tally, 1), settings, now), tally)
