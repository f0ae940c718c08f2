"""`dispatch test --ask-ok`: a native speaker gets the test text, and is asked whether it is right."""

import time
from collections.abc import Iterator
from dataclasses import replace

from dispatcher.addresses import parse_phone
from dispatcher.channels.choose import choose_sender
from dispatcher.content.catalogue import SOURCE, catalogue_for
from dispatcher.content.edition import freeze
from dispatcher.content.load import load_campaign
from dispatcher.errors import CantAsk
from dispatcher.house import House
from dispatcher.rules import sms
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedSms
from dispatcher.usecases.find_subscriber import address_key_of
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.send_test import Tested, send_test, trial_id
from dispatcher.usecases.sign_offs import ask, initials_of
from dispatcher.usecases.text_tally import cost_of_one

_QUESTION = "text.ask_ok"


def ask_ok(house: House, slug: str, to: str, language: str, reader: str = "") -> Iterator[Tested]:
    """Send the test text and then the question, and note that it was asked: record_inbound takes the answer.

    `reader` are the initials of who is asked; of a subscriber they are known. Raises CantAsk for an email
    address, and what `send_test` raises.
    """
    channel, key = address_key_of(house.keys, to)
    if channel is Channel.EMAIL:
        raise CantAsk(slug=slug, language=language)
    (tested,) = send_test(house, slug, to, language)
    yield tested
    if not tested.accepted:
        return
    asked = _asked(house, tested, to)
    yield asked
    if asked.accepted:
        frozen = freeze(load_campaign(slug), organisation_of(house.settings, practice=tested.practice))
        with house.db.transaction() as session:
            ask(session, frozen, language, key, reader or initials_of(session, key))


def _asked(house: House, tested: Tested, to: str) -> Tested:
    """Send the question, in the language that it is about."""
    organisation = organisation_of(house.settings, practice=tested.practice)
    words = (catalogue_for(SOURCE), catalogue_for(tested.language))
    question = [found.words[_QUESTION] for found in words if found and _QUESTION in found.words][-1]
    body = sms.normalise(question.format(org=organisation.from_name))
    text = RenderedSms(trial_id(), parse_phone(to).e164, body, sms.segments(body))
    sender = choose_sender(house.settings, tested.channel)
    try:
        (outcome,) = sender.send([text], time.monotonic() + house.settings.lease_seconds)
    finally:
        sender.close()
    return replace(tested, outcome=outcome, cost=cost_of_one(house.settings.prices, text.segments, text.to))
