"""`dispatch backup` and `restore`, whole: nobody gets a message twice, nobody who has left gets one."""

import json
import stat
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from conftest import OpenHouse
from earlier import kept
from hand_over import hand_over
from people import add_list, add_people

from dispatcher.rules.alert import Channel
from fakes.smtp import SmtpServer

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}
LEAVER = "person2@example.org"


@pytest.fixture
def staff(
    open_house_with: OpenHouse, any_database_url: str, redis_url: str, smtp_server: SmtpServer, tmp_path: Path
) -> CliDesk:
    """The command line of a house with five people on the list, a campaign, and a relay that keeps what it
    takes.
    """
    relay = {"email_url": f"{smtp_server.url}?starttls=no", "rate_email": "none"}
    house = open_house_with(database_url=any_database_url, redis_url=redis_url, **relay, **WHO)
    add_list(house)
    add_people(house, 5, channels=[Channel.EMAIL])
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    return CliDesk(house)


def send(staff: CliDesk, *options: str) -> None:
    staff.run("send", "--campaign", "budget", "--yes", *options)


def alert(staff: CliDesk, number: int = 1) -> Any:
    return json.loads(staff.run("status", str(number), "--json").stdout)["alerts"][0]


def code_of(staff: CliDesk, *words: str) -> str:
    refused = staff.run(*words, "--json", expect=1)
    return str(json.loads(refused.stdout)["error"]["code"])


def test_a_restored_database_sends_nobody_anything_twice_nor_to_who_has_left(
    staff: CliDesk, smtp_server: SmtpServer
) -> None:
    send(staff)
    made = staff.run("backup", "backup")
    assert "messages 5" in made.stdout
    assert "The data key (DISPATCH_DATA_KEY) is not in it." in made.stderr
    hand_over(staff.house)
    assert len(smtp_server.received) == 5
    staff.run("subscribers", "unsubscribe", LEAVER)

    staff.house.db.close()
    told = staff.run("restore", "backup", "--yes").stdout
    assert "Paused alerts: 1. Uncertain messages, which may have been sent: 5." in told
    assert "New opt-outs: 2." in told
    hand_over(staff.house)
    assert len(smtp_server.received) == 5  # nobody twice

    now_at = alert(staff)
    assert (now_at["state"], now_at["counts"]) == ("paused", {"email": {"uncertain": 5}})
    assert "dispatch retry 1 --uncertain" in now_at["reason"]
    staff.run("retry", "1", "--uncertain", "--yes")
    staff.run("resume", "1")
    hand_over(staff.house)
    assert Counter(smtp_server.recipients)[LEAVER] == 1  # from before
    assert Counter(smtp_server.recipients).total() == 9  # the others again, by staff's decision
    assert alert(staff)["counts"] == {"email": {"sent": 4, "skipped": 1}}


def test_a_database_put_back_by_hand_refuses_to_send_until_its_journal_is_replayed(
    staff: CliDesk, smtp_server: SmtpServer
) -> None:
    with kept(staff.house) as put_back:
        send(staff)
        hand_over(staff.house)
        staff.run("subscribers", "unsubscribe", LEAVER)
        ids = {message["message"] for message in log(staff)}
        put_back()
        assert code_of(staff, "send", "--campaign", "budget", "--yes") == "database_older"
        assert code_of(staff, "send", "--campaign", "budget", "--dry-run") == "database_older"
        assert staff.run("doctor", expect=1).stdout.count("WRONG  journal") == 1
        assert code_of(staff, "restore", "--replay") == "not_confirmed"

        told = json.loads(staff.run("restore", "--replay", "--yes", "--json").stdout)
        assert (told["alerts_paused"], told["uncertain"], told["opt_outs"]) == (0, 0, 2)
        (lost,) = told["lost_alerts"]
        assert (lost["alert"], lost["campaign"], lost["messages"]) == (1, "budget", 5)
        assert code_of(staff, "send", "--campaign", "budget", "--yes") == "alert_not_running"
        assert len(smtp_server.received) == 5

        send(staff, "--again", "second try")
        hand_over(staff.house)
    assert Counter(smtp_server.recipients)[LEAVER] == 1
    assert len(smtp_server.received) == 9
    later = {row["message"] for row in log(staff)}
    assert min(later) > max(ids)  # a Message-ID is one person's
    assert "nothing to replay" in staff.run("restore", "--replay", "--yes").stdout
    assert json.loads(staff.run("restore", "--replay", "--yes", "--json").stdout)["entries"] == 0


def log(staff: CliDesk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in staff.run("log", "--format", "jsonl").stdout.splitlines()]


def test_a_backup_is_private_and_replaces_nothing_unasked(staff: CliDesk) -> None:
    facts = json.loads(staff.run("backup", "backup", "--json").stdout)
    assert facts["rows"] == {"subscribers": 5, "lists": 1, "alerts": 0, "messages": 0}
    assert facts["bytes"] == Path("backup").stat().st_size
    assert stat.S_IMODE(Path("backup").stat().st_mode) == 0o600
    assert code_of(staff, "backup", "backup") == "not_confirmed"
    staff.run("backup", "backup", "--yes")
    assert "the last one was made" in staff.run("doctor", expect=1).stdout


def test_a_restore_asks_before_it_replaces_anything(staff: CliDesk) -> None:
    staff.run("backup", "backup")
    refused = staff.run("restore", "backup", expect=1)
    assert "Look it over, then run it again with --yes" in refused.stderr
    assert json.loads(staff.run("restore", "backup", "--yes", "--json").stdout)["uncertain"] == 0


@pytest.mark.parametrize("any_database_url", ["sqlite"], indirect=True)  # elsewhere its owner makes it
def test_a_backup_is_restored_where_there_is_no_database_yet(staff: CliDesk, tmp_path: Path) -> None:
    staff.run("backup", "backup")
    staff.house.db.close()
    for file in (tmp_path / "var").glob("dispatch.db*"):
        file.unlink()
    assert "is as it was in backup" in staff.run("restore", "backup").stdout
    assert len(staff.run("subscribers", "ls").stdout.splitlines()) == 6


def test_without_any_journal_it_says_what_is_lost(staff: CliDesk, tmp_path: Path) -> None:
    staff.run("backup", "backup")
    for file in (tmp_path / "var" / "journal").iterdir():
        file.unlink()
    assert code_of(staff, "restore", "--replay", "--yes") == "journal_missing"
    told = staff.run("restore", "--without-journal", "--yes").stdout
    assert "Paused alerts: 0." in told


def test_what_is_to_be_restored_must_be_said(staff: CliDesk) -> None:
    staff.run("backup", "backup")
    for words in ((), ("backup", "--replay")):
        assert "--replay after putting the database back" in staff.run("restore", *words, expect=2).stderr
    with_file = staff.run("restore", "backup", "--journal", "backup", expect=2)
    assert "--journal goes with --replay" in with_file.stderr
    assert "does not exist" in staff.run("restore", "nowhere", expect=2).stderr


def test_undone_imports_and_lost_alerts_are_told(staff: CliDesk, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("email\nmaria@example.org\n")
    staff.run("subscribers", "import", "people.csv", "--list", "daca", "--consent-source", "rally")
    staff.run("backup", "backup")
    staff.run("subscribers", "import", "--undo", "1")
    send(staff)
    told = staff.run("restore", "backup", "--yes").stdout
    assert "Import 1 was taken back again." in told
    assert "Alert 1 (budget): 5 messages made since are lost" in told
