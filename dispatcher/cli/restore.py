"""`dispatch restore`: put a backup back, or settle a database that was put back by other means."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import confirm, emit, json_option, say

if TYPE_CHECKING:
    from dispatcher.usecases.restoring.replaying import Replayed

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("file", required=False, type=_FILE)
@click.option("--replay", is_flag=True, help="The database was put back by other means: settle it.")
@click.option("--journal", "journals", type=_FILE, multiple=True, help="A journal brought from another host.")
@click.option("--without-journal", is_flag=True, help="Settle it although a journal is lost for good.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@json_option
def command(
    file: Path | None,
    replay: bool,
    journals: tuple[Path, ...],
    without_journal: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Put the database back to what it was in FILE, a backup.

    Every alert is paused, what was still to be sent is uncertain, and whoever has left since, by the journal,
    has left. After a restore by other means (pg_restore, an old file, a snapshot) --replay does the same.
    """
    if (file is None) != (replay or without_journal):
        raise click.UsageError("Say FILE, a backup; or --replay after putting the database back yourself.")
    if file is not None and journals:
        raise click.UsageError("--journal goes with --replay: restore FILE first, then replay the journals.")
    if file is None:
        _replay(journals, without_journal=without_journal, yes=yes, as_json=as_json)
    else:
        _restore(file, yes=yes, as_json=as_json)


def _restore(file: Path, *, yes: bool, as_json: bool) -> None:
    from dispatcher.keyring import load_keyring
    from dispatcher.settings import load_settings
    from dispatcher.usecases.restore import restore, what_is_there

    settings = load_settings()
    keys = load_keyring(settings)
    if (there := what_is_there(settings, keys)) is not None:
        known = there.subscribers is not None
        holds = f"with {there.subscribers:,} subscribers" if known else "which can't be read"
        confirm(f"Replace the database {there.database}, {holds}, by {file}?", yes=yes)
    restored = restore(settings, keys, file)
    if as_json:
        emit({"database": restored.database, "journals": restored.journals, **_facts(restored.replayed)})
        return
    say(f"{restored.database} is as it was in {file}.")
    _tell(restored.replayed)
    if not restored.journals:
        say("There is no journal of it here: whoever has left since the backup is on the lists again.")


def _replay(journals: tuple[Path, ...], *, without_journal: bool, yes: bool, as_json: bool) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.restoring.by_hand import replay_journal

    house = open_house()
    confirm(
        "If the database is older than its journal, every alert is paused and what was still to be sent "
        "becomes uncertain. Go on?",
        yes=yes,
    )
    replayed = replay_journal(house, journals, without_journal=without_journal)
    if as_json:
        emit({"database": house.db.shown, **(_facts(replayed) if replayed else {"entries": 0})})
    elif replayed is None:
        say(f"{house.db.shown} knows all that its journal does: nothing to replay.")
    else:
        _tell(replayed)


def _facts(replayed: "Replayed") -> dict[str, object]:
    held = replayed.held
    return {
        "known_until": held.known_until,
        "alerts_paused": held.alerts,
        "uncertain": held.messages,
        "entries": replayed.entries,
        "opt_outs": replayed.opt_outs,
        "lost_alerts": [
            {"alert": lost.alert_id, "campaign": lost.campaign, "name": lost.name, "messages": lost.messages}
            for lost in replayed.lost_alerts
        ],
        "imports_undone": list(replayed.imports_to_undo),
    }


def _tell(replayed: "Replayed") -> None:
    from dispatcher.cli.counting import messages
    from dispatcher.usecases.restoring.holding import day

    held = replayed.held
    say(f"It knows what happened until {day(held.known_until)}.")
    say(f"Paused alerts: {held.alerts:,}. Uncertain messages, which may have been sent: {held.messages:,}.")
    say(f"Journal entries that are new to it: {replayed.entries:,}. New opt-outs: {replayed.opt_outs:,}.")
    for lost in replayed.lost_alerts:
        of = f"{lost.campaign} {lost.name}".strip()
        say(
            f"Alert {lost.alert_id} ({of}): {messages(lost.messages)} made since are lost; nobody knows who "
            "got them. Only --again opens that campaign's next alert."
        )
    for batch in replayed.imports_to_undo:
        say(f"Import {batch} was taken back again.")
    say("Look with `dispatch status`; `dispatch retry ALERT --uncertain` and `dispatch resume ALERT` go on.")
