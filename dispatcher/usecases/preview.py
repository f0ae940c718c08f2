"""What one person would get of a campaign, without sending anything."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dispatcher.content.bubble import bubble
from dispatcher.content.edition import Frozen, freeze, pick_language
from dispatcher.content.load import CampaignSource, load_campaign
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import BrokenCampaign
from dispatcher.house import House
from dispatcher.paths import make_private, state_folder
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedSms
from dispatcher.rules.text_cost import TextCost
from dispatcher.tokens import Signer
from dispatcher.usecases.find_subscriber import find_subscriber
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.samples import sample_attributes, sample_person
from dispatcher.usecases.short_links import trial_short_links
from dispatcher.usecases.text_tally import cost_of_one


@dataclass(frozen=True, slots=True)
class Preview:
    """The messages of one person; a channel that isn't complete in the language is empty."""

    language: str
    subject: str
    text: str
    html_file: Path | None
    sms: str
    segments: int
    sms_file: Path | None  # the text as a phone shows it, a page
    cost: TextCost  # of the text

    def as_json(self) -> dict[str, Any]:
        return {
            "language": self.language,
            "subject": self.subject,
            "text": self.text,
            "html_file": str(self.html_file) if self.html_file else None,
            "sms": self.sms,
            "segments": self.segments,
            "sms_file": str(self.sms_file) if self.sms_file else None,
            "cost": str(self.cost.cost) if self.cost.currency else None,
        }


def preview(house: House, slug: str, *, to: str | None, language: str | None) -> Preview:
    """Render a campaign for a subscriber (id or address), or for a made-up reader of a language.

    Raises UnknownSubscriber, RenderFailed for somebody who can't be written to, or BrokenCampaign when the
    language isn't there.
    """
    source = load_campaign(slug)
    frozen = freeze(source, organisation_of(house.settings, practice=True))
    if to is None:
        person = _made_up(house, frozen, _written_in(source, frozen, language or frozen.default_language))
    else:
        person = _subscriber(house, source, frozen, to, language)
    links = trial_short_links(house.db, house.settings, Signer.load(house.settings), frozen)
    compiled = Compiled(frozen, short_links=links)
    has_email = person.language in frozen.languages_for(Channel.EMAIL)
    text = compiled.sms(person) if person.language in frozen.languages_for(Channel.SMS) else None
    return Preview(
        language=person.language,
        subject=compiled.preview_subject(person) if has_email else "",
        text=compiled.preview_text(person) if has_email else "",
        html_file=_write(f"{slug}-{person.language}", compiled.preview_html(person)) if has_email else None,
        sms=text.body if text else "",
        segments=text.segments if text else 0,
        sms_file=_write(f"{slug}-{person.language}-text", _as_page(frozen, person, text)) if text else None,
        cost=cost_of_one(house.settings.prices, text.segments, person.to) if text else TextCost(),
    )


def _made_up(house: House, frozen: Frozen, language: str) -> Person:
    return sample_person(
        language,
        Channel.SMS,
        list_name=frozen.organisation.from_name,
        public_url=house.settings.public_url,
        attributes=sample_attributes(frozen, language),
    )


def _subscriber(
    house: House, source: CampaignSource, frozen: Frozen, to: str, language: str | None
) -> Person:
    with house.db.reading() as session:
        found = find_subscriber(session, house.keys, to)
    return replace(
        _made_up(house, frozen, _written_in(source, frozen, language or found.language)),
        first_name=found.first_name,
        last_name=found.last_name,
        to=found.phone or "",
        attributes=json.loads(found.attributes) if found.attributes else {},
    )


def _written_in(source: CampaignSource, frozen: Frozen, reader: str) -> str:
    """The edition's language for a reader; BrokenCampaign when there is none."""
    available = frozen.languages_for(Channel.EMAIL) | frozen.languages_for(Channel.SMS)
    written_in = pick_language(reader, available)
    if written_in is None:
        there = ", ".join(sorted(available)) or "none"
        problem = f"nothing is complete in {reader!r}; complete are: {there}."
        raise BrokenCampaign(file=source.shown(""), place="", problem=problem)
    return written_in


def _as_page(frozen: Frozen, person: Person, text: RenderedSms) -> str:
    direction = frozen.languages[person.language].chrome["dir"]
    sender = frozen.organisation.from_name
    return bubble(
        text.body, segments=text.segments, sender=sender, language=person.language, direction=direction
    )


def _write(name: str, html: str) -> Path:
    """Keep the HTML where only this user can read it: it may hold a subscriber's name."""
    folder = make_private(state_folder() / "preview")
    path = folder / f"{name}.html"
    path.write_text(html, encoding="utf-8")
    return path
