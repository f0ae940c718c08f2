"""`dispatch doctor`."""

import json
import re
from pathlib import Path

from cli_desk import CliDesk
from conftest import OpenHouse

from dispatcher.db import SCHEMA_VERSION
from fakes.chat import ChatServer


def test_a_house_that_is_well_is_told_part_by_part(cli: CliDesk) -> None:
    told = cli.run("doctor").stdout.splitlines()
    assert told[0] == f"ok     database      {cli.house.db.shown} is up to date, and its key is ours."
    assert (
        "note   worker        none alive; `dispatch send` and `dispatch web` start one when it is needed."
        in told
    )
    assert told[-1] == "All that is needed is well."
    assert not Path("var/redis/redis.sock").exists()  # what it started for a look is stopped


def test_what_is_not_right_is_told_with_what_to_do(open_house_with: OpenHouse, redis_url: str) -> None:
    told = CliDesk(open_house_with(redis_url=redis_url)).run("doctor", expect=1).stdout.splitlines()
    where = told.index("WRONG  worker        none is alive.")
    assert told[where + 1].strip() == "Start one: `dispatch worker`."
    assert re.fullmatch(r"1 of \d\d parts aren't right\.", told[-1])


def test_the_answer_as_json_has_every_part(open_house_with: OpenHouse, redis_url: str, cli: CliDesk) -> None:
    well = json.loads(cli.run("doctor", "--json").stdout)
    assert well["ok"] is True
    assert well["parts"][0]["part"] == "database"
    desk = CliDesk(open_house_with(redis_url=redis_url))
    answer = json.loads(desk.run("doctor", "--json", expect=1).stdout)
    assert (answer["ok"], answer["error"]["code"]) == (False, "not_well")
    (wrong,) = (part for part in answer["parts"] if part["ok"] is False)
    assert (wrong["part"], wrong["mend"]) == ("worker", "Start one: `dispatch worker`.")


def test_no_secret_is_shown(open_house_with: OpenHouse) -> None:
    url = "smtp://us:a-secret-password@127.0.0.1:1"
    told = CliDesk(open_house_with(email_url=url)).run("doctor", expect=1).output
    assert "127.0.0.1:1" in told
    assert "a-secret-password" not in told


def test_the_database_can_be_checked_alone(cli: CliDesk) -> None:
    answer = json.loads(cli.run("db", "check", "--json").stdout)
    assert answer == {"database": cli.house.db.shown, "version": SCHEMA_VERSION, "ok": True}
    assert "its key is ours" in cli.run("db", "check").stdout


def test_a_test_alarm_is_sent_when_it_is_asked_for(open_house_with: OpenHouse) -> None:
    with ChatServer() as chat:
        desk = CliDesk(open_house_with(alarm_url=chat.url))
        desk.run("doctor")
        assert chat.posted == []
        told = desk.run("doctor", "--alarm").stdout.splitlines()
        assert "ok     alarms        127.0.0.1: a test alarm was taken." in told
        assert len(chat.posted) == 1
        assert "a-secret" not in "".join(told)
