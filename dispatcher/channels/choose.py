"""From a setting to the sender that it names."""

from pathlib import Path

from dispatcher.channels.base import Sender
from dispatcher.errors import WrongSettings
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import ServiceUrl
from dispatcher.settings import PREFIX, Settings


def choose_sender(settings: Settings, channel: Channel) -> Sender:
    """The sender of a channel, not connected yet. Raises WrongSettings when its address isn't complete."""
    try:
        return _sender_of(settings.service(channel), settings, channel)
    except ValueError as problem:
        raise WrongSettings(name=f"{PREFIX}{channel.upper()}_URL", problem=f"{problem}.") from None


def _sender_of(url: ServiceUrl, settings: Settings, channel: Channel) -> Sender:
    """Imports what it needs and no more: without Twilio nobody pays for its package."""
    match url.scheme:
        case "smtp" | "smtps":
            from dispatcher.channels.smtp import SmtpSender
            from dispatcher.channels.smtp_relay import relay_of

            return SmtpSender(relay_of(url, settings.provider_timeout))
        case "twilio":
            from dispatcher.channels.twilio import TwilioSender, account_of
            from dispatcher.channels.twilio_status import reports_to

            return TwilioSender(account_of(url, settings.provider_timeout, reports_to(settings)))
        case "outbox":
            from dispatcher.channels.outbox import OutboxSender

            return OutboxSender(Path(url.path), channel)
        case _:
            raise ValueError(f"names no sender: {url.scheme}")
