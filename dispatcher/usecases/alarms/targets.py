"""Who is told, and how: an address on the web, staff by email, or both."""

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dispatcher.channels.base import Result
from dispatcher.channels.choose import choose_sender
from dispatcher.channels.webhook import post_json, shown_host
from dispatcher.content.dkim import signer_of
from dispatcher.content.headers import ascii_address
from dispatcher.errors import DispatchError
from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedEmail
from dispatcher.settings import Settings
from dispatcher.usecases.organisation import organisation_of

_MAIL_IDS = 3 * 10**15  # above every real message's number and every test's: an outbox names files by it


@dataclass(frozen=True, slots=True)
class Notice:
    """What leaves the house: nothing in it names a campaign, a list or a person."""

    event: Event
    words: str
    at: datetime
    over: bool = False
    alert_id: int | None = None
    number: int = 0  # the alarm's id: the same when it is told twice

    @property
    def text(self) -> str:
        return f"Dispatcher: {self.words}"


class Target(Protocol):
    """One place where alarms arrive."""

    name: str  # what the alarm remembers it by
    way: str  # for logs
    shown: str  # for staff

    def tell(self, notice: Notice) -> str:
        """Tell it; what went wrong, or nothing. Raises nothing."""
        ...


def targets_of(settings: Settings) -> list[Target]:
    """Everybody who is to be told; none is set by default."""
    targets: list[Target] = []
    if settings.alarm_url is not None:
        targets.append(_Url(settings.alarm_url.get_secret_value(), settings.public_url))
    targets += [_Mail(settings, nth, to) for nth, to in enumerate(settings.alarm_emails)]
    return targets


class _Url:
    name = "url"
    way = "DISPATCH_ALARM_URL"

    def __init__(self, url: str, site: str) -> None:
        self.shown = shown_host(url)
        self._url = url
        self._site = site

    def tell(self, notice: Notice) -> str:
        return post_json(
            self._url,
            {
                "id": notice.number,
                "event": str(notice.event),
                "over": notice.over,
                "alert": notice.alert_id,
                "words": notice.words,
                "at": notice.at.isoformat(),
                "site": self._site,
                "text": notice.text,  # what Slack, Mattermost and Zulip show of it
            },
        )


class _Mail:
    """Over the relay that carries the alerts: when that is what is broken, only the other way tells it."""

    way = "email"

    def __init__(self, settings: Settings, nth: int, to: str) -> None:
        self.name = f"email{nth}"
        self.shown = to
        self._settings = settings
        self._nth = nth

    def tell(self, notice: Notice) -> str:
        try:
            return self._send(self._letter(notice))
        except DispatchError as error:
            return str(error)

    def _send(self, letter: RenderedEmail) -> str:
        until = time.monotonic() + self._settings.provider_timeout
        with closing(choose_sender(self._settings, Channel.EMAIL)) as sender:
            (outcome,) = sender.send([letter], until)
            return "" if outcome.result is Result.ACCEPTED else f"{sender.name} answered {outcome.code}"

    def _letter(self, notice: Notice) -> RenderedEmail:
        from email.message import EmailMessage
        from email.policy import SMTP

        sender = ascii_address(organisation_of(self._settings, practice=True).from_email)
        to, domain = ascii_address(self.shown), sender.rpartition("@")[2]
        reference = f"alarm.{notice.number}.{notice.at:%Y%m%d%H%M%S}@{domain}"
        over = " (over)" if notice.over else ""
        letter = EmailMessage(policy=SMTP)
        letter["From"], letter["To"] = sender, to
        letter["Subject"] = f"Dispatcher: {notice.event.replace('_', ' ')}{over}"
        letter["Date"] = notice.at
        letter["Message-ID"] = f"<{reference}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence note answers it
        letter.set_content(f"{notice.words}\n\n{self._settings.public_url}, {notice.at:%Y-%m-%d %H:%M} UTC\n")
        number = _MAIL_IDS + notice.number * 100 + self._nth
        mime, signer = letter.as_bytes(), signer_of(self._settings)
        return RenderedEmail(number, to, sender, signer.sign(domain, mime) if signer else mime, reference)
