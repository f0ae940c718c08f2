"""`dispatch exposure`."""

import json

from cli_desk import CliDesk
from people import add_list, add_people


def test_it_is_told_thief_by_thief_with_what_shrinks_each(cli: CliDesk) -> None:
    add_list(cli.house, sensitive=True)
    add_people(cli.house, 3)
    told = cli.run("exposure").stdout
    assert told.startswith("A copy of the database, or a backup, without the data key\n  note   3 people.")
    assert "\n\nThis machine\n  tells  The data key lies in this machine's settings" in told
    assert "         `dispatch retention run`" in told
    assert "person1" not in told
    assert "daca" not in told


def test_programs_get_the_same_as_json(cli: CliDesk) -> None:
    rows = json.loads(cli.run("exposure", "--json").stdout)["exposed"]
    assert {row["taken"] for row in rows} == {"database", "machine", "sms", "email", "redis"}
    assert set(rows[0]) == {"taken", "code", "tells", "count", "words", "shrink"}
