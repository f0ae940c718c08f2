"""Pause, resume, cancel and correct, for the alerts that staff mean."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import click
from sqlalchemy.orm import Session

from dispatcher.cli.counting import messages
from dispatcher.cli.following import look
from dispatcher.cli.opening import open_house
from dispatcher.cli.out import confirm, emit, note, say
from dispatcher.cli.serving import serving
from dispatcher.content.frozen import Frozen
from dispatcher.errors import NoSuchAlert, NothingToCorrect
from dispatcher.house import House
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.usecases import steer
from dispatcher.usecases.status import resolve_alert


@dataclass(frozen=True, slots=True)
class _Verb:
    """What can be done to alerts, and which can have it done to them."""

    name: str
    states: tuple[AlertState, ...]
    which: str


_GOING = (AlertState.RUNNING, AlertState.SCHEDULED)
_PAUSE = _Verb("pause", _GOING, "is being sent or scheduled")
_RESUME = _Verb("resume", (AlertState.PAUSED,), "is paused")
_CANCEL = _Verb("cancel", (*_GOING, AlertState.PAUSED), "is being sent, scheduled or paused")
_CORRECT = _Verb("correct", _CANCEL.states, _CANCEL.which)
_Act = Callable[[Session, int], str]  # changes one alert; its words for staff


def pause(alert: str | None, *, everything: bool, as_json: bool) -> None:
    """Pause, and say how many messages are with the provider already."""
    house = open_house()
    _each(house, _meant(house, alert, _PAUSE, everything=everything), _paused, as_json=as_json)


def resume(alert: str | None, *, everything: bool, as_json: bool) -> None:
    """Go on, and wake the workers."""
    house = open_house()
    meant = _meant(house, alert, _RESUME, everything=everything)
    with serving(house) as service:
        _each(house, meant, _resumed, as_json=as_json)
        service.wake()


def cancel(alert: str | None, *, everything: bool, yes: bool, as_json: bool) -> None:
    """Ask, then end for good."""
    house = open_house()
    meant = _meant(house, alert, _CANCEL, everything=everything)
    if meant:
        queued = sum(look(house, alert_id).count(Status.QUEUED) for alert_id in meant)
        confirm(f"Cancel {_names(house, meant)} for good? {messages(queued)} would never be sent.", yes=yes)
    _each(house, meant, _cancelled, as_json=as_json)


def correct(alert: str | None, *, everything: bool, yes: bool, as_json: bool) -> None:
    """Show how the campaign's files differ from what is being sent, ask, and give them to who still waits."""
    house = open_house()
    corrections = {
        alert_id: _agreed_correction(house, alert_id, yes=yes)
        for alert_id in _meant(house, alert, _CORRECT, everything=everything)
    }
    with serving(house) as service:
        corrected = partial(_corrected, house=house, corrections=corrections)
        _each(house, list(corrections), corrected, as_json=as_json)
        service.wake()


def _agreed_correction(house: House, alert_id: int, *, yes: bool) -> Frozen:
    from dispatcher.usecases.correct import corrected_content

    with house.db.reading() as session:
        frozen = corrected_content(session, house.settings, alert_id)
        lines = steer.correction(session, alert_id, frozen)
    if not lines:
        raise NothingToCorrect(alert=alert_id, slug=frozen.slug)
    queued = look(house, alert_id).count(Status.QUEUED)
    note("\n".join(lines))
    confirm(f"Send this to those who still wait ({messages(queued)})?", yes=yes)
    return frozen


def _paused(session: Session, alert_id: int) -> str:
    in_flight = steer.pause(session, alert_id)
    left = f" {messages(in_flight)} had been handed to the provider already." if in_flight else ""
    return f"Alert {alert_id} is paused.{left} Go on with `dispatch resume {alert_id}`."


def _resumed(session: Session, alert_id: int) -> str:
    steer.resume(session, alert_id)
    return f"Alert {alert_id} goes on. Look at it with `dispatch status {alert_id} --watch`."


def _cancelled(session: Session, alert_id: int) -> str:
    return f"Alert {alert_id} is cancelled; {messages(steer.cancel(session, alert_id))} will never be sent."


def _corrected(session: Session, alert_id: int, house: House, corrections: dict[int, Frozen]) -> str:
    queued = steer.correct(session, house.settings, alert_id, corrections[alert_id])
    if not queued:
        return f"Alert {alert_id} has the correction, but nobody was waiting any more."
    return f"Alert {alert_id} goes on with the correction: {messages(queued)} to come carry it."


def _meant(house: House, alert: str | None, verb: _Verb, *, everything: bool) -> list[int]:
    """The alert that was named; without a name the only one that can be meant, or a usage error that says so.

    Raises NoSuchAlert when there is none at all; with --all that is nobody's fault.
    """
    if alert is not None and everything:
        raise click.UsageError("Name an alert, or say --all.")
    with house.db.reading() as session:
        if alert is not None:
            return [resolve_alert(session, alert)]
        candidates = list(steer.active_alerts(session, *verb.states))
    if not candidates and not everything:
        raise NoSuchAlert(state=verb.which, verb=verb.name)
    if len(candidates) > 1 and not everything:
        which = _names(house, candidates)
        raise click.UsageError(f"Which one? There are {which}. Name one, or say --all.")
    return candidates


def _names(house: House, alert_ids: list[int]) -> str:
    """`alert 2 (senators), alert 3 (daca)`."""
    return ", ".join(f"alert {number} ({look(house, number).slug})" for number in alert_ids)


def _each(house: House, alert_ids: list[int], act: _Act, *, as_json: bool) -> None:
    done = []
    for alert_id in alert_ids:
        with house.db.transaction() as session:
            words = act(session, alert_id)
        done.append(look(house, alert_id).as_json())
        if not as_json:
            say(words)
    if as_json:
        emit({"alerts": done})
    elif not done:
        say("There was nothing to do.")
