"""What a campaign's texts would take with its audience as it is now: for `check`, and `send`'s warnings."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from dispatcher.content.checks.text_facts import TextFacts
from dispatcher.content.frozen import Frozen
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.text_cost import TextCost
from dispatcher.tokens import Signer
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.short_links import sample_short_links
from dispatcher.usecases.survey import survey


def text_facts(house: House, frozen: Frozen, choice: Choice, *, at: datetime) -> TextFacts:
    """What the checks of texts are told; the audience is looked at when a finding is to say what it costs."""
    links = sample_short_links(house.settings, Signer.load(house.settings), frozen)
    return TextFacts(links, lambda: text_costs(house, frozen, choice, at=at))


def text_costs(house: House, frozen: Frozen, choice: Choice, *, at: datetime) -> Mapping[str, TextCost]:
    """Language -> what its texts take, of whom the choice means. Raises UnknownList."""
    texts_alone = replace(choice, channels=(Channel.SMS,))
    with house.db.reading() as session:
        return survey(session, frozen, texts_alone, house.settings, now=at).channels[Channel.SMS].texts
