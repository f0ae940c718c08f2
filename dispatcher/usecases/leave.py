"""Leaving: an address leaves lists on one channel. Whoever shares the address leaves with it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import ConsentEvent, List, Subscriber, Subscription
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.journal import Left
from dispatcher.tokens import LeaveToken
from dispatcher.usecases.journal.noting import list_keys, note

# How somebody left, as the ledger has it.
STOPPED = "text STOP"  # START brings back what was left so
READ_AS_LEAVING = "a reply that a person read"  # and what was left so, too
ONE_CLICK, BY_PAGE = "one-click", "leave page"
BY_PREFERENCES = "preferences page"
BY_MAIL = "mail that came back"  # to the leaving address
BY_PROVIDER = "unsubscribed at the provider"
# By themselves, so that it is an answer to an alert: not what staff type in, import or take back.
OWN_WAYS = (STOPPED, READ_AS_LEAVING, ONE_CLICK, BY_PAGE, BY_PREFERENCES, BY_MAIL, BY_PROVIDER)


@dataclass(frozen=True, slots=True)
class LeaveView:
    """What the page behind a link shows: public names alone, and the language of a person we know."""

    channel: Channel
    list_names: tuple[str, ...]
    language: str | None


def leave(
    session: Session,
    channel: Channel,
    address_key: bytes,
    source: str,
    *,
    list_ids: Collection[int] | None = None,
    subscriber_id: int | None = None,
) -> tuple[int, ...]:
    """The address leaves these lists, or all that it ever agreed to; returns those that it left just now.

    The ledger says so even for a list that it had not joined: no later import puts it there.
    """
    last = _last_acts(session, channel, address_key)
    wanted = last if list_ids is None else list_ids
    leaving = tuple(sorted(one for one in wanted if last.get(one) is not ConsentAct.LEFT))
    session.add_all(
        ConsentEvent(
            subscriber_id=subscriber_id,
            list_id=list_id,
            channel=channel,
            address_key=address_key,
            act=ConsentAct.LEFT,
            source=source,
        )
        for list_id in leaving
    )
    session.execute(
        update(Subscription)
        .where(Subscription.channel == channel, Subscription.list_id.in_(list(wanted)))
        .where(Subscription.subscriber_id.in_(holders(channel, address_key)))
        .where(Subscription.address_key == address_key, Subscription.left_at.is_(None))
        .values(left_at=db_now())
        .execution_options(synchronize_session=False)
    )
    for list_key in list_keys(session, leaving):
        note(
            session, Left(channel, address_key.hex(), list_key, by_stop=source in {STOPPED, READ_AS_LEAVING})
        )
    return leaving


def view(session: Session, token: LeaveToken) -> LeaveView:
    """What to show of a link; of somebody who isn't here any more as much as of anybody else."""
    names = session.scalars(select(List.public_name).where(List.id.in_(token.list_ids)).order_by(List.id))
    language = session.scalar(select(Subscriber.language).where(Subscriber.id == token.subscriber_id))
    return LeaveView(token.channel, tuple(dict.fromkeys(names)), language)


def leave_by_link(session: Session, token: LeaveToken, source: str) -> None:
    """The person of a link leaves its lists, with the address of today and the one that the link went to."""
    person = token.subscriber_id
    current = address_key(token.channel)
    held = (
        select(Subscription.address_key)
        .where(Subscription.subscriber_id == person, Subscription.channel == token.channel)
        .where(Subscription.list_id.in_(token.list_ids))
    )
    keys = {*session.scalars(select(current).where(Subscriber.id == person)), *session.scalars(held)}
    list_ids = session.scalars(select(List.id).where(List.id.in_(token.list_ids))).all()
    for key in keys - {None}:
        leave(session, token.channel, key, source, list_ids=list_ids, subscriber_id=person)


def _last_acts(session: Session, channel: Channel, address_key: bytes) -> dict[int, ConsentAct]:
    """List -> what this address did last there."""
    acts = (
        select(ConsentEvent.list_id, ConsentEvent.act)
        .where(ConsentEvent.address_key == address_key, ConsentEvent.channel == channel)
        .order_by(ConsentEvent.id)
    )
    return dict(session.execute(acts).all())


def holders(channel: Channel, address_key: bytes) -> Select[int | None]:
    """Everybody who has or had this address: by the ledger, whose index has addresses."""
    return select(ConsentEvent.subscriber_id).where(
        ConsentEvent.address_key == address_key,
        ConsentEvent.channel == channel,
        ConsentEvent.subscriber_id.is_not(None),
    )
