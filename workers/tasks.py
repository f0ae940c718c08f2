"""The tasks: arguments in, use case called, result mapped. None is retried: the timer finds what is left."""

from dispatcher.queue import DELIVER, SWEEP, fill_up, wake
from dispatcher.rules.alert import Channel
from dispatcher.usecases import deliver as delivery
from workers.app import app
from workers.bell import bell
from workers.child import Tools, child, in_child
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


@app.task(name=SWEEP)
@in_child
def sweep(tools: Tools) -> None:
    """Reap, open what is scheduled, wake as many processes as there are for each channel that has work, and
    see to it that staff are told what they must know.
    """
    try:
        bell.ring(tools.house)  # first: what keeps the rest from being done is worth telling, too
        for channel in delivery.sweep(tools.house):
            tools.crew.say_due(channel)
            fill_up(tools.settings, channel, tools.crew.processes())
        if shared.until_idle:
            shared.note_idle(idle=delivery.idle(tools.house, tools.settings.practice))
    finally:
        tools.crew.swept()
