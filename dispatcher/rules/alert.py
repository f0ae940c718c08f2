"""The states of an alert, and what a person sees of them."""

from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class AlertState(StrEnum):
    SCHEDULED = "scheduled"  # opened with --at: the audience is laid out at that time
    RUNNING = "running"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    CLOSED = "closed"  # retention has begun to delete its messages: never continued


# `resume` of an alert paused while scheduled goes back to SCHEDULED only until its audience is laid out.
ALERT_MOVES: dict[AlertState, frozenset[AlertState]] = {
    AlertState.SCHEDULED: frozenset({AlertState.RUNNING, AlertState.PAUSED, AlertState.CANCELLED}),
    AlertState.RUNNING: frozenset({AlertState.PAUSED, AlertState.CANCELLED, AlertState.CLOSED}),
    AlertState.PAUSED: frozenset(
        {AlertState.RUNNING, AlertState.SCHEDULED, AlertState.CANCELLED, AlertState.CLOSED}
    ),
    AlertState.CANCELLED: frozenset({AlertState.CLOSED}),
    AlertState.CLOSED: frozenset(),
}


def may_move_alert(old: AlertState, new: AlertState) -> bool:
    """Whether an alert in `old` may become `new`."""
    return new in ALERT_MOVES[old]


def shown_state(state: AlertState, *, queued: int, sending: int, due: int) -> str:
    """What staff see: a running alert with nothing open is `finished`, with nothing due yet `holding`.

    `queued` and `sending` are numbers of messages; `due` is how many of the queued may go now.
    """
    if state is not AlertState.RUNNING:
        return str(state)
    if queued == 0 and sending == 0:
        return "finished"
    if due == 0 and sending == 0:
        return "holding"
    return "running"
