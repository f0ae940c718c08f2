"""`dispatch retry`: queue failed or uncertain messages again, by a person's decision."""

from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import confirm, emit, json_option, note, say
from dispatcher.rules.moves import Status

if TYPE_CHECKING:
    from dispatcher.house import House

_WARNING = {
    Status.FAILED: "They didn't arrive.",
    Status.UNCERTAIN: "Each may have arrived already: who got it would get it twice.",
}


@click.command()
@click.argument("alert", metavar="ALERT|SLUG")
@click.option("--failed", "status", flag_value=Status.FAILED, type=Status, help="Those that failed.")
@click.option(
    "--uncertain", "status", flag_value=Status.UNCERTAIN, type=Status, help="Those whose answer was lost."
)
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def command(alert: str, status: Status | None, yes: bool, as_json: bool) -> None:
    """Show why messages failed or are uncertain, ask, and queue them again."""
    if status is None:
        raise click.UsageError("Say which: --failed or --uncertain.")
    from dispatcher.cli.following import look
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.progress_words import result_lines
    from dispatcher.usecases.retry import reasons
    from dispatcher.usecases.status import resolve_alert

    house = open_house()
    with house.db.reading() as session:
        alert_id = resolve_alert(session, alert)
        found = reasons(session, alert_id, status)
    for reason, number in found:
        (note if as_json else say)(f"  {number:>9,}  {reason}")
    queued = _queue(house, alert_id, status, sum(number for _, number in found), yes=yes) if found else 0
    now_at = look(house, alert_id)
    if as_json:
        emit({"queued": queued, **now_at.as_json()})
        return
    say(f"{queued:,} queued again." if queued else f"No message of alert {alert_id} is {status}.")
    for line in result_lines(now_at):
        say(line)


def _queue(house: "House", alert_id: int, status: Status, total: int, *, yes: bool) -> int:
    from dispatcher.cli.counting import messages
    from dispatcher.cli.serving import serving
    from dispatcher.usecases.retry import retry

    confirm(f"{_WARNING[status]} Queue {messages(total)} of alert {alert_id} again?", yes=yes)
    with serving(house) as service:
        with house.db.transaction() as session:
            queued = retry(session, alert_id, status)
        service.wake()
    return queued
