"""Where Twilio reports what became of a text: an address with our own mark in it, which Twilio signs too."""

from dispatcher.channels.twilio_inbound import inbound_token
from dispatcher.rules.urls import is_loopback, parse_service_url
from dispatcher.settings import Settings

STATUS_PATH = "/callbacks/twilio"
MARK = "message"  # the name in the query


def status_address(public_url: str, reference: str) -> str:
    """Where Twilio is to report on one message."""
    return f"{public_url}{STATUS_PATH}?{MARK}={reference}"


def reports_to(settings: Settings) -> str:
    """The public address that Twilio can report to, and prove it; "" where it can't.

    An API key doesn't sign. An address that Twilio can't reach makes it refuse the text itself (21609).
    """
    if inbound_token(settings.sms) is None:
        return ""
    api_base = settings.sms.options.get("api_base", "")
    nearby = bool(api_base) and is_loopback(parse_service_url(api_base).host)
    return settings.public_url if settings.public.scheme == "https" or nearby else ""
