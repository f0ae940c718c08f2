"""Who answers a reply, and when it is done with: also when a person sees that it meant STOP."""

from sqlalchemy.orm import Session

from dispatcher.models import Reply
from dispatcher.rules.free_text import Tier
from dispatcher.rules.replies import ReplyState
from dispatcher.usecases.audit import note_act
from dispatcher.usecases.leave import READ_AS_LEAVING
from dispatcher.usecases.leave_everything import leave_by_address
from dispatcher.usecases.replies.reading import find_reply


def assign(session: Session, number: int, to: str) -> str | None:
    """Give a reply to a member of staff; returns who had it before. Raises UnknownReply."""
    reply = find_reply(session, number, to_change=True)
    before, reply.assigned_to = reply.assigned_to, to
    session.flush()
    return before


def close(session: Session, number: int) -> None:
    """Nothing more is to be done about it. Raises UnknownReply."""
    _close(session, find_reply(session, number, to_change=True))


def reopen(session: Session, number: int) -> None:
    """It waits for somebody again. Who has left by it stays away. Raises UnknownReply."""
    find_reply(session, number, to_change=True).state = ReplyState.OPEN
    session.flush()


def close_as_leaving(session: Session, number: int) -> None:
    """Somebody has read it, and it meant STOP: the address leaves everything, as by a STOP.

    Whatever a reasonable person would take for one counts (47 CFR 64.1200(a)(10)). Raises UnknownReply.
    """
    reply = find_reply(session, number, to_change=True)
    leave_by_address(session, reply.channel, reply.address_key, READ_AS_LEAVING)
    reply.tier = Tier.LEAVES
    note_act(session, "reply read as STOP", f"reply {number}", "")
    _close(session, reply)


def _close(session: Session, reply: Reply) -> None:
    reply.state = ReplyState.CLOSED
    session.flush()
