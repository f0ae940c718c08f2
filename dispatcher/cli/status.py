"""`dispatch status`: what is being sent, and how far it is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import PRACTICE, emit, json_option, note, say

if TYPE_CHECKING:
    from dispatcher.rules.text_cost import TextCost
    from dispatcher.usecases.status import Progress

_UNDER_WAY = {"running", "holding", "scheduled"}


@click.command()
@click.argument("alert", required=False, metavar="[ALERT|SLUG]")
@click.option("--watch", is_flag=True, help="Stay with it until everything that may go has gone.")
@json_option
def command(alert: str | None, watch: bool, as_json: bool) -> None:
    """Every alert, newest first; or one, by its number or its campaign, and what its texts cost."""
    from dispatcher.cli.following import follow
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.progress_words import result_lines
    from dispatcher.cli.serving import NO_WORKER
    from dispatcher.embedded import worker_missing
    from dispatcher.rules.prices import Prices
    from dispatcher.usecases.hold import in_force
    from dispatcher.usecases.replies.reading import waiting_replies
    from dispatcher.usecases.status import all_progress, progress, resolve_alert
    from dispatcher.usecases.text_spending import spent

    house = open_house()
    one_alert = alert is not None or watch
    with house.db.reading() as session:
        found = [progress(session, resolve_alert(session, alert))] if one_alert else all_progress(session)
    if any(one.state in _UNDER_WAY for one in found) and worker_missing(house.settings):
        note(NO_WORKER)
    with house.db.reading() as session:
        held, replies = in_force(session), waiting_replies(session)
    if held:
        note("A legal hold is on: nothing is deleted (`dispatch hold show`).")
    if replies:
        wait = "1 reply waits" if replies == 1 else f"{replies:,} replies wait"
        note(f"{wait} for somebody to look (`dispatch replies ls`).")
    if watch:
        found = [follow(house, one.alert_id) for one in found]
    prices = house.settings.prices if one_alert else Prices()  # of all of them segments alone: that is quick
    with house.db.reading() as session:
        texts = [spent(session, prices, one.alert_id) for one in found]
    if as_json:
        emit({"alerts": [_as_json(one, cost) for one, cost in zip(found, texts, strict=True)]})
        return
    for one, cost in zip(found, texts, strict=True):
        for line in result_lines(one, cost):
            say(line)
        if one.practice:
            say(f"  {PRACTICE}")
    if not found:
        say("No alert yet. Send one with `dispatch send --campaign daca`; `dispatch campaigns ls` has more.")


def _as_json(one: "Progress", texts: "Mapping[str, TextCost]") -> dict[str, Any]:
    from dispatcher.cli.cost_words import cost_json

    return one.as_json() | {"texts": {language: cost_json(cost) for language, cost in texts.items()}}
