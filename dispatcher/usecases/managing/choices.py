"""What a person gets, list by list and channel by channel, to see and to change.

Lists of one public name are one choice: nobody learns more of our lists than their messages say.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import BadToken
from dispatcher.models import ConsentEvent, List, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, own_act_lifts
from dispatcher.rules.masking import masked
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger, disclosure_id
from dispatcher.usecases.leave import BY_PREFERENCES, holders, leave
from dispatcher.usecases.leave_everything import leave_by_address, leave_everything
from dispatcher.usecases.managing.links import ManageToken, opened_by
from dispatcher.usecases.retention.silence import heard_from
from dispatcher.usecases.suppress import lift, suppressed_for

SOURCE = BY_PREFERENCES


@dataclass(frozen=True, slots=True)
class Offer:
    """One public name on one channel. `number`: what stands for it in the form."""

    number: int
    name: str
    on: bool
    list_ids: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reached:
    """One channel of the person. `stopped`: the number has said STOP, which START alone undoes."""

    channel: Channel
    masked: str
    stopped: bool
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that the page shows. `family`: several share the phone that the link came to, so that it is
    about the number alone.
    """

    subscriber_id: int
    language: str
    family: bool
    channels: tuple[Reached, ...]

    def of(self, channel: Channel) -> Reached | None:
        """One channel, if the person has an address there."""
        return next((one for one in self.channels if one.channel is channel), None)


def alone(session: Session, token: ManageToken) -> Subscriber:
    """The person of a link, for what concerns them alone: BadToken where it came to a shared phone."""
    person = opened_by(session, token)
    if len(_people(session, person, token.channel)) > 1:
        raise BadToken
    return person


def look(session: Session, token: ManageToken) -> Choices:
    """What the person gets now. Raises BadToken."""
    person = opened_by(session, token)
    family = len(_people(session, person, token.channel)) > 1
    channels = [Channel.SMS] if family else [Channel.EMAIL, Channel.SMS]
    reached = (_reached(session, person, channel) for channel in channels)
    return Choices(person.id, person.language, family, tuple(one for one in reached if one))


def save(
    session: Session,
    token: ManageToken,
    wanted: Mapping[Channel, Collection[int]],
    *,
    language: str | None,
    shown: Mapping[Channel, str],
) -> Choices:
    """Leave what isn't wanted any more, and join again what is; `shown` are the words beside each channel.

    Only what the person had joined before is offered. Raises BadToken.
    """
    before = look(session, token)
    person = opened_by(session, token)
    if language is not None and not before.family:
        person.language = language
    for reached in before.channels:
        key = person.key_of(reached.channel)
        assert key is not None  # it is reached
        heard_from(session, reached.channel, key)
        for offer in reached.offers:
            if offer.on and offer.number not in wanted[reached.channel]:
                leave(session, reached.channel, key, SOURCE, list_ids=offer.list_ids, subscriber_id=person.id)
            elif not offer.on and offer.number in wanted[reached.channel] and not reached.stopped:
                _join_again(session, person, reached.channel, key, offer.list_ids, shown[reached.channel])
    session.flush()
    return look(session, token)


def leave_all(session: Session, token: ManageToken) -> Choices:
    """Leave every list on both channels; behind a link that came to a shared phone, the texts to it alone:
    whoever holds the phone doesn't speak for anybody's email. Raises BadToken.
    """
    before = look(session, token)
    person = opened_by(session, token)
    if before.family:
        assert person.phone_key is not None  # it is shared
        leave_by_address(session, Channel.SMS, person.phone_key, SOURCE)
    else:
        leave_everything(session, person.id, SOURCE)
    return before


def _reached(session: Session, person: Subscriber, channel: Channel) -> Reached | None:
    key = person.key_of(channel)
    if key is None:
        return None
    address = person.address_of(channel)
    reason = suppressed_for(session, channel, key)
    stopped = reason is not None and not own_act_lifts(reason, by_text=channel is Channel.SMS)
    offers = _offers(session, channel, key, suppressed=reason is not None)
    return Reached(channel, masked(address or ""), stopped, offers)


def _offers(session: Session, channel: Channel, key: bytes, *, suppressed: bool) -> tuple[Offer, ...]:
    """What this address has ever joined, by public name; whoever shares a phone is on what any of them is."""
    joined = select(ConsentEvent.list_id).where(
        ConsentEvent.address_key == key,
        ConsentEvent.channel == channel,
        ConsentEvent.act == ConsentAct.JOINED,
    )
    on = set(
        session.scalars(
            select(Subscription.list_id)
            .where(Subscription.channel == channel, Subscription.address_key == key)
            .where(Subscription.subscriber_id.in_(holders(channel, key)), Subscription.left_at.is_(None))
        )
    )
    named: dict[str, list[int]] = {}
    for list_id, name in session.execute(
        select(List.id, List.public_name).where(List.id.in_(joined)).order_by(List.id)
    ):
        named.setdefault(name, []).append(list_id)
    return tuple(
        Offer(ids[0], name, not suppressed and bool(on.intersection(ids)), tuple(ids))
        for name, ids in named.items()
    )


def _join_again(
    session: Session,
    person: Subscriber,
    channel: Channel,
    key: bytes,
    list_ids: Sequence[int],
    words: str,
) -> None:
    reason = suppressed_for(session, channel, key)
    if reason is not None:
        lift(session, channel, key, reason)
    evidence = Evidence(SOURCE, disclosure_id=disclosure_id(session, words))
    people = _people(session, person, channel)
    for list_id in list_ids:
        held = select(Subscription.subscriber_id).where(
            Subscription.list_id == list_id,
            Subscription.channel == channel,
            Subscription.subscriber_id.in_([one.id for one in people]),
        )
        on_it = set(session.scalars(held)) or {person.id}
        ledger = ListLedger(session, list_id)
        ledger.look_up({channel: [key]}, sorted(on_it))
        ledger.join(
            [Agreement(one.id, channel, key, one.language) for one in people if one.id in on_it], evidence
        )


def _people(session: Session, person: Subscriber, channel: Channel) -> list[Subscriber]:
    """Whoever has this person's address; only a phone is shared."""
    if channel is Channel.EMAIL:
        return [person]
    shared = select(Subscriber).where(Subscriber.phone_key == person.phone_key).order_by(Subscriber.id)
    return list(session.scalars(shared))
