"""`dispatch subscribers export`: a sensitive list asks for its name and a reason."""

import json
import stat
from pathlib import Path

import pytest
from cli_desk import CliDesk
from people import add_list, add_person


@pytest.fixture
def daca(cli: CliDesk) -> CliDesk:
    """Maria is on daca, which is sensitive, and José on healthcare, which isn't."""
    add_list(cli.house, "daca", sensitive=True)
    add_list(cli.house, "healthcare", "Health alerts")
    add_person(cli.house, email="maria@example.org", first_name="María", language="es")
    add_person(cli.house, email="jose@example.org", lists=("healthcare",))
    return cli


def acts(cli: CliDesk) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(cli.run("acts", "ls", "--json").stdout)["acts"]
    return found


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("--confirm-name", "daca"),
        ("--reason", "an audit"),
        ("--confirm-name", "Daca?", "--reason", "an audit"),
        ("--confirm-name", "daca", "--reason", " "),
    ],
)
def test_a_sensitive_list_is_not_exported_without_its_name_and_a_reason(
    daca: CliDesk, tmp_path: Path, given: tuple[str, ...]
) -> None:
    path = tmp_path / "out.csv"
    refused = daca.run("subscribers", "export", "--list", "daca", "--output", str(path), *given, expect=1)
    assert "--confirm-name daca --reason TEXT" in refused.stderr
    assert (path.exists(), acts(daca)) == (False, [])


def test_with_both_it_is_exported_and_noted(daca: CliDesk) -> None:
    asked = ("--confirm-name", "daca", "--reason", "an audit")
    done = daca.run("subscribers", "export", "--list", "daca", *asked)
    assert "maria@example.org" in done.stdout
    (act,) = acts(daca)
    assert (act["act"], act["detail"], act["reason"]) == ("export", "list 1, sensitive", "an audit")
    assert "list 1, sensitive" in daca.run("acts", "ls").stdout


def test_everybody_is_asked_for_where_a_list_is_sensitive(daca: CliDesk) -> None:
    assert "--confirm-name everybody" in daca.run("subscribers", "export", expect=1).stderr
    done = daca.run("subscribers", "export", "--confirm-name", "everybody", "--reason", "moving house")
    assert "2 people" in done.stderr


def test_another_list_is_exported_as_ever(daca: CliDesk) -> None:
    assert "jose@example.org" in daca.run("subscribers", "export", "--list", "healthcare").stdout
    assert acts(daca)[0]["detail"] == "list 2"


def test_one_person_gets_everything_as_json_or_as_a_page_for_them_alone(
    daca: CliDesk, tmp_path: Path
) -> None:
    told = json.loads(daca.run("subscribers", "export", "maria@example.org").stdout)
    assert (told["about"]["email"], told["consents"][0]["source"]) == ("maria@example.org", "a test")
    path = tmp_path / "maria.html"
    written = daca.run("subscribers", "export", "1", "--page", "--output", str(path), "--reason", "she asked")
    assert "Written to" in written.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert '<html lang="es" dir="ltr">' in path.read_text(encoding="utf-8")
    assert [act["detail"] for act in acts(daca)] == ["subscriber 1", "subscriber 1"]


def test_what_makes_no_sense_is_said(daca: CliDesk) -> None:
    daca.run("subscribers", "export", "1", "--list", "daca", expect=2)
    daca.run("subscribers", "export", "--page", expect=2)
    assert "Nothing yet" in daca.run("acts", "ls").stdout
