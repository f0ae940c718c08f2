"""What Twilio keeps of texts to sensitive lists: what it is asked to, and what it does."""

from contextlib import closing

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.channels.choose import choose_sender
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, List, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.journal.condition import Condition
from dispatcher.usecases.retention.alerts import is_sensitive

_A_DAY = 24 * 3600.0  # seconds after which what was to be forgotten is
_RECENT = 20  # alerts
_ENABLE = "Turn on Message Redaction at console.twilio.com (Messaging, Settings), for words and numbers."


def provider_privacy(house: House) -> Condition:
    """Whether the provider forgets texts of sensitive lists: by the settings, and by the newest such text."""
    with house.db.reading() as session:
        sensitive = session.scalar(select(List.id).where(List.sensitive).limit(1)) is not None
        reference = _newest(session)
    if house.settings.sms.scheme != "twilio" or not sensitive:
        return Condition(None, "not needed: no text of a sensitive list goes through Twilio.")
    if house.settings.sms.options.get("redaction") == "off":
        words = "texts of sensitive lists stay at Twilio, with words and numbers (redaction=off)."
        return Condition(None, words, f"{_ENABLE} Then take redaction=off out of DISPATCH_SMS_URL.")
    remains = _remains(house, reference) if reference else None
    if remains is None:
        words = "Twilio is asked to forget words and numbers of texts to sensitive lists."
        return Condition(True, words, f"It refuses them (30029) without Message Redaction. {_ENABLE}")
    if remains:
        words = f"Twilio still has {remains} of a sensitive list's text, a day later."
        return Condition(False, words, _ENABLE)
    return Condition(True, "Twilio has forgotten words and number of the newest sensitive text, as asked.")


def _remains(house: House, reference: str) -> str | None:
    """What is left of a text, in words; "" for nothing, None when Twilio doesn't say."""
    from dispatcher.channels.twilio import TwilioSender

    with closing(choose_sender(house.settings, Channel.SMS)) as sender:
        assert isinstance(sender, TwilioSender)
        kept = sender.remains(reference)
    if kept is None:
        return None
    return " and ".join(
        name for name, left in (("the words", kept.words), ("the number", kept.number)) if left
    )


def _newest(session: Session) -> str | None:
    """Twilio's number for the newest text of a sensitive alert that has arrived a day ago."""
    recent = select(Alert).where(~Alert.practice).order_by(Alert.id.desc()).limit(_RECENT)
    for alert in session.scalars(recent).all():
        if not is_sensitive(session, alert):
            continue
        arrived = (Message.status.in_((Status.SENT, Status.DELIVERED)), Message.changed_at < db_now(-_A_DAY))
        of_alert = (
            Message.alert_id == alert.id,
            Message.channel == Channel.SMS,
            Message.provider_ref.is_not(None),
        )
        newest = select(Message.provider_ref).where(*of_alert, *arrived).order_by(Message.id.desc()).limit(1)
        if reference := session.scalar(newest):
            return reference
    return None
