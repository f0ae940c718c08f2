"""`dispatch retention` and `dispatch hold`."""

import json

from cli_desk import CliDesk
from people import add_list, add_person

from dispatcher.db import db_now
from dispatcher.models import StopTold

TOLD = "when a number was told how to stop"


def told_long_ago(cli: CliDesk) -> None:
    with cli.house.db.transaction() as session:
        session.add(StopTold(address_key=b"k" * 16, told_at=db_now(-40 * 86_400)))


def test_what_is_kept_for_how_long_is_shown(cli: CliDesk) -> None:
    told_long_ago(cli)
    shown = cli.run("retention").stdout
    assert "90 days; 30 if sensitive" in shown
    kinds = json.loads(cli.run("retention", "--json").stdout)["kinds"]
    assert {"what": TOLD, "kept": "30 days", "due": 1}.items() <= next(
        kind for kind in kinds if kind["what"] == TOLD
    ).items()


def test_a_dry_run_deletes_nothing_and_a_run_does(cli: CliDesk) -> None:
    told_long_ago(cli)
    dry = cli.run("retention", "run", "--dry-run")
    assert TOLD in dry.stdout
    assert "nothing was deleted" in dry.stderr
    assert json.loads(cli.run("retention", "run", "--json").stdout)["counts"] == {TOLD: 1}
    assert "Nothing is due." in cli.run("retention", "run").stdout


def test_a_hold_stops_it_and_forgetting_waits(cli: CliDesk) -> None:
    told_long_ago(cli)
    add_list(cli.house)
    add_person(cli.house, email="maria@example.org")
    assert "No hold" in cli.run("hold", "show").stdout
    assert "a subpoena" in cli.run("hold", "on", "--reason", "a subpoena").stdout
    assert "legal hold" in cli.run("retention").stderr
    assert "legal hold" in cli.run("retention", "run").stderr
    forgotten = cli.run("subscribers", "forget", "1", "--yes", "--reason", "she asked")
    assert "erased when it ends" in forgotten.stderr
    assert json.loads(cli.run("hold", "show", "--json").stdout)["hold"]["waiting"] == 1
    assert "dispatch hold off" in cli.run("hold", "on", "--reason", "again", expect=1).stderr
    assert "legal hold" in cli.run("subscribers", "import", "--undo", "1", expect=1).stderr
    assert "legal hold" in cli.run("status").stderr
    cli.run("hold", "off", expect=1)  # nobody is there to ask
    ended = cli.run("hold", "off", "--yes", "--reason", "settled")
    assert "1 people who had asked" in ended.stderr
    cli.run("subscribers", "show", "1", expect=1)
    assert json.loads(cli.run("hold", "show", "--json").stdout) == {"hold": None}
    acts = json.loads(cli.run("acts", "ls", "--json").stdout)["acts"]
    assert [act["act"] for act in acts] == ["hold off", "forget", "hold on"]


def test_a_hold_that_is_not_on_cannot_be_ended(cli: CliDesk) -> None:
    assert "no legal hold" in cli.run("hold", "off", "--yes", expect=1).stderr
