"""Who is set up to tell us what becomes of messages, and whether they do: for `dispatch doctor`."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, Message, ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.providers import provider_behind
from dispatcher.settings import Settings
from dispatcher.usecases.deliver.lease import opened_as
from dispatcher.usecases.feedback.matching import MAILBOX
from dispatcher.usecases.feedback.taking import channel_of
from dispatcher.usecases.journal.condition import Condition

_TEXTS = "twilio"
_AN_HOUR = 3600.0
_LOOKED_AT = 30 * 24 * 3600.0  # seconds: alerts younger than this
_NAMES = {Channel.EMAIL: "email", Channel.SMS: "texts"}
_MEND = (
    "Give its console our address, `https://.../callbacks/NAME` (docs/operating.md, Callbacks), see that "
    "`dispatch web` can be reached from outside, and have it send a test."
)


def calls_about(channel: Channel) -> ColumnElement[bool]:
    """SQL: an event that a provider of this channel told us by calling, not by mail."""
    if channel is Channel.SMS:
        return ProviderEvent.provider == _TEXTS
    return ProviderEvent.provider.not_in((_TEXTS, MAILBOX))


def callbacks_condition(house: House) -> Condition:
    """Whether those that are set up have called, once they had something to tell for an hour."""
    callers = _set_up(house.settings)
    if not any(callers.values()):
        if not any(house.settings.reaches_people(channel) for channel in Channel):
            return Condition(None, "not needed: nothing is sent to people.")
        words = "no provider is set up to tell what becomes of messages: bounces and complaints stay unknown."
        return Condition(None, words, "Set up yours: docs/operating.md, Callbacks.")
    with house.db.reading() as session:
        mute = [channel for channel, names in callers.items() if names and _is_mute(session, channel)]
    if mute:
        words = "; ".join(
            f"{_NAMES[channel]} went out over an hour ago, and {_either(callers[channel])} never told what "
            "became of it"
            for channel in mute
        )
        return Condition(False, f"{words}.", _MEND)
    names = [name for channel in Channel for name in callers[channel]]
    return Condition(True, f"what becomes of messages may be told by {', '.join(names)}.")


def _set_up(settings: Settings) -> dict[Channel, list[str]]:
    from dispatcher.callbacks.registry import receivers

    by_login = _proved_by_login(settings)
    callers: dict[Channel, list[str]] = {channel: [] for channel in Channel}
    for name in sorted(receivers(settings, lambda _url: None).keys() - by_login):
        callers[channel_of(name)].append(name)
    behind = provider_behind(settings.email.host)
    if behind is not None and behind.name in by_login:
        callers[Channel.EMAIL].append(behind.name)
    elif by_login and not callers[Channel.EMAIL]:
        whose = _either(sorted(by_login))
        callers[Channel.EMAIL].append(f"whoever was given the login of DISPATCH_CALLBACK_SECRET ({whose})")
    return callers


def _proved_by_login(settings: Settings) -> frozenset[str]:
    """Who proves itself by nothing else: anybody who was given the login, and nothing says who was."""
    keys = {"postmark": "", "resend": settings.resend_key, "sendgrid": settings.sendgrid_key}
    return frozenset(name for name, key in keys.items() if settings.callback_logins and not key)


def _is_mute(session: Session, channel: Channel) -> bool:
    """Whether something real went out over an hour ago, and nobody has ever said what became of anything."""
    young = (Alert.created_at > db_now(-_LOOKED_AT), opened_as(channel, practice=False))
    of_alert = (Message.alert_id == Alert.id, Message.channel == channel)
    waits = exists().where(*of_alert, Message.status == Status.SENT, Message.changed_at < db_now(-_AN_HOUR))
    told = exists().where(*of_alert, Message.status == Status.DELIVERED)
    called = select(or_(exists().where(calls_about(channel)), exists().where(*young, told)))
    return bool(session.scalar(select(exists().where(*young, waits)))) and not session.scalar(called)


def _either(names: list[str]) -> str:
    return " or ".join(names)
