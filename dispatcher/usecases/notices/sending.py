"""Send the notices that are due, each once: what is about to leave is written down before its first byte
does.

A worker that dies meanwhile leaves a notice that may have gone: it becomes uncertain and isn't sent again by
itself. The person can ask once more. Rates are the alerts' own: the same lanes of the same limiter. A notice
takes the next slot, ahead of what alerts have yet to ask for: somebody is waiting for it.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, update

from dispatcher.channels.base import Outcome, Result, Sender
from dispatcher.content.dkim import signer_of
from dispatcher.content.notice import NoticeRequest, NoticeWriter
from dispatcher.db import db_now
from dispatcher.errors import DispatchError, RenderFailed
from dispatcher.house import House
from dispatcher.limiter import Lane, Limiter
from dispatcher.models import List, Notice, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import next_open, seconds_left
from dispatcher.rules.lanes import domain_lane, provider_lane
from dispatcher.rules.notices import NOTICE_NUMBERS, NoticeState, terms_of, what_follows
from dispatcher.rules.providers import echoed_header
from dispatcher.rules.rendered import Rendered, RenderedSms
from dispatcher.rules.reserved import is_reserved
from dispatcher.usecases.daily import spend_today, unspend_today
from dispatcher.usecases.deliver.slowing import Slowing
from dispatcher.usecases.journal import refuse_older_database
from dispatcher.usecases.notices.agreement import has_agreed
from dispatcher.usecases.notices.quiet import quiet_zones_of
from dispatcher.usecases.notices.waiting import anything_due, due_now, end
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.stop_line import note_number_told, stop_due

_HORIZON = 2.0  # seconds ahead that a slot may be: more than an alert's, so that a notice isn't passed over
_MENDED_BY = 60.0  # seconds until words that couldn't be read are tried again
_TOMORROW = 900.0  # seconds until it is looked again whether the day's limit is over


@dataclass(frozen=True, slots=True)
class Due:
    """A notice as it was read; claimed only when it is about to leave."""

    id: int
    kind: str
    language: str
    address: str
    address_key: bytes
    facts: dict[str, str]
    attempt: int
    created_at: datetime
    stop_due: bool
    private: bool  # the organisation has a sensitive list: the provider is to forget the text

    @property
    def number(self) -> int:
        """Its number among everything that is handed over."""
        return NOTICE_NUMBERS + self.id


def send_notices(
    house: House,
    channel: Channel,
    sender: Sender,
    limiter: Limiter,
    stop: Callable[[], bool],
    seconds: float,
) -> bool:
    """Send what is due on a channel for so many seconds at most; whether there is more.

    Raises WrongSettings where nobody has said who we are, LimiterUnavailable, DatabaseOlder: then nothing is
    claimed, and everything is still there.
    """
    refuse_older_database(house)
    post = Post(house, channel, sender, limiter)
    end = time.monotonic() + seconds
    while not stop() and time.monotonic() < end:
        due = post.next_due()
        if due is None:
            return False
        post.send(due)
    return anything_due(house, channel)


class Post:
    """One channel's notices, one after another."""

    def __init__(self, house: House, channel: Channel, sender: Sender, limiter: Limiter) -> None:
        self._house = house
        self._settings = house.settings
        self._channel = channel
        self._sender = sender
        self._limiter = limiter
        self._slowing = Slowing(house, limiter)
        self._writer = NoticeWriter(
            organisation_of(house.settings, practice=sender.practice),
            salt=house.keys.address_key("message-id of notices"),
            bounces_to=house.settings.bounces_to,
            dkim=signer_of(house.settings),
            echoed=echoed_header(house.settings.email.host),
            reply_to=house.settings.reply_to,
            hotline=house.settings.hotline,
        )

    def next_due(self) -> Due | None:
        """The notice that has waited longest."""
        with self._house.db.reading() as session:
            row = session.execute(
                select(Notice, stop_due(Notice.__table__.c.address_key), exists().where(List.sensitive))
                .where(*due_now(self._channel))
                .order_by(Notice.due_at, Notice.id)
                .limit(1)
            ).one_or_none()
        if row is None:
            return None
        found, must_say_stop, private = row
        facts = json.loads(found.facts or "{}")
        return Due(
            found.id,
            found.kind,
            found.language,
            found.address or "",
            found.address_key,
            facts,
            found.attempt,
            found.created_at,
            bool(must_say_stop),
            bool(private),
        )

    def send(self, due: Due) -> None:
        """Take one notice as far as it can go now. Never raises for its sake."""
        if self._sender.beyond_loopback and is_reserved(due.address):
            self._fail(due, "an address for practice")
            return
        if self._house.db.now() - due.created_at > terms_of(due.kind).tried_for:
            self._fail(due, "no time left")
            return
        try:
            rendered = self._rendered(due)
        except RenderFailed as error:
            self._fail(due, error.reason)
            return
        except DispatchError as error:  # a catalogue of the working folder that can't be read, say
            self._put_off(due, _MENDED_BY, error.code)
            return
        if rendered is None:
            return  # put off until its hours
        grant = self._limiter.reserve(self._lanes(due), [rendered.units], _HORIZON)
        if not grant.delays:
            self._put_off(due, grant.wait)
            return
        time.sleep(grant.delays[0])
        until = time.monotonic() + self._settings.lease_seconds
        if self._claim(due, rendered):
            for outcome in self._sender.send([rendered], until):
                self._settle(due, rendered, outcome)

    def _rendered(self, due: Due) -> Rendered | None:
        made_at = due.created_at.isoformat()
        request = NoticeRequest(due.number, due.address, due.kind, due.language, due.facts, made_at)
        if self._channel is Channel.EMAIL:
            return self._writer.email(request)
        text = replace(self._writer.sms(request, stop_due=due.stop_due), private=due.private)
        return self._within_hours(due, text) if terms_of(due.kind).ours else text

    def _within_hours(self, due: Due, text: RenderedSms) -> RenderedSms | None:
        """A text that nobody is waiting for, in the hours of its number; None when they aren't now."""
        window = None if self._sender.practice else self._settings.sms_window
        with self._house.db.reading() as session:
            zones = quiet_zones_of(session, due.address_key, due.address)
        now = self._house.db.now()
        left = seconds_left(now, zones, window)
        if left != 0:
            return replace(text, valid_for=left)
        opens = next_open(now, zones, window)
        if opens is None:
            self._fail(due, "no hour suits the number")
        else:
            self._put_off(due, (opens - now).total_seconds())
        return None

    def _lanes(self, due: Due) -> list[Lane]:
        lanes = [Lane(provider_lane(self._channel), self._settings.rate(self._channel))]
        if self._channel is Channel.EMAIL:
            domain = due.address.rpartition("@")[2].lower()
            lanes.append(Lane(domain_lane(domain), self._settings.domain_rates.get(domain)))
        return lanes

    def _claim(self, due: Due, rendered: Rendered) -> bool:
        """The intent, durable before anything leaves. False: it isn't ours to send, or not today."""
        ours = (Notice.id == due.id, Notice.state == NoticeState.QUEUED, Notice.attempt == due.attempt)
        with self._house.db.transaction() as session:
            if not spend_today(session, self._settings, self._channel, [rendered.units]):
                session.execute(update(Notice).where(*ours).values(due_at=db_now(_TOMORROW)))
                return False
            claimed = session.execute(
                update(Notice)
                .where(*ours, or_(Notice.forced, ~_suppressed()))
                .where(*([has_agreed(self._channel, due.address_key)] if terms_of(due.kind).agreed else []))
                .values(
                    state=NoticeState.SENDING,
                    attempt=Notice.attempt + 1,
                    lease_until=db_now(self._settings.lease_seconds),
                )
            ).rowcount  # type: ignore[attr-defined]
            if claimed:
                return True
            unspend_today(session, self._channel, rendered.units)
            end(session, NoticeState.FAILED, "must not be contacted", *ours)
        return False

    def _settle(self, due: Due, rendered: Rendered, outcome: Outcome) -> None:
        ours = (Notice.id == due.id, Notice.attempt == due.attempt + 1)
        state, again_at = what_follows(
            outcome.result,
            terms_of(due.kind),
            attempt=due.attempt + 1,
            now=self._house.db.now(),
            created_at=due.created_at,
            jitter=random.random(),  # noqa: S311 - spreads repeats, guards nothing
            retry_after=outcome.retry_after,
        )
        with self._house.db.transaction() as session:
            if state is NoticeState.QUEUED:
                back = {"state": state, "due_at": again_at, "lease_until": None, "error": outcome.code[:100]}
                sending = Notice.state == NoticeState.SENDING  # one that was given up has no address any more
                session.execute(update(Notice).where(*ours, sending).values(back))
            else:
                unsettled = Notice.state.in_((NoticeState.SENDING, NoticeState.UNCERTAIN))
                end(session, state, outcome.code, *ours, unsettled)
            if state is NoticeState.SENT and isinstance(rendered, RenderedSms) and rendered.tells_stop:
                note_number_told(session, self._house.keys.address_key(due.address))
            if state in {NoticeState.QUEUED, NoticeState.FAILED}:
                unspend_today(session, self._channel, rendered.units)
        if outcome.result is Result.SLOW_DOWN:
            self._slowing.tell([self._slowing.complaint(self._channel, due.address, outcome)])

    def _put_off(self, due: Due, seconds: float, error: str | None = None) -> None:
        """Until then; or for good, when that is too late."""
        waited = (self._house.db.now() - due.created_at).total_seconds()
        if waited + seconds > terms_of(due.kind).tried_for.total_seconds():
            self._fail(due, "no time left")
            return
        queued = (Notice.id == due.id, Notice.state == NoticeState.QUEUED)
        with self._house.db.transaction() as session:
            session.execute(update(Notice).where(*queued).values(due_at=db_now(seconds), error=error))

    def _fail(self, due: Due, reason: str) -> None:
        with self._house.db.transaction() as session:
            queued = (Notice.id == due.id, Notice.state == NoticeState.QUEUED)
            end(session, NoticeState.FAILED, reason, *queued)


def _suppressed() -> ColumnElement[bool]:
    return exists().where(
        Suppression.channel == Notice.channel, Suppression.address_key == Notice.address_key
    )
