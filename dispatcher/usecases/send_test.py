"""`dispatch test`: one message, marked TEST, to an address of the staff's own; counted nowhere."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.channels.base import Outcome, Result, Sender
from dispatcher.channels.choose import choose_sender
from dispatcher.content.dkim import signer_of
from dispatcher.content.edition import Frozen, freeze
from dispatcher.content.load import CampaignSource, load_campaign
from dispatcher.content.render import Compiled
from dispatcher.errors import BrokenCampaign, SenderNotReady, UnsafeToSend
from dispatcher.house import House
from dispatcher.models import Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.providers import echoed_header
from dispatcher.rules.references import TEST_NUMBERS
from dispatcher.rules.rendered import Rendered, RenderedEmail
from dispatcher.rules.text_cost import TextCost
from dispatcher.tokens import Signer
from dispatcher.usecases.find_subscriber import address_key_of
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.samples import sample_attributes, sample_person
from dispatcher.usecases.short_links import trial_short_links
from dispatcher.usecases.text_tally import cost_of_one

ALL = "all"


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one language's test message."""

    language: str
    channel: Channel
    sender: str  # by name, for staff
    practice: bool  # it lies in a file on this machine
    outcome: Outcome
    cost: TextCost | None = None  # of a text

    @property
    def accepted(self) -> bool:
        return self.outcome.result is Result.ACCEPTED


def send_test(house: House, slug: str, to: str, language: str | None) -> Iterator[Tested]:
    """Send the campaign's message to one address: in one language, or in each (`all`).

    Raises InvalidAddress, BrokenCampaign, SenderNotReady, or UnsafeToSend for a suppressed address.
    """
    channel = _channel_of_free_address(house, to)
    address = parse_email(to).address if channel is Channel.EMAIL else parse_phone(to).e164
    source = load_campaign(slug)
    sender = choose_sender(house.settings, channel)
    try:
        frozen = freeze(source, organisation_of(house.settings, practice=sender.practice))
        languages = _languages(source, frozen, channel, language)
        _refuse_not_well(sender)
        compiled = Compiled(
            frozen,
            test=True,
            bounces_to=house.settings.bounces_to,
            dkim=signer_of(house.settings),
            echoed=echoed_header(house.settings.email.host),
            reply_to=house.settings.reply_to,
            short_links=_short_links(house, channel, frozen),
        )
        until = time.monotonic() + house.settings.lease_seconds
        for each in languages:
            rendered = _rendered(compiled, house, channel, each, address)
            for outcome in sender.send([rendered], until):
                cost = _cost(house, rendered)
                yield Tested(each, channel, sender.name, sender.practice, outcome, cost)
    finally:
        sender.close()


def trial_id() -> int:
    """A number for a message that isn't one of an alert's."""
    return TEST_NUMBERS + secrets.randbelow(TEST_NUMBERS)


def _channel_of_free_address(house: House, to: str) -> Channel:
    """The channel of an address; refused for one that has asked for silence."""
    channel, key = address_key_of(house.keys, to)
    with house.db.reading() as session:
        here = exists().where(Suppression.channel == channel, Suppression.address_key == key)
        if session.scalar(select(here)):
            raise UnsafeToSend(problem="that address must not be contacted.", mend="Test with another one.")
    return channel


def _languages(source: CampaignSource, frozen: Frozen, channel: Channel, wanted: str | None) -> list[str]:
    available = frozen.languages_for(channel)
    languages = sorted(available) if wanted == ALL else [wanted or frozen.default_language]
    if not languages or not available.issuperset(languages):
        there = ", ".join(sorted(available)) or "none"
        problem = f"there is no {channel} in {', '.join(languages) or 'any language'}; complete are: {there}."
        raise BrokenCampaign(file=source.shown(""), place="", problem=problem)
    return languages


def _short_links(house: House, channel: Channel, frozen: Frozen) -> dict[str, str]:
    if channel is Channel.EMAIL:
        return {}
    return trial_short_links(house.db, house.settings, Signer.load(house.settings), frozen)


def _cost(house: House, rendered: Rendered) -> TextCost | None:
    if isinstance(rendered, RenderedEmail):
        return None
    return cost_of_one(house.settings.prices, rendered.segments, rendered.to)


def _refuse_not_well(sender: Sender) -> None:
    health = sender.check()
    if not health.ok:
        raise SenderNotReady(sender=sender.name, problem=health.words.rstrip("."), mend=health.mend)


def _rendered(compiled: Compiled, house: House, channel: Channel, language: str, address: str) -> Rendered:
    person = sample_person(
        language,
        channel,
        to=address,
        message_id=trial_id(),
        list_name=compiled.frozen.organisation.from_name,
        public_url=house.settings.public_url,
        attributes=sample_attributes(compiled.frozen, language),
    )
    return compiled.email(person) if channel is Channel.EMAIL else compiled.sms(person)
