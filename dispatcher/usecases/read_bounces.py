"""Act on what came back by mail: dead addresses, complaints and opt-outs, each by the message it is about.

Anybody can write a bounce. So one counts only with our own word in it, which went to the recipient alone:
the whole reference of a message, or the signed token of a link for leaving. What a mail says of any other
address is looked at by nobody (usecases.feedback.matching).
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.bounces.verp import leave_token
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.keyring import Keyring
from dispatcher.models import ProviderEvent
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.feedback import KEPT, Outcome
from dispatcher.tokens import Signer
from dispatcher.usecases.feedback.batch import apply_events
from dispatcher.usecases.feedback.taking import event_key, take
from dispatcher.usecases.mailbox.mails import (
    UNREAD,
    Mail,
    Taken,
    leave_by_mail,
    passed_by,
    take_words,
    understand,
)


class Done(StrEnum):
    """What came of one event."""

    SUPPRESSED = "suppressed"
    LEFT = "left"
    KNOWN = "known"  # the same was said before
    NOTED = "noted"  # at most its message's state has changed
    ORPHAN = "orphan"  # it has consequences, and is about no message of ours


_DONE = {
    Outcome.SUPPRESSED: Done.SUPPRESSED,
    Outcome.LEFT: Done.LEFT,
    Outcome.ORPHAN: Done.ORPHAN,
    Outcome.GONE: Done.ORPHAN,
}
_LEFT = {Taken.LEFT: Done.LEFT, Taken.KNOWN: Done.KNOWN, Taken.NOT_OURS: Done.ORPHAN}
_AGAINST_THE_ADDRESS = frozenset({EventKind.HARD_BOUNCE, EventKind.COMPLAINED, EventKind.UNSUBSCRIBED})


def apply_mail(
    house: House, signer: Signer, raw: bytes, *, dry_run: bool = False
) -> tuple[Mail, list[Done | Taken]]:
    """Act on one mail in a transaction of its own: what one says is kept whatever the next is. Returns what
    it says, and what came of each event. A dry run does it all, and then takes it back.

    A mail that nobody thought of is passed by: UNREAD.
    """
    done: list[Done | Taken] = []
    try:
        mail = understand(raw, house.settings)
        with _kept_unless(dry_run, house) as session:
            for event in mail.events:
                said = take_words(session, house, signer, mail, event)
                done.append(said or apply_bounce(session, house.keys, signer, event))
    except (DispatchError, OSError):  # it is us: the database is away, or a disk is full
        raise
    except Exception as error:  # noqa: BLE001 - its words may hold what stands in the mail
        return UNREAD, [passed_by(error)]
    return mail, done


def apply_bounce(session: Session, keys: Keyring, signer: Signer, event: Event) -> Done:
    """Suppress or take off the address of the message that an event is about; late and repeated events do
    no harm."""
    if event.kind is EventKind.UNSUBSCRIBED and leave_token(event.reference):
        return _LEFT[leave_by_mail(session, keys, signer, event)]
    if event.kind not in KEPT:
        return Done.NOTED
    if not take(session, keys, [event]):
        return Done.KNOWN
    same = (ProviderEvent.provider == event.provider, ProviderEvent.event_key == event_key(event.event_id))
    (outcome,) = apply_events(
        session, keys, session.scalars(select(ProviderEvent.id).where(*same)).all()
    ).values()
    return _DONE.get(outcome, Done.KNOWN if event.kind in _AGAINST_THE_ADDRESS else Done.NOTED)


class _OnlyLooked(Exception):
    """Ends a transaction of which nothing is kept."""


@contextmanager
def _kept_unless(dry_run: bool, house: House) -> Iterator[Session]:
    with suppress(_OnlyLooked), house.db.transaction() as session:
        yield session
        if dry_run:
            raise _OnlyLooked
