"""The tasks: arguments in, use case called, result mapped. None is retried: the timer finds what is left."""

from dispatcher.queue import DELIVER, NOTICES, SWEEP, fill_up, wake, wake_for_notices
from dispatcher.rules.alert import Channel
from dispatcher.usecases import deliver as delivery
from dispatcher.usecases.notices.sending import send_notices
from dispatcher.usecases.notices.waiting import anything_due, tidy_notices
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
        for channel in delivery.sweep(tools.house):
            tools.crew.say_due(channel)
            fill_up(tools.settings, channel, tools.crew.processes())
        broom.sweep(tools.house)
        if shared.until_idle:
            idle = not due and delivery.idle(tools.house, tools.settings.practice)
            shared.note_idle(idle=idle)
    finally:
        tools.crew.swept()
