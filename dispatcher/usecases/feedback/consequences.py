"""What events mean for addresses: who isn't written to any more, who leaves, who counts a strike."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, List, ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.feedback import Consequence
from dispatcher.usecases.feedback.matching import MAILBOX, Target
from dispatcher.usecases.feedback.strikes import clear_strikes, count_strikes
from dispatcher.usecases.leave import BY_MAIL, BY_PROVIDER, STOPPED, leave
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.suppress import suppress_each


@dataclass(frozen=True, slots=True)
class Bearing:
    """An event, what it is about, and what follows."""

    event: ProviderEvent
    target: Target
    consequence: Consequence

    @property
    def address(self) -> tuple[Channel, bytes] | None:
        """Whose address bears it; None: nobody's."""
        key = self.target.address_key
        return None if key is None else (self.target.channel, bytes(key))

    @property
    def source(self) -> str:
        """Who said so."""
        if self.consequence.suppress is SuppressionReason.STOP:
            return STOPPED  # so that START brings back what it took
        return BY_MAIL if self.event.provider == MAILBOX else f"told by {self.event.provider}"

    @property
    def way_of_leaving(self) -> str:
        """As the ledger has it, and whoever counts who left because of an alert."""
        return self.source if self.source in {STOPPED, BY_MAIL} else BY_PROVIDER


Addresses = set[tuple[Channel, bytes]]


@dataclass(frozen=True, slots=True)
class Borne:
    """What is new for addresses."""

    suppressed: Addresses
    given_up: Addresses  # for their strikes
    left: Addresses


def bear(session: Session, bearings: Sequence[Bearing]) -> Borne:
    """Let addresses bear what follows."""
    _clear(session, bearings)
    return Borne(_suppress(session, bearings), _strike(session, bearings), _leave(session, bearings))


def _clear(session: Session, bearings: Sequence[Bearing]) -> None:
    reached: defaultdict[Channel, set[bytes]] = defaultdict(set)
    for one in bearings:
        if one.consequence.clears and one.address:
            reached[one.address[0]].add(one.address[1])
    for channel, keys in reached.items():
        clear_strikes(session, channel, keys)


def _suppress(session: Session, bearings: Sequence[Bearing]) -> Addresses:
    """One statement or two for each reason and source; the stronger reason stays, whichever comes first."""
    groups: defaultdict[tuple[Channel, SuppressionReason, str], set[bytes]] = defaultdict(set)
    for one in bearings:
        if one.consequence.suppress and one.address:
            channel, key = one.address
            groups[channel, one.consequence.suppress, one.source].add(key)
    return {
        (channel, key)
        for (channel, reason, source), keys in sorted(groups.items())
        for key in suppress_each(session, channel, sorted(keys), reason, source)
    }


def _strike(session: Session, bearings: Sequence[Bearing]) -> Addresses:
    struck: defaultdict[Channel, set[tuple[bytes, date]]] = defaultdict(set)
    for one in bearings:
        if one.consequence.strike and one.address:
            at = one.event.told_at or one.event.taken_at
            struck[one.address[0]].add((one.address[1], at.date()))
    return {
        (channel, key) for channel, days in struck.items() for key in count_strikes(session, channel, days)
    }


def _leave(session: Session, bearings: Sequence[Bearing]) -> Addresses:
    """Who leaves an email leaves its alert's lists; by text, or where no alert is known, all of them."""
    left: Addresses = set()
    for one in bearings:
        if not (one.consequence.leaves and one.address):
            continue
        channel, key = one.address
        message = one.target.message
        lists = None
        if message is not None and channel is Channel.EMAIL:
            lists = _lists_of(session, message.alert_id) or None
        person = message.subscriber_id if message else None
        if leave(session, channel, key, one.way_of_leaving, list_ids=lists, subscriber_id=person):
            left.add((channel, key))
        if channel is Channel.SMS:
            withdraw_notices(session, channel, key)
    return left


def _lists_of(session: Session, alert_id: int) -> Sequence[int]:
    """The lists that an alert went to: none, of one that a journal has brought back."""
    slugs = json.loads(session.get_one(Alert, alert_id).audience).get("lists", [])
    return session.scalars(select(List.id).where(List.slug.in_(slugs)).order_by(List.id)).all()
