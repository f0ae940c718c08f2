"""A new email address or number: a code goes to it, and whoever sends the code back has it.

The code's tries are counted in the database before it is compared: many requests at once get no more of them.
"""

import hmac
import secrets
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from dispatcher.addresses import parse_email, parse_phone, quiet_zones_for
from dispatcher.db import db_now
from dispatcher.keyring import Keyring
from dispatcher.models import AddressChange, ConsentEvent, Subscriber, Subscription, Suppression
from dispatcher.models.subscriber import address_key
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger
from dispatcher.usecases.importing.crowd import lock_people
from dispatcher.usecases.leave import leave
from dispatcher.usecases.managing.choices import alone
from dispatcher.usecases.managing.links import ManageToken
from dispatcher.usecases.notices.queueing import queue_notice, withdraw_notices
from dispatcher.usecases.retention.silence import heard_from
from dispatcher.usecases.suppress import suppress

SOURCE = "moved"  # as the ledger has it
NOTICE = "moved"
GOOD_FOR = timedelta(minutes=30)
TRIES = 5  # a code
CODES_A_DAY = 3  # a person: 15 tries in a million a day
_DAY = 24 * 3600.0  # seconds


class Move(StrEnum):
    """How a step went."""

    ASKED = "asked"  # a code is on its way, if the address may be written to
    ENOUGH = "enough"  # no more codes today
    WRONG = "wrong"  # not the code; there are tries left
    OVER = "over"  # no code is good any more
    TAKEN = "taken"  # somebody else here has the address
    DONE = "done"


def begin_move(session: Session, keys: Keyring, token: ManageToken, channel: Channel, address: str) -> Move:
    """Send a code to the person's new address; an older code is no good from now on.

    Nothing tells whether the new address is known. Raises BadToken, InvalidAddress.
    """
    person = alone(session, token)
    written, key, _ = _parsed(keys, channel, address)
    session.execute(select(Subscriber.id).where(Subscriber.id == person.id).with_for_update())
    mine = (AddressChange.subscriber_id == person.id,)
    today = select(func.count()).where(*mine, AddressChange.created_at > db_now(-_DAY))
    if (session.scalar(today) or 0) >= CODES_A_DAY:
        return Move.ENOUGH
    session.execute(update(AddressChange).where(*mine).values(code_mac=None))
    change = AddressChange(subscriber_id=person.id, channel=channel, address=written, address_key=key)
    session.add(change)
    session.flush()
    code = f"{secrets.randbelow(10**6):06}"
    change.code_mac = _mac(keys, change.id, code)
    session.flush()
    queue_notice(
        session,
        keys,
        channel=channel,
        address=written,
        kind=NOTICE,
        language=person.language,
        facts={"code": code},
    )
    return Move.ASKED


def finish_move(session: Session, keys: Keyring, token: ManageToken, code: str) -> Move:
    """Take the code that was sent to the new address. Right: the person has that address from now on, and is
    on the same lists with it; the old one is suppressed, unless somebody shares it. Raises BadToken.
    """
    person = alone(session, token)
    lock_people(session)
    tried = session.scalars(
        update(AddressChange)
        .where(AddressChange.subscriber_id == person.id, AddressChange.code_mac.is_not(None))
        .where(AddressChange.tries < TRIES, AddressChange.created_at > db_now(-GOOD_FOR.total_seconds()))
        .values(tries=AddressChange.tries + 1)
        .returning(AddressChange)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).first()
    if tried is None:
        return Move.OVER
    given = _mac(keys, tried.id, "".join(digit for digit in code if digit.isdecimal()))
    if not hmac.compare_digest(given, tried.code_mac or b""):
        return Move.WRONG if tried.tries < TRIES else Move.OVER
    tried.code_mac = None
    session.flush()
    return _move(session, keys, person, tried)


def _move(session: Session, keys: Keyring, person: Subscriber, change: AddressChange) -> Move:
    channel, (_, new, domain) = change.channel, _parsed(keys, change.channel, change.address)
    old = person.key_of(channel)
    if old == new:
        return Move.DONE
    if channel is Channel.EMAIL and session.scalar(select(exists().where(Subscriber.email_key == new))):
        return Move.TAKEN
    if session.scalar(select(exists().where(Suppression.channel == channel, Suppression.address_key == new))):
        return Move.OVER  # it has left, or was forgotten, since the code was sent
    list_ids = _lists_of(session, person, channel, old)
    if channel is Channel.EMAIL:
        person.email, person.email_key, person.email_domain = change.address, new, domain
    else:
        person.phone, person.phone_key = change.address, new
        person.quiet_zones = quiet_zones_for(person.time_zone, person.postal_code, change.address)
    session.flush()
    for list_id in list_ids:
        _carry_over(session, person, channel, list_id, old, new)
    if old is not None and not _is_anybodys(session, channel, old):
        leave(session, channel, old, SOURCE, list_ids=list_ids, subscriber_id=person.id)
        suppress(session, channel, old, SuppressionReason.MOVED, SOURCE)
        withdraw_notices(session, channel, old)
    heard_from(session, channel, new)
    return Move.DONE


def _lists_of(session: Session, person: Subscriber, channel: Channel, key: bytes | None) -> list[int]:
    """The lists that reach the person at the old address; what was left or stopped stays so."""
    if key is None:
        return []
    stopped = exists().where(Suppression.channel == channel, Suppression.address_key == key)
    on = (
        select(Subscription.list_id)
        .where(Subscription.subscriber_id == person.id, Subscription.channel == channel)
        .where(Subscription.address_key == key, Subscription.left_at.is_(None), ~stopped)
    )
    return list(session.scalars(on.order_by(Subscription.list_id)))


def _carry_over(
    session: Session, person: Subscriber, channel: Channel, list_id: int, old: bytes | None, new: bytes
) -> None:
    """A consent of its own for the new address, by the words that the person was shown with the old one."""
    words = (
        select(ConsentEvent.disclosure_id)
        .where(ConsentEvent.address_key == old, ConsentEvent.channel == channel)
        .where(ConsentEvent.list_id == list_id, ConsentEvent.act == ConsentAct.JOINED)
        .order_by(ConsentEvent.id.desc())
    )
    ledger = ListLedger(session, list_id)
    ledger.look_up({channel: [new]}, [person.id])
    evidence = Evidence(SOURCE, disclosure_id=session.scalars(words).first())
    ledger.join([Agreement(person.id, channel, new, person.language)], evidence)


def _is_anybodys(session: Session, channel: Channel, key: bytes) -> bool:
    return bool(session.scalar(select(exists().where(address_key(channel) == key))))


def _parsed(keys: Keyring, channel: Channel, address: str) -> tuple[str, bytes, str | None]:
    """As it is written, as it is compared, and its domain."""
    if channel is Channel.EMAIL:
        email = parse_email(address)
        return email.address, keys.address_key(email.normalised), email.domain
    number = parse_phone(address).e164
    return number, keys.address_key(number), None


def _mac(keys: Keyring, change_id: int, code: str) -> bytes:
    """A keyed hash: a stolen database shows no code, though there are only a million."""
    return keys.address_key(f"move code v1\0{change_id}\0{code}")
