"""The verdict on a scene: what the database says of each message, beside what the provider's journal says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Message, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from faults.providers import Taken

# What may be said of a message that the provider has.
_WITH_THE_PROVIDER = frozenset({Status.SENT, Status.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Recipient:
    """What the database says of one message."""

    message_id: int
    status: Status
    address: str | None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a scene's fault may cost."""

    uncertain: int
    failed: int


def recipients_of(house: House, channel: Channel) -> list[Recipient]:
    """Every message of a channel, with its address."""
    address = Subscriber.email if channel is Channel.EMAIL else Subscriber.phone
    rows = select(Message.id, Message.status, address).join(
        Subscriber, Subscriber.id == Message.subscriber_id
    )
    with house.db.reading() as session:
        return [Recipient(*row) for row in session.execute(rows.where(Message.channel == channel))]


def wrongs(
    recipients: Sequence[Recipient], taken: Sequence[Taken], people: int, allowed: Allowed
) -> list[str]:
    """Every way in which the promise was broken, in words; none when it was kept.

    0 missed: each of `people` has a message, nobody is called sent whom the provider doesn't know, and
    whoever it has is called sent or uncertain. 0 twice: it has no Message-ID and no address two times.
    """
    counts = Counter(recipient.status for recipient in recipients)
    has = {entry.recipient for entry in taken}
    claimed = [r for r in recipients if r.status is Status.SENT and r.address not in has]
    denied = [r for r in recipients if r.status not in _WITH_THE_PROVIDER and r.address in has]
    unsaid = [r for r in recipients if r.status is Status.SENDING]
    numbers = {recipient.address: recipient.message_id for recipient in recipients}
    strangers = [e for e in taken if e.message_id not in (None, numbers.get(e.recipient))]
    found = {
        f"of {people} people {len(recipients)} have a message": people != len(recipients),
        f"nothing is said of {_shown(unsaid)}": bool(unsaid),
        f"called sent, but the provider has it not: {_shown(claimed)}": bool(claimed),
        f"the provider has it, but it isn't called sent or uncertain: {_shown(denied)}": bool(denied),
        f"the provider has {len(strangers)} under another's Message-ID": bool(strangers),
        f"taken twice: {twice(e.name for e in taken)}": bool(twice(e.name for e in taken)),
        f"twice to {len(twice(e.recipient for e in taken))} people": bool(twice(e.recipient for e in taken)),
        _too_many(counts[Status.UNCERTAIN], "uncertain", allowed.uncertain): counts[Status.UNCERTAIN]
        > allowed.uncertain,
        _too_many(counts[Status.FAILED], "failed", allowed.failed): counts[Status.FAILED] > allowed.failed,
    }
    return [words for words, wrong in found.items() if wrong]


def twice(names: Iterable[str]) -> list[str]:
    """Those that come more than once."""
    return [name for name, times in Counter(names).items() if times > 1]


def _shown(recipients: Iterable[Recipient]) -> str:
    return ", ".join(f"{recipient.message_id} ({recipient.status})" for recipient in recipients)


def _too_many(number: int, what: str, most: int) -> str:
    return f"{number} {what}, at most {most} may be"
