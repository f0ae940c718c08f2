"""What staff did that somebody may have to answer for: noted with what it is about, and read again."""

import os
import pwd
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import StaffAct

_WHO_LENGTH = 64
_ACT_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Act:
    """One act as staff see it."""

    number: int
    at: datetime
    who: str
    act: str
    detail: str
    reason: str


def note_act(session: Session, act: str, detail: str, reason: str) -> None:
    """Note an act ("hold on", "export") in the transaction that does it. No address may be in its words.

    Who: the operating system's user, whatever the environment says.
    """
    session.add(StaffAct(who=who_is_here(), act=act[:_ACT_LENGTH], detail=detail, reason=reason))
    session.flush()


def who_is_here() -> str:
    """Who runs this: the operating system's user, whatever the environment says."""
    return user_name(os.getuid())[:_WHO_LENGTH]


def read_acts(session: Session, limit: int | None = None) -> Iterator[Act]:
    """Acts, the newest first."""
    for row in session.scalars(select(StaffAct).order_by(StaffAct.id.desc()).limit(limit)):
        yield Act(row.id, row.at, row.who, row.act, row.detail, row.reason)


def user_name(uid: int) -> str:
    """What the operating system calls a user."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:  # a container's user without a name
        return f"user {uid}"
