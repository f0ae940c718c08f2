"""Campaigns, lists, and how many people did what."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.content.load import load_campaign
from dispatcher.errors import BrokenCampaign, UnknownCampaign
from dispatcher.models import Action, Alert, Campaign, List, Suppression
from dispatcher.usecases.lists import view_lists
from dispatcher.usecases.retention.alerts import is_sensitive


def campaigns_page(
    session: Session, after: int, limit: int, *, named: bool
) -> tuple[list[dict[str, Any]], int | None]:
    """Campaigns that were ever sent or acted on, by number, and the number to go on behind."""
    query = select(Campaign).where(Campaign.id > after).order_by(Campaign.id).limit(limit + 1)
    found = session.scalars(query).all()
    rows = [_campaign(session, one, named=named) for one in found[:limit]]
    return rows, found[limit - 1].id if len(found) > limit else None


def _campaign(session: Session, one: Campaign, *, named: bool) -> dict[str, Any]:
    alerts = session.scalars(select(Alert).where(Alert.campaign_id == one.id).order_by(Alert.id)).all()
    sensitive = _sensitive(session, one, alerts)
    told = named or not sensitive
    return {
        "campaign": one.id,
        "slug": one.slug if told else None,
        "title": one.title if told else None,
        "level": one.level,
        "sensitive": sensitive,
        "alerts": [alert.id for alert in alerts],
    }


def _sensitive(session: Session, one: Campaign, alerts: Sequence[Alert]) -> bool:
    """By its alerts, and by its files; who has neither may be anything."""
    if any(is_sensitive(session, alert) for alert in alerts):
        return True
    try:
        manifest = load_campaign(one.slug).manifest
    except (UnknownCampaign, BrokenCampaign):
        return not alerts
    on_list = select(List.id).where(List.slug.in_(manifest.lists), List.sensitive).limit(1)
    return manifest.sensitive or session.scalar(on_list) is not None


def lists_seen(session: Session, *, named: bool) -> list[dict[str, Any]]:
    """Every list with its numbers, as `dispatch lists ls --json` has it."""
    return [
        {
            "list": one.number,
            "slug": one.slug if named or not one.sensitive else None,
            "public_name": one.public_name if named or not one.sensitive else None,
            "sensitive": one.sensitive,
            "open": one.open,
            "people": {str(channel): number for channel, number in one.people.items()},
            "reachable": {str(channel): number for channel, number in one.reachable.items()},
        }
        for one in sorted(view_lists(session), key=lambda one: one.number)
    ]


def suppressions_counted(session: Session) -> list[dict[str, Any]]:
    """How many addresses mustn't be contacted, by channel and reason."""
    key = (Suppression.channel, Suppression.reason)
    counted = session.execute(select(*key, func.count()).group_by(*key).order_by(*key))
    return [
        {"channel": str(channel), "reason": str(reason), "addresses": number}
        for channel, reason, number in counted
    ]


def actions_counted(session: Session) -> list[dict[str, Any]]:
    """How many people acted for each campaign, and how many acts are known in which way."""
    people = select(Action.campaign_id, func.count(Action.subscriber_id.distinct()))
    ways = select(Action.campaign_id, Action.how, func.count()).group_by(Action.campaign_id, Action.how)
    how: dict[int, dict[str, int]] = {}
    for campaign, way, number in session.execute(ways):
        how.setdefault(campaign, {})[str(way)] = number
    counted = session.execute(people.group_by(Action.campaign_id).order_by(Action.campaign_id))
    return [{"campaign": campaign, "people": number, "acts": how[campaign]} for campaign, number in counted]
