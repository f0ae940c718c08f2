"""Consent: what an address agreed to, in the ledger and its projection, for one person or a whole import.

Consent is bound to the address: a changed one is on a list only once it has agreed itself.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import InvalidAddress
from dispatcher.models import ConsentEvent, Disclosure, Subscriber, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason, may_join
from dispatcher.rules.journal import Returned
from dispatcher.usecases.bulk import insert_rows, one_of
from dispatcher.usecases.journal.noting import list_keys, note


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where people agreed, and which words they were shown. `own_act`: they did it, not staff with a file.

    `page` and `ip_address` are of a sign-up alone.
    """

    source: str
    disclosure_id: int | None = None
    batch_id: int | None = None
    own_act: bool = True
    page: str | None = None
    ip_address: str | None = field(default=None, repr=False)  # never where a list is sensitive


@dataclass(frozen=True, slots=True)
class Agreement:
    """One person's address that agreed, on one channel; `language` is what the words were read in."""

    subscriber_id: int
    channel: Channel
    address_key: bytes = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one address on one channel: its last act on the list, and whether it is suppressed."""

    last_act: ConsentAct | None = None
    source: str = ""
    disclosure_id: int | None = None
    suppressed: SuppressionReason | None = None

    def allows(self, evidence: Evidence) -> bool:
        """Whether this address may join by this evidence."""
        return self.suppressed is None and may_join(self.last_act, own_act=evidence.own_act)


_UNKNOWN = Standing()


class Joined(StrEnum):
    """What became of one person's agreement."""

    NOW = "now"
    ALREADY = "already"
    KEPT_OUT = "kept_out"


class ListLedger:
    """One list's consents of some people and addresses: looked up once, then asked and written for all."""

    def __init__(self, session: Session, list_id: int) -> None:
        self._session = session
        self._list_id = list_id
        self._standings: dict[tuple[Channel, bytes], Standing] = {}
        self._subscribed: dict[tuple[int, Channel], tuple[bytes, bool]] = {}  # address key, whether left

    def look_up(self, keys: Mapping[Channel, Collection[bytes]], subscriber_ids: Collection[int]) -> None:
        """Read what is known of these addresses, by channel, and of these people."""
        for channel, channel_keys in keys.items():
            if channel_keys:
                self._look_up_acts(channel, channel_keys)
                self._look_up_suppressions(channel, channel_keys)
        if not subscriber_ids:
            return
        held = select(
            Subscription.subscriber_id, Subscription.channel, Subscription.address_key, Subscription.left_at
        ).where(Subscription.list_id == self._list_id, Subscription.channel.in_(list(keys)))
        for person, channel, key, left_at in self._session.execute(
            held.where(one_of(self._session, Subscription.subscriber_id, subscriber_ids))
        ):
            self._subscribed[person, channel] = (key, left_at is not None)

    def _look_up_acts(self, channel: Channel, keys: Collection[bytes]) -> None:
        acts = select(
            ConsentEvent.address_key, ConsentEvent.act, ConsentEvent.source, ConsentEvent.disclosure_id
        ).where(ConsentEvent.channel == channel, ConsentEvent.list_id == self._list_id)
        found = self._session.execute(
            acts.where(one_of(self._session, ConsentEvent.address_key, keys)).order_by(ConsentEvent.id)
        )
        for key, act, source, disclosure_id in found:
            self._standings[channel, key] = Standing(act, source, disclosure_id)

    def _look_up_suppressions(self, channel: Channel, keys: Collection[bytes]) -> None:
        found = self._session.execute(
            select(Suppression.address_key, Suppression.reason).where(
                Suppression.channel == channel, one_of(self._session, Suppression.address_key, keys)
            )
        )
        for key, reason in found:
            known = self.standing(channel, key)
            self._standings[channel, key] = Standing(
                known.last_act, known.source, known.disclosure_id, suppressed=reason
            )

    def standing(self, channel: Channel, address_key: bytes) -> Standing:
        """What was looked up of one address."""
        return self._standings.get((channel, address_key), _UNKNOWN)

    def forgotten(self, channel: Channel, address_key: bytes | None) -> bool:
        """Whether this is the address of somebody who was forgotten."""
        if address_key is None:
            return False
        return self.standing(channel, address_key).suppressed is SuppressionReason.FORGOTTEN

    def subscribed(self, subscriber_id: int, channel: Channel, address_key: bytes) -> bool:
        """Whether this person is on the list with this very address."""
        return self._subscribed.get((subscriber_id, channel)) == (address_key, False)

    def join(self, agreements: Iterable[Agreement], evidence: Evidence) -> None:
        """Append to the ledger, and project. The caller has asked `Standing.allows` for each.

        Who is on the list already by the same evidence is left alone, so that repeating an import is
        harmless; new evidence for them is added to the ledger.
        """
        new: list[Agreement] = []
        changed: list[Agreement] = []
        events: list[Agreement] = []
        for one in agreements:
            subscribed = self.subscribed(one.subscriber_id, one.channel, one.address_key)
            if subscribed and self._evident(one, evidence):
                continue
            events.append(one)
            if not subscribed:
                held = (one.subscriber_id, one.channel) in self._subscribed
                (changed if held else new).append(one)
            self._subscribed[one.subscriber_id, one.channel] = (one.address_key, False)
        now = self._session.scalar(select(db_now()))
        self._append(events, evidence, now)
        shared = {"list_id": self._list_id, "joined_at": now}
        rows = [(one.channel, one.subscriber_id, one.address_key) for one in new]
        insert_rows(self._session, Subscription, ("channel", "subscriber_id", "address_key"), rows, shared)
        if changed:
            self._rejoin(changed)
        if evidence.own_act:  # an import brings nobody back
            self._note_returned(events)

    def _note_returned(self, events: list[Agreement]) -> None:
        back = [
            one for one in events if self.standing(one.channel, one.address_key).last_act is ConsentAct.LEFT
        ]
        for list_key in list_keys(self._session, [self._list_id]) if back else ():
            facts = (Returned(one.channel, one.address_key.hex(), list_key) for one in back)
            note(self._session, *facts)

    def _append(self, events: list[Agreement], evidence: Evidence, now: datetime | None) -> None:
        insert_rows(
            self._session,
            ConsentEvent,
            ("channel", "subscriber_id", "address_key", "language"),
            [(one.channel, one.subscriber_id, one.address_key, one.language) for one in events],
            {
                "list_id": self._list_id,
                "act": ConsentAct.JOINED,
                "source": evidence.source,
                "disclosure_id": evidence.disclosure_id,
                "batch_id": evidence.batch_id,
                "page": evidence.page,
                "ip_address": evidence.ip_address,
                "at": now,
            },
        )

    def _evident(self, one: Agreement, evidence: Evidence) -> bool:
        known = self.standing(one.channel, one.address_key)
        return (known.source, known.disclosure_id) == (evidence.source, evidence.disclosure_id)

    def _rejoin(self, changed: list[Agreement]) -> None:
        """Subscriptions of people who had left, or had another address."""
        table = Subscription.__table__.c
        self._session.connection().execute(
            update(Subscription)
            .where(table.list_id == bindparam("b_list"), table.channel == bindparam("b_channel"))
            .where(table.subscriber_id == bindparam("b_person"))
            .values(address_key=bindparam("b_key"), joined_at=db_now(), left_at=None),
            [
                {
                    "b_list": self._list_id,
                    "b_channel": one.channel,
                    "b_person": one.subscriber_id,
                    "b_key": one.address_key,
                }
                for one in changed
            ],
        )


def join(
    session: Session, subscriber: Subscriber, list_id: int, channel: Channel, evidence: Evidence
) -> Joined:
    """One person joins a list with their address of this channel, unless it has left or is suppressed.

    Raises InvalidAddress when the person has no address on this channel.
    """
    key = subscriber.key_of(channel)
    if key is None:
        missing = "email address" if channel is Channel.EMAIL else "phone number"
        raise InvalidAddress(problem=f"Subscriber {subscriber.id} has no {missing} here.")
    ledger = ListLedger(session, list_id)
    ledger.look_up({channel: [key]}, [subscriber.id])
    if not ledger.standing(channel, key).allows(evidence):
        return Joined.KEPT_OUT
    already = ledger.subscribed(subscriber.id, channel, key)
    ledger.join([Agreement(subscriber.id, channel, key, subscriber.language)], evidence)
    return Joined.ALREADY if already else Joined.NOW


def disclosure_id(session: Session, words: str) -> int:
    """The id of these exact words, kept once for every version that people were ever shown."""
    sha256 = hashlib.sha256(words.encode()).hexdigest()
    found = session.scalars(select(Disclosure.id).where(Disclosure.sha256 == sha256)).first()
    if found is not None:
        return found
    disclosure = Disclosure(sha256=sha256, words=words)
    session.add(disclosure)
    session.flush()
    return disclosure.id
