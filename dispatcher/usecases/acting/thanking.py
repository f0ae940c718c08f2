"""Thank who has acted: once an occasion, by what they agreed to, in words that name no campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from dispatcher.content.load import load_campaign
from dispatcher.db import db_now
from dispatcher.errors import DispatchError
from dispatcher.keyring import Keyring
from dispatcher.models import Action, Campaign, List, Notice, Subscriber, Subscription
from dispatcher.rules.actions import OCCASION, ThanksBy
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.notices.queueing import queue_numbered
from dispatcher.usecases.suppress import suppressed_for

KIND = "thanks"
# Notices go in the order in which they are due. A file of thousands must not keep somebody waiting who asked
# for something: thanks come due one after the other.
_APART = 1.0  # seconds
_CHANNELS = {
    ThanksBy.EMAIL: (Channel.EMAIL,),
    ThanksBy.SMS: (Channel.EMAIL, Channel.SMS),
    ThanksBy.NONE: (),
}


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a campaign thanks, and whose consent it may rest on."""

    channels: tuple[Channel, ...]
    lists: tuple[str, ...]


def thank(session: Session, keys: Keyring, acts: Sequence[tuple[int, int, datetime]]) -> None:
    """Queue thanks for these acts (campaign, subscriber, when), which are written down already."""
    if not acts:
        return
    manners = {campaign: _manner(session, campaign) for campaign in {campaign for campaign, *_ in acts}}
    queued = (Notice.kind == KIND, Notice.state == NoticeState.QUEUED)
    waiting = session.scalar(select(func.count()).select_from(Notice).where(*queued)) or 0
    for campaign, person, at in acts:
        manner, of_person = (
            manners[campaign],
            (Action.campaign_id == campaign, Action.subscriber_id == person),
        )
        lately = (Action.at > at - OCCASION, Action.at < at + OCCASION, Action.thanked)
        if not manner.channels or session.scalar(select(exists().where(*of_person, *lately))):
            continue
        notice = _queued(session, keys, session.get_one(Subscriber, person), manner)
        if notice is not None:
            session.execute(update(Action).where(*of_person, Action.at == at).values(thanked=True))
            due = {"due_at": db_now(waiting * _APART)}
            session.execute(update(Notice).where(Notice.id == notice).values(due))
            waiting += 1


def _manner(session: Session, campaign_id: int) -> _Manner:
    """As campaign.toml has it. One whose folder is gone, or can't be read, thanks nobody."""
    slug = session.scalars(select(Campaign.slug).where(Campaign.id == campaign_id)).one()
    try:
        manifest = load_campaign(slug).manifest
    except DispatchError:
        return _Manner((), ())
    return _Manner(_CHANNELS[manifest.thanks], manifest.lists)


def _queued(session: Session, keys: Keyring, person: Subscriber, manner: _Manner) -> int | None:
    """By the first channel on which they agreed to one of the campaign's lists, and haven't left it."""
    for channel in manner.channels:
        address, key = person.address_of(channel), person.key_of(channel)
        if address is None or key is None or suppressed_for(session, channel, key):
            continue
        agreed = (
            select(Subscription.list_id)
            .join(List, List.id == Subscription.list_id)
            .where(Subscription.subscriber_id == person.id, Subscription.channel == channel)
            .where(Subscription.address_key == key, Subscription.left_at.is_(None))
            .where(List.slug.in_(manner.lists))
            .limit(1)
        )
        if session.scalar(agreed) is not None:
            return queue_numbered(
                session, keys, channel=channel, address=address, kind=KIND, language=person.language
            )
    return None
