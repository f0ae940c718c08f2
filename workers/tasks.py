"""The tasks: arguments in, use case called, result mapped. None is retried: the timer finds what is left."""

from dispatcher.queue import (
    DELIVER,
    FEEDBACK,
    MAILBOX,
    NOTICES,
    SWEEP,
    WEBHOOKS,
    ask_for_errand,
    fill_up,
    wake,
    wake_for_feedback,
    wake_for_notices,
)
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases import deliver as delivery
from dispatcher.usecases.feedback.applying import apply_for, events_due
from dispatcher.usecases.mailbox.reading import mailbox_due, read_mailbox
from dispatcher.usecases.notices.sending import send_notices
from dispatcher.usecases.notices.waiting import anything_due, tidy_notices
from dispatcher.usecases.webhooks.turn import anything_untold, take_turn, webhooks_wait
from workers.app import app
from workers.bell import bell
from workers.child import Tools, child, in_child
from workers.housekeeping import broom
from workers.shared import shared

_LONGEST_TURN = 5.0  # seconds: how long a process stays with a channel before it looks who else has work


@app.task(name=DELIVER)
@in_child
def deliver(tools: Tools, channel: str) -> None:
    """Take a turn at a channel, and have another one follow while there is work. With enough processes there
    already (most wait for a limit, say) this one returns at once and is free for the other channel.
    """
    served = Channel(channel)
    with tools.crew.seat(served, tools.settings.rate(served)) as seat:
        if seat is None:
            return
        stop = child.stop_at(seat)
        turn = min(_LONGEST_TURN, tools.settings.lease_seconds / 4)  # its last mini-batch ends in time
        more = delivery.run(tools.house, served, tools.senders, tools.limiter, stop, turn)
    if more:
        tools.crew.say_due(served)
        wake(tools.settings, served)


@app.task(name=NOTICES)
@in_child
def notices(tools: Tools, channel: str) -> None:
    """Send the single messages that are due on a channel."""
    served = Channel(channel)
    turn = min(_LONGEST_TURN, tools.settings.lease_seconds / 4)
    sender = tools.senders[served]
    if send_notices(tools.house, served, sender, tools.limiter, child.stopping, turn):
        wake_for_notices(tools.settings, served)


@app.task(name=FEEDBACK)
@in_child
def feedback(tools: Tools) -> None:
    """Apply what providers told."""
    if apply_for(tools.house, child.stopping, _LONGEST_TURN):
        wake_for_feedback(tools.settings)


@app.task(name=MAILBOX)
@in_child
def mailbox(tools: Tools) -> None:
    """Read what is new in the mailbox; what there is no time for is asked for by the next sweep."""
    if mailbox_due(tools.house):
        read_mailbox(tools.house, Signer.load(tools.settings), child.stopping)


@app.task(name=WEBHOOKS)
@in_child
def webhooks(tools: Tools) -> None:
    """Find what webhooks are to be told, and tell it."""
    if take_turn(tools.house, child.stopping, _LONGEST_TURN):
        ask_for_errand(tools.settings, WEBHOOKS)


@app.task(name=SWEEP)
@in_child
def sweep(tools: Tools) -> None:
    """Reap, open what is scheduled, wake as many processes as there are for each channel that has work, and
    see to it that staff are told what they must know.
    """
    try:
        bell.ring(tools.house)  # first: what keeps the rest from being done is worth telling, too
        tidy_notices(tools.house)
        due = [channel for channel in Channel if anything_due(tools.house, channel)]
        for channel in due:
            wake_for_notices(tools.settings, channel)
        told = events_due(tools.house)
        if told:
            wake_for_feedback(tools.settings)
        if mailbox_due(tools.house):
            ask_for_errand(tools.settings, MAILBOX)
        if webhooks_wait(tools.house):
            ask_for_errand(tools.settings, WEBHOOKS)
        for channel in delivery.sweep(tools.house):
            tools.crew.say_due(channel)
            fill_up(tools.settings, channel, tools.crew.processes())
        broom.sweep(tools.house)
        if shared.until_idle:
            idle = not due and not told and delivery.idle(tools.house, tools.settings.practice)
            shared.note_idle(idle=idle and not anything_untold(tools.house))
    finally:
        tools.crew.swept()
