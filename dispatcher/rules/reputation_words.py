"""What staff read of a concern: what happened, what it means, what to do now. Without any name: it leaves the
house as an alarm.
"""

from fractions import Fraction

from dispatcher.rules.alarms import Event
from dispatcher.rules.alert import Channel
from dispatcher.rules.reputation import COMPLAINTS_PAUSE, COMPLAINTS_WARN, Concern

_MESSAGES = {Channel.EMAIL: "emails", Channel.SMS: "texts"}
_SPAM_FOLDERS = {
    Channel.EMAIL: "all our mail ends up in spam folders",
    Channel.SMS: "carriers stop our number",
}

_MEANS: dict[tuple[Event, Channel], str] = {
    (
        Event.BOUNCES,
        Channel.EMAIL,
    ): "A list that is old or bought looks like that, and providers close accounts "
    "for it; these addresses aren't written to again",
    (
        Event.BOUNCES,
        Channel.SMS,
    ): "A list that is old, or has landlines, looks like that, and carriers take it "
    "for spam; these numbers aren't written to again",
    (Event.BLOCKED, Channel.EMAIL): "Their addresses live: receivers take the message, or us, for spam",
    (
        Event.BLOCKED,
        Channel.SMS,
    ): "Carriers do that to unregistered senders, and to words and links that they "
    "know from spam; they are billed all the same",
    (Event.NOT_DELIVERED, Channel.EMAIL): "A large receiver may refuse us, or its callbacks may be missing",
    (Event.NOT_DELIVERED, Channel.SMS): "A carrier may not take our texts, or its callbacks may be missing",
    (Event.LEAVING, Channel.EMAIL): "It was too much, too often, or not what they signed up for",
    (
        Event.LEAVING,
        Channel.SMS,
    ): "It was too much, too often, or not what they signed up for; carriers watch this share",
}
_WHAT = {
    Event.COMPLAINTS: "were reported as spam",
    Event.BOUNCES: "went to addresses that don't exist",
    Event.BLOCKED: "were refused or filtered",
    Event.NOT_DELIVERED: "weren't delivered, as far as providers tell",
    Event.LEAVING: "made their readers leave",
}
_NEXT = {
    Event.COMPLAINTS: "Before anybody else is written to, look where these people joined, and whether the "
    "words say who we are",
    Event.BOUNCES: "See who they are with `dispatch log --alert {alert}`, and take a bad import back",
    Event.BLOCKED: "The codes are in `dispatch report {alert}`; look with `dispatch doctor` and `dispatch "
    "check`",
    Event.NOT_DELIVERED: "`dispatch report {alert}` says which and why; `dispatch doctor` looks at callbacks",
    Event.LEAVING: "Read the last alerts as somebody who gets them all, and write less often, or to fewer",
}


def concern_words(concern: Concern, alert_id: int) -> str:
    """`5 of 3,200 emails of alert 3 were reported as spam (0.16%). ...`, at most 450 characters."""
    messages = f"{_MESSAGES[concern.channel]} of alert {alert_id}"
    since = ", since it was resumed," if concern.since_resumed else ""
    usually = f"; usually {_usual(concern)}" if concern.usual is not None else ""
    share = percent_of(concern.number, concern.of)
    return (
        f"{concern.number:,} of {concern.of:,} {messages}{since} {_WHAT[concern.event]} ({share}{usually}). "
        f"{_meaning(concern)}. {what_next(concern, alert_id)}."
    )


def pause_words(concern: Concern, alert_id: int) -> str:
    """The same of an alert that has paused for it: how to go on, too; at most 450 characters."""
    words = concern_words(concern, alert_id)
    return f"Paused by itself: {words} Going on with `dispatch resume {alert_id}` counts anew."


def what_next(concern: Concern, alert_id: int) -> str:
    """What to do, without a full stop."""
    return _NEXT[concern.event].format(alert=alert_id)


def percent_of(number: int, of: int) -> str:
    """`0.16%`, `5.3%`: small shares with two places, for what counts there are hundredths."""
    share = Fraction(100 * number, of)
    return f"{float(share):.{2 if share < 1 else 1}f}%"


def _usual(concern: Concern) -> str:
    usual = concern.usual or Fraction(0)
    missing = 1 - usual if concern.event is Event.NOT_DELIVERED else usual
    return percent_of(missing.numerator, missing.denominator)


def _meaning(concern: Concern) -> str:
    if concern.event is not Event.COMPLAINTS:
        return _MEANS[concern.event, concern.channel]
    least, most = (_plain(bar.borne) for bar in (COMPLAINTS_WARN, COMPLAINTS_PAUSE))
    follows = _SPAM_FOLDERS[concern.channel]
    if concern.grave:
        return f"That is over {most}, where {follows}; they aren't written to again"
    return f"Receivers want less than {least}, and over {most} {follows}; they aren't written to again"


def _plain(share: Fraction) -> str:
    return f"{float(100 * share):g}%"
