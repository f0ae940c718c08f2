"""Render one message, or decide that it isn't for now: skipped for a reason, or held until its hours."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from dispatcher.channels.base import Outcome, Result, Sender
from dispatcher.content.dkim import DkimSigner, signer_of
from dispatcher.content.frozen import Frozen
from dispatcher.content.own_links import OwnLinks
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import RenderFailed
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.hours import next_open, seconds_left
from dispatcher.rules.providers import echoed_header
from dispatcher.rules.rendered import Rendered, RenderedSms
from dispatcher.rules.reserved import is_reserved
from dispatcher.rules.return_paths import leave_address
from dispatcher.tokens import Signer, leave_url, view_path
from dispatcher.usecases.deliver.pages import Due, Occasion
from dispatcher.usecases.short_links import as_written, in_emails


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may go: rendered, or with the failure that its template had for this person."""

    due: Due
    rendered: Rendered | None
    failure: Outcome | None = None

    @property
    def units(self) -> int:
        """What it takes from the limits."""
        return self.rendered.units if self.rendered else 0

    @property
    def segments(self) -> int | None:
        """What carriers bill for a text; None for an email."""
        return self.rendered.segments if isinstance(self.rendered, RenderedSms) else None

    @property
    def tells_stop(self) -> bool:
        """Whether it is a text that says how to stop."""
        return isinstance(self.rendered, RenderedSms) and self.rendered.tells_stop


@dataclass(frozen=True, slots=True)
class Aside:
    """A message that isn't handed over now: skipped (`until` is None), or held until a moment."""

    message_id: int
    reason: str
    until: datetime | None = None


class Preparer:
    """Renders the messages of one leased chunk."""

    def __init__(self, house: House, sender: Sender, occasion: Occasion, channel: Channel) -> None:
        self._settings = house.settings
        self._sender = sender
        self._occasion = occasion
        self._channel = channel
        self._signer = Signer.load(house.settings)
        texts = as_written(occasion.short_links, house.settings, self._signer)
        emails = in_emails(
            occasion.short_links, house.settings, self._signer, with_picture=not occasion.sensitive
        )
        self._compiled = _compiled(
            occasion.content,
            house.keys.address_key(f"message-id {occasion.alert_id}"),
            house.settings.bounces_to,
            signer_of(house.settings),
            echoed_header(house.settings.email.host),
            house.settings.reply_to,
            tuple(texts.items()) if channel is Channel.SMS else (),
            tuple(emails.items()) if channel is Channel.EMAIL else (),
        )
        sensitive = occasion.sensitive or self._compiled.frozen.sensitive
        self._says_which = channel is Channel.EMAIL and bool(occasion.short_links) and not sensitive
        self._window = None if sender.practice else house.settings.sms_window

    def prepare(self, due: Due) -> Ready | Aside:
        """One message. Never raises for one person's sake."""
        if due.address is None:
            return Aside(due.message_id, "no address any more")
        if self._sender.beyond_loopback and is_reserved(due.address):
            return Aside(due.message_id, "an address for practice")
        if self._occasion.deadline and datetime.now(UTC) > self._occasion.deadline:
            return Aside(due.message_id, "the deadline had passed")
        if self._channel is Channel.SMS:
            return self._within_hours(due)
        return self._rendered(due)

    def _within_hours(self, due: Due) -> Ready | Aside:
        now = datetime.now(UTC)
        left = seconds_left(now, due.quiet_zones, self._window)
        if left != 0:
            return self._rendered(due, valid_for=left)
        opens = next_open(now, due.quiet_zones, self._window)
        if opens is None:
            return Aside(due.message_id, "no hour suits all the zones that the number may be in")
        return Aside(due.message_id, "quiet hours", until=opens)

    def _rendered(self, due: Due, valid_for: int | None = None) -> Ready:
        try:
            person = self._person(due)
            if self._channel is Channel.EMAIL:
                return Ready(due, self._compiled.email(person))
            return Ready(due, replace(self._compiled.sms(person), valid_for=valid_for))
        except RenderFailed as error:
            return Ready(due, None, Outcome(due.message_id, Result.DROPPED, "template", str(error)))

    def _person(self, due: Due) -> Person:
        token = self._signer.leave_token(due.subscriber_id or 0, self._occasion.list_ids, self._channel)
        link = leave_url(self._settings.public_url, token)
        occasion = self._occasion
        view = view_path(occasion.alert_id, occasion.edition_number, due.language)
        return Person(
            message_id=due.message_id,
            to=due.address or "",
            first_name=due.first_name,
            last_name=due.last_name,
            language=due.language,
            attributes=json.loads(due.attributes) if due.attributes else {},
            leave_url=link,
            one_click_url=link,
            list_name=occasion.list_name,
            stop_due=due.stop_due,
            leave_mail=leave_address(self._settings.bounces_to, token),
            sensitive=occasion.sensitive,
            view_url=f"{self._settings.public_url}{view}",
            visitor_code=self._signer.visitor_code(due.message_id) if self._says_which else "",
        )


@lru_cache(maxsize=16)
def _compiled(
    content: str,
    salt: bytes,
    bounces_to: str,
    dkim: DkimSigner | None,
    echoed: str,
    reply_to: str,
    short_links: tuple[tuple[str, str], ...],
    own_links: tuple[tuple[str, OwnLinks], ...],
) -> Compiled:
    """An edition's templates, compiled once a process."""
    return Compiled(
        Frozen.from_json(content),
        salt=salt,
        bounces_to=bounces_to,
        dkim=dkim,
        echoed=echoed,
        reply_to=reply_to,
        short_links=dict(short_links),
        own_links=dict(own_links),
    )
