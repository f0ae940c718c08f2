"""Stay with an alert until everything that may go has gone."""

import sys
import time
from collections.abc import Callable

import click

from dispatcher.cli.out import note
from dispatcher.cli.progress_bar import progress_bar
from dispatcher.house import House
from dispatcher.usecases.status import Progress, progress

_OVER = {"finished", "holding", "paused", "cancelled", "closed", "scheduled"}
_KEEP_EVERY = 3.0  # seconds
_QUICKEST, _SLOWEST = 0.25, 5.0  # seconds between two looks: counting a million takes its time,
_SHARE = 20  # and no more than a twentieth of it goes there


def follow(house: House, alert_id: int, keep: Callable[[], None] = lambda: None) -> Progress:
    """Look at the alert until it is finished, holding, paused or cancelled. Ctrl-C asks what to do.

    `keep` is called every few seconds: whoever is to send may have been killed meanwhile.
    """
    while True:
        try:
            with progress_bar() as show:
                return _follow(house, alert_id, show, keep)
        except KeyboardInterrupt:
            if not _go_on(house, alert_id):
                return look(house, alert_id)


def look(house: House, alert_id: int) -> Progress:
    """The alert as it is now."""
    with house.db.reading() as session:
        return progress(session, alert_id)


def _follow(
    house: House, alert_id: int, show: Callable[[Progress], None], keep: Callable[[], None]
) -> Progress:
    kept = time.monotonic()
    while True:
        began = time.monotonic()
        now_at = look(house, alert_id)
        show(now_at)
        if now_at.state in _OVER:
            return now_at
        if began - kept > _KEEP_EVERY:
            keep()
            kept = began
        time.sleep(min(_SLOWEST, max(_QUICKEST, _SHARE * (time.monotonic() - began))))


def _go_on(house: House, alert_id: int) -> bool:
    """After Ctrl-C: True to keep looking; False to leave, with the alert paused or running as was chosen."""
    note()
    choice = _choice() if sys.stdin.isatty() else "l"
    if choice == "p":
        _pause(house, alert_id)
    if choice == "l":
        note("The alert goes on without this window.")
    return choice == "g"


def _choice() -> str:
    """What to do. Another Ctrl-C is as good as leaving: nothing is stopped by impatience."""
    question = "[p]ause the alert, [l]eave it running without this window, or [g]o on looking?"
    try:
        answer = click.prompt(
            question, type=click.Choice(["p", "l", "g"]), show_choices=False, default="g", err=True
        )
    except click.Abort:
        note()
        return "l"
    return str(answer)


def _pause(house: House, alert_id: int) -> None:
    from dispatcher.usecases.steer import pause  # here: it brings what `status` does without

    with house.db.transaction() as session:
        in_flight = pause(session, alert_id)
    note(f"Paused; {in_flight} were with the provider already.")
