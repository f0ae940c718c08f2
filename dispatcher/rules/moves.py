"""The one table of a message's moves. Nothing else decides what may follow what."""

from enum import StrEnum


class Status(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


S = Status

MOVES: dict[Status, frozenset[Status]] = {
    S.QUEUED: frozenset({S.SENDING, S.SKIPPED, S.CANCELLED}),
    S.SENDING: frozenset({S.SENT, S.DELIVERED, S.BOUNCED, S.COMPLAINED, S.QUEUED, S.FAILED, S.UNCERTAIN}),
    S.SENT: frozenset({S.DELIVERED, S.BOUNCED, S.COMPLAINED, S.FAILED}),
    S.DELIVERED: frozenset({S.BOUNCED, S.COMPLAINED}),
    S.UNCERTAIN: frozenset({S.SENT, S.DELIVERED, S.BOUNCED, S.COMPLAINED, S.FAILED}),
    S.BOUNCED: frozenset(),
    S.COMPLAINED: frozenset(),
    S.FAILED: frozenset(),
    S.SKIPPED: frozenset(),
    S.CANCELLED: frozenset(),
}

# What only a person may decide (`dispatch retry`): to try again what may have arrived, or has failed.
MOVES_BY_A_PERSON: dict[Status, frozenset[Status]] = {
    S.UNCERTAIN: frozenset({S.QUEUED}),
    S.FAILED: frozenset({S.QUEUED}),
}

# What only an event may say of a message that waits (again): it was taken, or has arrived, after all. It had
# been given up as uncertain, or the database was put back to an earlier day; it must not go a second time.
MOVES_BY_AN_EVENT: dict[Status, frozenset[Status]] = {
    S.QUEUED: frozenset({S.SENT, S.DELIVERED, S.BOUNCED, S.COMPLAINED}),
}

# A message in one of these may still leave the house without anybody deciding anew.
OPEN: frozenset[Status] = frozenset({S.QUEUED, S.SENDING})


def may_move(old: Status, new: Status, *, by_person: bool = False, by_event: bool = False) -> bool:
    """Whether a message in `old` may become `new`; a repeated status is not a move."""
    if new in MOVES[old]:
        return True
    if by_event and new in MOVES_BY_AN_EVENT.get(old, frozenset()):
        return True
    return by_person and new in MOVES_BY_A_PERSON.get(old, frozenset())


def sources_of(new: Status, *, by_person: bool = False) -> frozenset[Status]:
    """Every status from which a message may become `new`: the WHERE of an update in SQL."""
    return frozenset(old for old in Status if may_move(old, new, by_person=by_person))
