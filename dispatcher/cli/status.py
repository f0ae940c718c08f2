"""`dispatch status`: what is being sent, and how far it is."""

import click

from dispatcher.cli.out import PRACTICE, emit, json_option, note, say

_UNDER_WAY = {"running", "holding", "scheduled"}


@click.command()
@click.argument("alert", required=False, metavar="[ALERT|SLUG]")
@click.option("--watch", is_flag=True, help="Stay with it until everything that may go has gone.")
@json_option
def command(alert: str | None, watch: bool, as_json: bool) -> None:
    """Every alert, newest first; or one, by its number or its campaign."""
    from dispatcher.cli.following import follow
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.progress_words import result_lines
    from dispatcher.cli.serving import NO_WORKER
    from dispatcher.embedded import worker_missing
    from dispatcher.usecases.status import all_progress, progress, resolve_alert

    house = open_house()
    with house.db.reading() as session:
        one_alert = alert is not None or watch
        found = [progress(session, resolve_alert(session, alert))] if one_alert else all_progress(session)
    if any(one.state in _UNDER_WAY for one in found) and worker_missing(house.settings):
        note(NO_WORKER)
    if watch:
        found = [follow(house, one.alert_id) for one in found]
    if as_json:
        emit({"alerts": [one.as_json() for one in found]})
        return
    for one in found:
        for line in result_lines(one):
            say(line)
        if one.practice:
            say(f"  {PRACTICE}")
    if not found:
        say("No alert yet. Send one with `dispatch send --campaign daca`; `dispatch campaigns ls` has more.")
