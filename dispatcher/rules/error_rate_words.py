"""What staff read when an alert has paused by itself because of its results: what it means, how to go on."""

from dispatcher.rules.alert import Channel
from dispatcher.rules.error_rate import Alarming, Kind

_MESSAGES = {Channel.EMAIL: "emails", Channel.SMS: "texts"}

# What happened, what that usually means, and what to do before going on. `{alert}` is the alert's number.
_WORDS: dict[tuple[Channel, Kind], tuple[str, str, str]] = {
    (Channel.EMAIL, Kind.GONE): (
        "went to addresses that don't exist",
        "A list that is old or bought looks like that, and providers close accounts for it",
        "See who they are with `dispatch log --alert {alert}`, and take a bad import back",
    ),
    (Channel.EMAIL, Kind.BLOCKED): (
        "were refused though the address exists",
        "Receivers take the message, or us, for spam",
        "Their words are in `dispatch log --alert {alert}`; look with `dispatch doctor` and `dispatch check`",
    ),
    (Channel.EMAIL, Kind.COMPLAINED): (
        "were reported as spam by their readers",
        "They don't remember that they agreed, and providers close accounts for it",
        "Look where the list comes from before anybody else gets this",
    ),
    (Channel.SMS, Kind.GONE): (
        "went to numbers that get no texts",
        "A list that is old, or has landlines, looks like that, and carriers take it for spam",
        "See who they are with `dispatch log --alert {alert}`, and take a bad import back",
    ),
    (Channel.SMS, Kind.BLOCKED): (
        "were blocked or filtered as spam",
        "Carriers do that to unregistered senders, and to words and short links that they know from spam",
        "Look at the registration in Twilio's console and at the text with `dispatch check`",
    ),
    (Channel.SMS, Kind.UNREACHED): (
        "didn't arrive",
        "So many phones aren't off at once: a carrier doesn't take our texts",
        "Twilio's codes are in `dispatch log --alert {alert}`; look with `dispatch doctor`",
    ),
}
_UNWRITTEN = (
    "couldn't be written",
    "The template fails for these people",
    "`dispatch retry {alert} --failed` says why; mend the files, then `dispatch resume {alert} --corrected`",
)


def words_for(found: Alarming, alert_id: int) -> str:
    """`Paused by itself: 31 of the last 120 emails ...`, at most 450 characters."""
    what, meaning, step = _WORDS.get((found.channel, found.kind), _UNWRITTEN)
    return (
        f"Paused by itself: {found.number} of the last {found.results} {_MESSAGES[found.channel]} {what}. "
        f"{meaning}. {step.format(alert=alert_id)}. Going on with `dispatch resume {alert_id}` counts anew "
        "and bears twice as many."
    )
