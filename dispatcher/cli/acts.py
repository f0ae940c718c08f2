"""`dispatch acts ls`: what staff did that somebody may have to answer for."""

import click

from dispatcher.cli.out import emit, json_option, say, table
from dispatcher.cli.whole_help import Group


@click.group(cls=Group)
def command() -> None:
    """Holds, exports and forgettings: who, when and why."""


@command.command("ls")
@click.option("--limit", type=click.IntRange(min=1), default=100, show_default=True)
@json_option
def list_acts(limit: int, as_json: bool) -> None:
    """The newest first. People are named by number alone."""
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.audit import read_acts

    with open_house().db.reading() as session:
        acts = list(read_acts(session, limit))
    if as_json:
        facts = [
            {
                "number": one.number,
                "at": one.at.isoformat(),
                "who": one.who,
                "act": one.act,
                "detail": one.detail,
                "reason": one.reason,
            }
            for one in acts
        ]
        emit({"acts": facts})
    elif acts:
        rows = [(f"{a.at.astimezone():%Y-%m-%d %H:%M}", a.who, a.act, a.detail, a.reason) for a in acts]
        table(("when", "who", "act", "", "reason"), rows)
    else:
        say("Nothing yet.")
