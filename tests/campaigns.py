"""A small campaign in the test's folder, and alerts opened from it."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dispatcher.content.edition import Frozen, freeze
from dispatcher.content.load import load_campaign
from dispatcher.content.record import marks_of, write_record
from dispatcher.house import House
from dispatcher.models import Chunk, Message
from dispatcher.rules.alert import Channel
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.open_alert import Opened, Opening, open_alert
from dispatcher.usecases.organisation import PRACTICE

BOTH = (Channel.EMAIL, Channel.SMS)
_PARTS = {
    "subject.txt": "Keep the budget whole",
    "body.html": "<p>Hello {{ name or 'friend' }}, call today.</p>\n{% include 'button.html' %}\n",
    "body.txt": "Hello {{ name or 'friend' }}, call today: {{ action_url }}\n",
    "sms.txt": "ICIRR: {{ name or 'friend' }}, call today: {{ action_url }} Reply STOP to stop.\n",
}
# A frame as small as the law allows: the shipped one takes most of a test's time to inline.
_LAYOUT = {
    "plain.html": "<!doctype html><html lang='{{ language }}' dir='{{ dir }}'>"
    "<head><title>{{ title }}</title>"
    "<style>.button-link { color: #ffffff }</style></head><body>"
    "{{ body }}<p>{{ org.name }}, {{ org.address }}"
    " <a href='{{ leave_url }}'>{{ chrome.leave }}</a></p></body></html>\n",
    "plain.txt": "{{ body }}\n{{ org.name }}, {{ org.address }}\n{{ chrome.leave }}: {{ leave_url }}\n",
}
_CHANNEL_PARTS = {Channel.EMAIL: ("subject.txt", "body.html", "body.txt"), Channel.SMS: ("sms.txt",)}


def write_campaign(
    folder: Path,
    slug: str = "budget",
    *,
    languages: Sequence[str] = ("en",),
    channels: Sequence[Channel] = BOTH,
    deadline: datetime | None = None,
    lists: Sequence[str] = ("daca",),
) -> Path:
    """Write a campaign under `folder`/templates/campaigns; the first language is its own. Returns its folder.

    Every language says the same words with its code in front, so that a test can tell them apart.
    """
    own = folder / "templates" / "campaigns" / slug
    own.mkdir(parents=True, exist_ok=True)
    facts = {
        "title": '"Keep the budget whole"',
        "level": '"state"',
        "lists": json.dumps(list(lists)),
        "channels": json.dumps(list(channels)),
        "language": f'"{languages[0]}"',
        "action_url": '"https://p2a.co/budget"',
        "button": '"Call now"',
        "layout": '"plain"',
    }
    if deadline:
        facts["deadline"] = deadline.isoformat()
    (own / "campaign.toml").write_text("".join(f"{key} = {value}\n" for key, value in facts.items()))
    layouts = folder / "templates" / "layouts"
    layouts.mkdir(exist_ok=True)
    for name, text in _LAYOUT.items():
        (layouts / name).write_text(text)
    for language in languages:
        place = own if language == languages[0] else own / language
        place.mkdir(exist_ok=True)
        for channel in channels:
            for part in _CHANNEL_PARTS[channel]:
                (place / part).write_text(f"[{language}] {_PARTS[part]}")
        if language != languages[0]:
            parts = [part for channel in channels for part in _CHANNEL_PARTS[channel]]
            write_record(place, {part: marks_of(part, f"[{languages[0]}] {_PARTS[part]}") for part in parts})
    return own


def frozen_campaign(slug: str = "budget") -> Frozen:
    """The campaign's files as an edition, signed by the practice organisation."""
    return freeze(load_campaign(slug), PRACTICE)


def opening(
    frozen: Frozen,
    *,
    channels: Sequence[Channel] = (),
    lists: Sequence[str] = (),
    fallback: bool = False,
    limit: int | None = None,
    again: str | None = None,
    starts_at: datetime | None = None,
    practice: bool = True,
    practice_channels: str = "",
) -> Opening:
    """What `dispatch send` would ask for; the campaign's own channels and lists unless given."""
    choice = Choice(tuple(channels) or frozen.channels, tuple(lists) or frozen.lists, fallback, limit)
    return Opening(frozen, choice, again, starts_at, practice, practice_channels)


def real(frozen: Frozen, **given: Any) -> Opening:
    """What `dispatch send` would ask for with senders that aren't practice."""
    return opening(frozen, practice=False, **given)


def send(house: House, wanted: Opening) -> Opened:
    """Open the alert or continue it, as `dispatch send` does, in a transaction of its own."""
    with house.db.transaction() as session:
        return open_alert(session, house.settings, wanted)


def messages_of(house: House, alert_id: int = 1) -> Sequence[Message]:
    """The alert's messages as they are now, in id order."""
    with house.db.reading() as session:
        return session.scalars(select(Message).where(Message.alert_id == alert_id).order_by(Message.id)).all()


def reached(house: House, alert_id: int = 1) -> list[tuple[Channel, int | None]]:
    """Who has a message, by channel and subscriber."""
    return sorted((message.channel, message.subscriber_id) for message in messages_of(house, alert_id))


def chunks_of(house: House, alert_id: int = 1) -> Sequence[Chunk]:
    """The alert's chunks, by number."""
    with house.db.reading() as session:
        return session.scalars(select(Chunk).where(Chunk.alert_id == alert_id).order_by(Chunk.number)).all()
