"""`dispatch demo`: the main job, whole and real, with made-up people and messages that go to files."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import marked, note, say

if TYPE_CHECKING:
    from dispatcher.house import House

_CAMPAIGN = "daca"
# Whatever this machine is set to, the demo must reach nobody: it and the worker that it starts.
_SETTINGS = {
    "EMAIL_URL": "outbox:var/outbox",
    "SMS_URL": "outbox:var/outbox",
    "PUBLIC_URL": "http://localhost:8000",
    "RATE_EMAIL": "none",
    "RATE_SMS": "none",
    "RATE_DOMAINS": "",
}
_OWN = ("DATABASE_URL", "REDIS_URL", "BROKER_URL")  # the demo's are embedded


@click.command()
def command() -> None:
    """Practise: 200 synthetic subscribers get the DACA alert, by email and text, in four languages."""
    from dispatcher.cli.sending import send
    from dispatcher.usecases.send_campaign import Request

    with marked(say, practice=True):
        _reach_nobody()
        house = _prepared()
        order = Request(_CAMPAIGN, without=_left_out())
        sent = send(house, order, dry_run=False, yes=True, wait=True, as_json=False, mark=False)
        if sent:
            _show_samples(house, sent.alert_id)


def _reach_nobody() -> None:
    for name in (*_SETTINGS, *_OWN):
        for variable in (f"DISPATCH_{name}", f"DISPATCH_{name}_FILE"):
            if os.environ.pop(variable, None) and name in _OWN:
                note(f"The demo keeps to this folder and doesn't use {variable}; other commands do.")
    os.environ.update({f"DISPATCH_{name}": value for name, value in _SETTINGS.items()})


def _prepared() -> "House":
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import NotOnlyPractice
    from dispatcher.keyring import load_keyring
    from dispatcher.settings import TOML, load_settings
    from dispatcher.usecases.migrate import upgrade
    from dispatcher.usecases.set_up_practice import set_up_practice

    settings = load_settings()
    if settings.database_url or settings.redis_url or settings.broker_url:
        raise NotOnlyPractice(file=TOML)
    upgrade(settings, load_keyring(settings, create=True)).close()
    house = open_house(settings)
    with house.db.transaction() as session:
        added, campaigns = set_up_practice(session, house.keys, house.db.shown)
    people = f"{added} synthetic subscribers were added" if added else "the practice people are here already"
    note(f"{campaigns} campaigns; {people}.")
    return house


def _left_out() -> tuple[str, ...]:
    """Somebody's half-finished language in this folder doesn't keep the others from practising."""
    from dispatcher.content.load import load_campaign
    from dispatcher.usecases.unread_languages import unread_languages

    unread = unread_languages(load_campaign(_CAMPAIGN))
    if unread:
        names = " and ".join(unread)
        note(f"Without {names}: nobody who speaks it has read its words yet (docs/adding-a-language.md).")
    return unread


def _show_samples(house: "House", alert_id: int) -> None:
    """One email as text and one SMS, in the campaign's own language, and what to try next."""
    from dispatcher.content.load import load_campaign
    from dispatcher.paths import state_folder
    from dispatcher.usecases.first_messages import first_messages

    outbox = state_folder() / "outbox"
    with house.db.reading() as session:
        first = first_messages(session, alert_id, load_campaign(_CAMPAIGN).manifest.language)
    for channel, number in first.items():
        show, suffix = _SHOW[channel]
        path = outbox / f"{number:010d}{suffix}"
        if path.exists():
            say(f"\n--- {path.name}\n{show(path)}")
    emails, texts = (len(list(outbox.glob(f"*{suffix}"))) for _, suffix in _SHOW.values())
    say(f"\nThe outbox is {outbox}: {emails:,} emails and {texts:,} texts. Try next:")
    for line in ("dispatch status", "dispatch preview daca --language es", "dispatch log --alert daca"):
        say(f"  {line}")


def _email_as_text(path: Path) -> str:
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import default

    message = message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return f"Subject: {message['Subject']}\n\n{body.get_content().strip() if body else ''}"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip()


_SHOW: dict[str, tuple[Callable[[Path], str], str]] = {
    "email": (_email_as_text, ".eml"),
    "sms": (_text, ".txt"),
}
