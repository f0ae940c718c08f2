"""What went wrong, in plain words: whose matter it is, and what to do. Data; errors.py reads the codes."""

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Whose matter something is."""

    ADDRESS = "the address"
    PERSON = "their own choice"
    PROVIDER = "their provider"
    US = "us"
    NOBODY = "nobody"


class Meaning(StrEnum):
    """What errors that look different have in common. The values stand in --json and --csv: keep them."""

    DEAD_ADDRESS = "dead_address"
    DEAD_NUMBER = "dead_number"
    STOPPED = "stopped"
    COMPLAINED = "complained"
    FULL_OR_AWAY = "full_or_away"
    PHONE_OFF = "phone_off"
    TOO_FAST = "too_fast"
    TAKEN_FOR_SPAM = "taken_for_spam"
    TEXT_FILTERED = "text_filtered"
    REFUSED_BARE = "refused_bare"
    THIS_MESSAGE = "this_message"
    UNWRITABLE = "unwritable_address"
    OUR_STANDING = "our_standing"
    UNREGISTERED = "unregistered"
    TEMPLATE = "template"
    OUR_MACHINE = "our_machine"
    NO_ANSWER = "no_answer"
    RESTORED = "restored"
    TOO_LATE = "too_late"
    KEPT_OUT = "kept_out"
    LEFT_BEFORE = "left_before"
    HAD_ACTED = "had_acted"
    NO_ADDRESS = "no_address"
    FOR_PRACTICE = "for_practice"
    NO_HOUR = "no_hour"
    CANCELLED = "cancelled"
    TRIED_AGAIN = "tried_again"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Explained:
    """A meaning for people. `to_do` is empty where nothing is to be done; {alert} is the alert's number."""

    words: str
    whose: Whose
    to_do: str = ""


M, W = Meaning, Whose

EXPLAINED: dict[Meaning, Explained] = {
    M.DEAD_ADDRESS: Explained(
        "The address doesn't exist, or takes no mail at all; it won't be written to again",
        W.ADDRESS,
        "Ask for a new address when you meet them. Many at once from one import? Take it back with "
        "`dispatch subscribers import --undo`.",
    ),
    M.DEAD_NUMBER: Explained(
        "The number doesn't exist, or is a landline; it won't be texted again",
        W.ADDRESS,
        "Ask these people for a mobile number when you meet them.",
    ),
    M.STOPPED: Explained("They had told the carrier STOP; they won't be texted again", W.PERSON),
    M.COMPLAINED: Explained(
        "They reported it as spam; they won't be written to again",
        W.PERSON,
        "Look where these people joined (`dispatch subscribers show`): they may not remember agreeing.",
    ),
    M.FULL_OR_AWAY: Explained("The mailbox was full, or its server took nothing for days", W.PROVIDER),
    M.PHONE_OFF: Explained("The phone was off, out of reach, or its carrier had trouble", W.PROVIDER),
    M.TOO_FAST: Explained(
        "They wanted fewer messages at a time, until it was too late",
        W.US,
        "Send more slowly next time: DISPATCH_RATE_DOMAINS, DISPATCH_RATE_EMAIL or DISPATCH_RATE_SMS.",
    ),
    M.TAKEN_FOR_SPAM: Explained(
        "Their server refused this email as spam, or by a rule of its own",
        W.US,
        "Read the servers' words in `dispatch log --alert {alert}`; look with `dispatch check` and "
        "`dispatch doctor` before the next alert.",
    ),
    M.TEXT_FILTERED: Explained(
        "A carrier filtered or blocked the text",
        W.US,
        "Look at the registration in Twilio's console, and at the text with `dispatch check`. Filtered texts "
        "are billed all the same.",
    ),
    M.REFUSED_BARE: Explained(
        "Refused without a reason; the address stays, and counts as refused once",
        W.PROVIDER,
        "Nothing now: who refuses again and again isn't written to any more.",
    ),
    M.THIS_MESSAGE: Explained(
        "This message was too long or in a form that they don't take",
        W.US,
        "Look with `dispatch check`; shorten it before the next alert.",
    ),
    M.UNWRITABLE: Explained(
        "The address has letters that our provider can't send to",
        W.US,
        "Ask the provider for SMTPUTF8, or these people for another address.",
    ),
    M.OUR_STANDING: Explained(
        "The provider or their server refused us: login, account, authentication or reputation",
        W.US,
        "`dispatch doctor` says what to mend; then `dispatch retry {alert} --failed`.",
    ),
    M.UNREGISTERED: Explained(
        "Our number isn't registered, or not allowed to text there",
        W.US,
        "Finish the registration in Twilio's console; then `dispatch retry {alert} --failed`.",
    ),
    M.TEMPLATE: Explained(
        "The message couldn't be written: the template fails for these people",
        W.US,
        "`dispatch retry {alert} --failed` says why; mend the files first.",
    ),
    M.OUR_MACHINE: Explained(
        "Our own machine couldn't send: no connection, or no room on the disk",
        W.US,
        "`dispatch doctor` says what to mend; then `dispatch retry {alert} --failed`.",
    ),
    M.NO_ANSWER: Explained(
        "The provider's answer never came: they may have it, or not",
        W.NOBODY,
        "If it matters more that everybody has it than that nobody has it twice: "
        "`dispatch retry {alert} --uncertain`. Else leave it.",
    ),
    M.RESTORED: Explained(
        "The database was put back from a backup: they may have it, or not",
        W.NOBODY,
        "Leave it, or `dispatch retry {alert} --uncertain` if getting it twice does no harm.",
    ),
    M.TOO_LATE: Explained(
        "The alert's deadline passed first",
        W.NOBODY,
        "Begin earlier next time, or raise the rate limits.",
    ),
    M.KEPT_OUT: Explained(
        "They asked not to be contacted, or their address died, before their turn", W.PERSON
    ),
    M.LEFT_BEFORE: Explained("They had left the list before their turn came", W.PERSON),
    M.HAD_ACTED: Explained("They had done what it asks for before their turn came", W.PERSON),
    M.NO_ADDRESS: Explained("They had no such address any more when their turn came", W.PERSON),
    M.FOR_PRACTICE: Explained("A practice person's address: nothing real ever goes there", W.US),
    M.NO_HOUR: Explained("No hour was decent in all the time zones that the number may be in", W.NOBODY),
    M.CANCELLED: Explained("Somebody cancelled the alert before their turn came", W.US),
    M.TRIED_AGAIN: Explained("Not taken yet: it is tried again by itself", W.NOBODY),
    M.UNKNOWN: Explained(
        "Refused without a reason that we know",
        W.PROVIDER,
        "Read the provider's words in `dispatch log --alert {alert}`.",
    ),
}
