"""Where practice messages arrive: the outbox's files, read as their receivers would."""

import email
import email.policy
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

from dispatcher.channels.choose import choose_sender
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.usecases.notices.sending import send_notices

_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message. `head`: an email's headers."""

    to: str
    words: str
    head: EmailMessage | None = None

    def path(self, prefix: str) -> str:
        """The path of the one link in it that leads to this part of our site."""
        links: list[str] = re.findall(r"https?://\S+", self.words)
        paths = {urlsplit(link).path for link in links}
        (found,) = (path for path in paths if path.startswith(prefix))
        return found


@dataclass(slots=True)
class Postbox:
    """The outbox of the house in `folder`; what was read once isn't new any more."""

    folder: Path
    _read: set[Path] = field(default_factory=set)

    def new(self) -> list[Arrived]:
        """What has come since the last look, in the order of its numbers."""
        files = sorted(path for path in self.folder.glob("[0-9]*.*") if path not in self._read)
        self._read.update(files)
        return [_email(path) if path.suffix == ".eml" else _text(path) for path in files]


def hand_over_notices(house: House) -> None:
    """What a worker would do about notices now: all that are due go to the settings' senders."""
    limiter = Limiter(redis_of(house.settings))
    try:
        for channel in Channel:
            sender = choose_sender(house.settings, channel)
            send_notices(house, channel, sender, limiter, lambda: False, _SECONDS)
            sender.close()
    finally:
        limiter.close()


def _email(path: Path) -> Arrived:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    plain = message.get_body(["plain"])
    assert plain is not None
    (to,) = message["To"].addresses
    return Arrived(to.addr_spec, plain.get_content(), message)


def _text(path: Path) -> Arrived:
    head, _, words = path.read_text(encoding="utf-8").partition("\n\n")
    return Arrived(head.partition("\n")[0].removeprefix("To: "), words)
