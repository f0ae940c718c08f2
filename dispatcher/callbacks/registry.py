"""Every provider that may call us back: one line each. docs/adding-a-provider.md says how to add the next."""

from collections.abc import Callable, Mapping

from dispatcher.callbacks.base import Fetch, Receiver
from dispatcher.callbacks.mailgun import Mailgun
from dispatcher.callbacks.postmark import Postmark
from dispatcher.callbacks.resend import Resend
from dispatcher.callbacks.sendgrid import SendGrid
from dispatcher.callbacks.ses import Ses
from dispatcher.callbacks.twilio import Twilio
from dispatcher.channels.twilio_inbound import inbound_token
from dispatcher.settings import Settings

# Of each provider, how its receiver comes from the settings; None where they don't name it.
RECEIVERS: Mapping[str, Callable[[Settings, Fetch], Receiver | None]] = {
    "mailgun": lambda s, _: Mailgun(s.mailgun_keys, s.callback_logins) if s.mailgun_keys else None,
    "postmark": lambda s, _: Postmark(s.callback_logins) if s.callback_logins else None,
    "resend": lambda s, _: (
        Resend(s.resend_key, s.callback_logins) if s.resend_key or s.callback_logins else None
    ),
    "sendgrid": lambda s, _: (
        SendGrid(s.sendgrid_key, s.callback_logins) if s.sendgrid_key or s.callback_logins else None
    ),
    "ses": lambda s, fetch: Ses(s.topics, fetch, s.callback_logins) if s.topics else None,
    "twilio": lambda s, _: Twilio(token) if (token := inbound_token(s.sms)) else None,
}


def receivers(settings: Settings, fetch: Fetch) -> dict[str, Receiver]:
    """The receivers that are set up, by name. `fetch` is dispatcher.callbacks.fetching's, but in tests."""
    made = {name: make(settings, fetch) for name, make in RECEIVERS.items()}
    return {name: receiver for name, receiver in made.items() if receiver is not None}
