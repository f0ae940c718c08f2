"""Consent: the acts of the ledger and how they project to a subscription."""

from enum import StrEnum


class ConsentAct(StrEnum):
    JOINED = "joined"
    LEFT = "left"
    TAKEN_BACK = "taken_back"  # an import was undone: nobody's own act, so it keeps nobody out later


class SuppressionReason(StrEnum):
    """Why an address must not be contacted by the whole organisation."""

    STOP = "stop"  # a text's STOP, or an opt-out taken by phone
    BOUNCED = "bounced"  # the address is dead
    COMPLAINED = "complained"
    FORGOTTEN = "forgotten"  # only the keyed hash is left
    BY_STAFF = "by_staff"
    OPTED_OUT = "opted_out"  # by themselves: on a page, in a mail, in an answer, on the organisation's site
    MOVED = "moved"  # its owner has another one now: whoever gets the number next isn't the person we mean


def own_act_lifts(reason: SuppressionReason, *, by_text: bool) -> bool:
    """Whether a sign-up that its address has confirmed ends a suppression.

    A number's STOP is ended by START alone: carriers hold it, and our lifting it would change nothing there.
    """
    return not (by_text and reason is SuppressionReason.STOP)


def may_join(last_act: ConsentAct | None, *, own_act: bool) -> bool:
    """Whether a new consent counts: who has left comes back only by an act of their own, not by an import."""
    return own_act or last_act is not ConsentAct.LEFT
