"""Whether what becomes of a message can be told to us, by the sender in use: for `dispatch doctor`."""

from contextlib import closing

from dispatcher.callbacks.registry import receivers
from dispatcher.channels.base import Sender
from dispatcher.channels.choose import choose_sender
from dispatcher.rules.alert import Channel
from dispatcher.rules.providers import provider_behind
from dispatcher.settings import PREFIX, Settings
from dispatcher.usecases.journal.condition import Condition

_HOW = "docs/operating.md, Callbacks, has it step by step."


def provider_reports(settings: Settings, channel: Channel) -> Condition:
    """One channel's sender: who reports on its messages, and by what each is recognised."""
    with closing(choose_sender(settings, channel)) as sender:
        if sender.practice:
            return Condition(None, "not needed for practice.")
        if channel is Channel.SMS:
            return _of_texts(settings, sender)
    return _of_emails(settings)


def _of_texts(settings: Settings, sender: Sender) -> Condition:
    heeds = "heeds a STOP by itself, too" if sender.handles_stop else "lets nobody answer STOP to that sender"
    if sender.echoes_our_id:
        words = "each text says where Twilio is to report on it, so one whose answer was lost is found again"
        return Condition(True, f"{words}; Twilio {heeds}.")
    if "twilio" in receivers(settings, lambda _url: None):
        mend = f"Twilio can't reach {settings.public_url}: set DISPATCH_PUBLIC_URL to an https address."
    else:
        mend = "Give the account's SID and auth token in DISPATCH_SMS_URL: an API key doesn't sign."
    words = "Twilio can't report, so a text whose answer was lost stays uncertain until somebody looks"
    return Condition(None, f"{words}; it {heeds}.", mend)


def _of_emails(settings: Settings) -> Condition:
    provider = provider_behind(settings.email.host)
    if provider is None:
        mend = "" if settings.bounces_to else "Set DISPATCH_BOUNCES_TO to a mailbox that is read for us."
        return Condition(None, f"{settings.email.host} reports by bounce mails, if at all.", mend)
    if provider.name not in receivers(settings, lambda _url: None):
        words = f"emails go through {provider.name}, and its calls can't be proved: bounces stay unknown."
        return Condition(None, words, f"Set {PREFIX}{provider.proved_by}: {_HOW}")
    known_by = provider.header or "its Message-ID"
    return Condition(True, f"{provider.name} can report, and knows each email by {known_by}.")
