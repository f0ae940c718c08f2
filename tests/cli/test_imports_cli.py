"""`dispatch subscribers import` and `imports`."""

import json
from pathlib import Path

import pytest
from cli_desk import CliDesk
from people import add_list

TWO = "Correo,Cell,Nombre,Parish\nmaria@example.org,(312) 555-0100,María,Pius\nnobody,,José,\n"
ASKED = ("--list", "daca", "--consent-source", "rally 12 May")


@pytest.fixture
def people_csv(cli: CliDesk, tmp_path: Path) -> str:
    add_list(cli.house)
    path = tmp_path / "people.csv"
    path.write_text(TWO, encoding="utf-8")
    return str(path)


def test_the_report_in_json_has_the_contracts_counts(cli: CliDesk, people_csv: str, tmp_path: Path) -> None:
    done = cli.run("subscribers", "import", people_csv, *ASKED, "--json")
    report = json.loads(done.stdout)
    counts = ("added", "updated", "unchanged", "rejected", "kept_out")
    assert [report[name] for name in counts] == [1, 0, 0, 1, 0]
    assert report["rejects_file"] == str(tmp_path / "people.rejects.csv")
    assert report["problems"] == {"no_at": 1}
    assert (report["list"], report["dry_run"], report["batch"]) == ("daca", False, 1)
    assert report["columns"] == {"email": "Correo", "phone": "Cell", "first_name": "Nombre"}
    assert (report["joined"], report["withheld"]) == ({"email": 1, "sms": 0}, {"email": 0, "sms": 0})


def test_columns_are_shown_before_anything_and_the_dropped_ones_named(cli: CliDesk, people_csv: str) -> None:
    told = cli.run("subscribers", "import", people_csv, *ASKED).stderr
    assert "email = 'Correo', phone = 'Cell', first_name = 'Nombre'" in told
    assert "Dropped: Parish (keep one with --keep NAME)" in told
    kept = cli.run("subscribers", "import", people_csv, *ASKED, "--keep", "parish").stderr
    assert "Kept as attributes: Parish" in kept


def test_a_dry_run_counts_the_same_and_changes_nothing(cli: CliDesk, people_csv: str) -> None:
    dry = cli.run("subscribers", "import", people_csv, *ASKED, "--dry-run")
    assert "This was a dry run: nothing was changed." in dry.stdout
    real = cli.run("subscribers", "import", people_csv, *ASKED)
    assert dry.stdout.splitlines()[:5] == real.stdout.splitlines()[:5]
    assert json.loads(cli.run("subscribers", "ls", "--json").stdout)["subscribers"][0]["id"] == 1


def test_texts_come_with_the_words_that_were_shown(cli: CliDesk, people_csv: str, tmp_path: Path) -> None:
    texts = ("--channels", "email,sms")
    refused = cli.run("subscribers", "import", people_csv, *ASKED, *texts, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "import_refused"
    words = tmp_path / "words.txt"
    words.write_text("Msg & data rates may apply.\n", encoding="utf-8")
    done = cli.run("subscribers", "import", people_csv, *ASKED, *texts, "--disclosure", str(words), "--json")
    assert json.loads(done.stdout)["joined"] == {"email": 1, "sms": 1}
    story = json.loads(cli.run("subscribers", "show", "1", "--json").stdout)["subscribers"][0]
    assert {one["disclosure"] for one in story["consents"]} == {"Msg & data rates may apply."}


@pytest.mark.parametrize(
    ("content", "words"), [(None, "can't be read (No such file"), (b"\xff", "isn't plain text")]
)
def test_words_that_cannot_be_read_are_refused(
    cli: CliDesk, people_csv: str, tmp_path: Path, content: bytes | None, words: str
) -> None:
    path = tmp_path / "words.txt"
    if content:
        path.write_bytes(content)
    refused = cli.run("subscribers", "import", people_csv, *ASKED, "--disclosure", str(path), expect=1)
    assert words in refused.stderr


def test_an_import_is_listed_and_taken_back_by_its_number(cli: CliDesk, people_csv: str) -> None:
    told = cli.run("subscribers", "import", people_csv, *ASKED)
    assert "To take it back: dispatch subscribers import --undo 1" in told.stderr
    assert "1 added, 1 rejected" in cli.run("subscribers", "imports").stdout
    undone = json.loads(cli.run("subscribers", "import", "--undo", "1", "--json").stdout)
    assert undone == {"batch": 1, "consents": 1, "removed": 1, "staying": 0}
    listed = json.loads(cli.run("subscribers", "imports", "--json").stdout)["imports"]
    assert (listed[0]["batch"], listed[0]["added"], listed[0]["source"]) == (1, 1, "rally 12 May")
    assert listed[0]["undone_at"]
    assert "taken back" in cli.run("subscribers", "imports").stdout
    again = cli.run("subscribers", "import", "--undo", "1", "--json", expect=1)
    assert json.loads(again.stdout)["error"]["code"] == "import_already_undone"


def test_undoing_says_what_is_not_taken_back(cli: CliDesk, people_csv: str) -> None:
    cli.run("subscribers", "import", people_csv, *ASKED)
    cli.run("subscribers", "import", people_csv, "--list", "daca", "--consent-source", "web form")
    told = cli.run("subscribers", "import", "--undo", "1").stdout
    assert "0 people removed, 0 consents ended" in told
    assert "1 people whom it added stay" in told
    assert "stays changed" in told


def test_whom_the_import_would_have_put_back_is_told(cli: CliDesk, people_csv: str) -> None:
    cli.run("subscribers", "unsubscribe", "maria@example.org")
    told = cli.run("subscribers", "import", people_csv, *ASKED).stdout
    assert "kept_out           1" in told
    assert "Not put on it, because they have left or are suppressed: 1 by email." in told
    assert "Rejected (no_at 1)" in told


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",),
        ("import", "people.csv", "--list", "daca"),
        ("import", "people.csv", "--list", "daca", "--consent-source", "x", "--channels", "fax"),
    ],
)
def test_a_command_that_does_not_say_enough_is_a_usage_error(
    cli: CliDesk, arguments: tuple[str, ...]
) -> None:
    cli.run("subscribers", *arguments, expect=2)
