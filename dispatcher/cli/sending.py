"""Show who will get what, ask, open or continue the alert, and follow it."""

from collections.abc import Iterator

from dispatcher.cli.counting import messages, people
from dispatcher.cli.following import follow, look
from dispatcher.cli.out import confirm, emit, marked, note, say
from dispatcher.cli.plan_words import plan_json, plan_lines
from dispatcher.cli.progress_words import result_lines
from dispatcher.cli.serving import serving
from dispatcher.errors import NothingToSend
from dispatcher.house import House
from dispatcher.usecases.send_campaign import Plan, Request, carry_out, plan
from dispatcher.usecases.status import Progress

_TYPE_ABOVE = 1000  # people above which their number must be typed
_GOES_ON = {"running", "holding", "scheduled"}


def send(
    house: House,
    request: Request,
    *,
    dry_run: bool,
    yes: bool,
    wait: bool,
    as_json: bool,
    mark: bool = True,
) -> Progress | None:
    """Plan, show, ask, carry out, and follow; returns how far it is, None for a dry run.

    With JSON everything but the result goes to stderr. `mark` is whether practice must say so here.
    """
    planned = plan(house, request)
    speak = note if as_json else say
    now_at = None
    with marked(speak, practice=mark and planned.opening.practice):
        for line in plan_lines(planned):
            speak(line)
        if not dry_run:
            now_at, added = _carried_out(house, planned, yes=yes, wait=wait)
            for line in _result(planned, now_at, added):
                speak(line)
    if as_json:
        emit(now_at.as_json() if now_at else plan_json(planned))
    return now_at


def _carried_out(house: House, planned: Plan, *, yes: bool, wait: bool) -> tuple[Progress, int]:
    """How far the alert is, and how many messages were added to it."""
    if planned.survey.total:
        _ask(planned, yes=yes)
    elif planned.alert_id is None:
        raise NothingToSend(slug=planned.frozen.slug, reason=_why_nobody(planned))
    with serving(house) as service:
        opened = carry_out(house, planned)
        now_at = look(house, opened.alert_id)
        if now_at.state in _GOES_ON:
            service.wake()
        return follow(house, opened.alert_id, service.keep) if wait else now_at, opened.added


def _ask(planned: Plan, *, yes: bool) -> None:
    typed = str(planned.people) if planned.people > _TYPE_ABOVE else None
    confirm(f"Send {messages(planned.survey.total)} to {people(planned.people)}?", yes=yes, typed=typed)


def _why_nobody(planned: Plan) -> str:
    reasons = [
        f"{people(number)}: {reason}"
        for part in planned.survey.channels.values()
        for reason, number in part.left_out.items()
    ]
    lists = ", ".join(planned.opening.choice.lists)
    nobody = f"nobody has joined {lists} yet. Add people with `dispatch subscribers import`."
    return "; ".join(reasons) + "." if reasons else nobody


def _result(planned: Plan, now_at: Progress, added: int) -> Iterator[str]:
    if added == 0 and planned.alert_id is not None and now_at.state != "scheduled":
        yield "Everybody has this alert already, or has it coming: nobody was added, nobody gets it twice."
    yield from result_lines(now_at)
    if now_at.state in _GOES_ON:
        yield f"It goes on by itself. Look at it with `dispatch status {now_at.alert_id} --watch`."
