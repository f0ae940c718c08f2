"""`dispatch test`: one message, marked TEST, to an address of the staff's own; counted nowhere."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.channels.base import Outcome, Result, Sender
from dispatcher.channels.choose import choose_sender
from dispatcher.content.edition import Frozen, freeze
from dispatcher.content.load import CampaignSource, load_campaign
from dispatcher.content.render import Compiled
from dispatcher.errors import BrokenCampaign, SenderNotReady, UnsafeToSend
from dispatcher.house import House
from dispatcher.models import Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered
from dispatcher.usecases.find_subscriber import address_key_of
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.samples import sample_attributes, sample_person

ALL = "all"
_TEST_IDS = 10**15  # above every real message's number, so that a test never takes one's file or Message-ID


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one language's test message."""

    language: str
    channel: Channel
    sender: str  # by name, for staff
    practice: bool  # it lies in a file on this machine
    outcome: Outcome

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
        compiled = Compiled(frozen, test=True)
        until = time.monotonic() + house.settings.lease_seconds
        for each in languages:
            rendered = _rendered(compiled, house, channel, each, address)
            for outcome in sender.send([rendered], until):
                yield Tested(each, channel, sender.name, sender.practice, outcome)
    finally:
        sender.close()


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


def _refuse_not_well(sender: Sender) -> None:
    health = sender.check()
    if not health.ok:
        raise SenderNotReady(sender=sender.name, problem=health.words.rstrip("."), mend=health.mend)


def _rendered(compiled: Compiled, house: House, channel: Channel, language: str, address: str) -> Rendered:
    person = sample_person(
        language,
        channel,
        to=address,
        message_id=_TEST_IDS + secrets.randbelow(_TEST_IDS),
        list_name=compiled.frozen.organisation.from_name,
        public_url=house.settings.public_url,
        attributes=sample_attributes(compiled.frozen, language),
    )
    return compiled.email(person) if channel is Channel.EMAIL else compiled.sms(person)
