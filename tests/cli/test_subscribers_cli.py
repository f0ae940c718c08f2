"""`dispatch subscribers ls|show|add|export|unsubscribe|forget`."""

import csv
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cli_desk import CliDesk
from people import add_list, add_person
from sent_messages import sent_message


@pytest.fixture
def family(cli: CliDesk) -> CliDesk:
    """Maria and José, who share a phone, on daca."""
    add_list(cli.house)
    add_person(cli.house, email="maria@example.org", phone="312-555-0100", first_name="María")
    add_person(cli.house, email="jose@example.org", phone="312-555-0100", language="es")
    return cli


def people(cli: CliDesk, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(cli.run("subscribers", *arguments, "--json").stdout)[
        "subscribers"
    ]
    return found


def test_people_are_listed_with_addresses_in_part(family: CliDesk) -> None:
    first, second = people(family, "ls")
    assert (first["email"], first["phone"], first["lists"]) == (
        "m…@example.org",
        "+1312…0100",
        {"email": ["daca"], "sms": ["daca"]},
    )
    assert "first_name" not in first
    assert second["language"] == "es"
    told = family.run("subscribers", "ls").stdout
    assert "m…@example.org  +1312…0100  en        email: daca; sms: daca" in told
    assert "María" not in told


def test_whole_addresses_are_shown_when_they_are_asked_for(family: CliDesk) -> None:
    first = people(family, "ls", "--reveal")[0]
    assert (first["email"], first["phone"], first["first_name"]) == (
        "maria@example.org",
        "+13125550100",
        "María",
    )
    assert "maria@example.org" in family.run("subscribers", "ls", "--reveal").stdout


def test_a_long_list_says_that_there_is_more(family: CliDesk) -> None:
    shown = family.run("subscribers", "ls", "--limit", "1")
    assert "j…@example.org" not in shown.stdout
    assert "The first 1 are shown" in shown.stderr


def test_only_who_is_on_a_list_is_listed(family: CliDesk) -> None:
    add_list(family.house, "healthcare")
    add_person(family.house, email="ana@example.org", lists=("healthcare",))
    assert [one["id"] for one in people(family, "ls", "--list", "healthcare")] == [3]
    family.run("subscribers", "ls", "--list", "nothing", expect=1)


def test_a_person_is_found_by_id_email_and_phone_and_a_familys_phone_finds_all(family: CliDesk) -> None:
    assert [one["id"] for one in people(family, "show", "2")] == [2]
    assert [one["id"] for one in people(family, "show", "Jose@Example.org")] == [2]
    assert [one["id"] for one in people(family, "show", "(312) 555-0100")] == [1, 2]
    refused = family.run("subscribers", "show", "ana@example.org", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "unknown_subscriber"
    assert "ana" not in refused.stderr


def test_a_story_has_lists_consents_and_suppressions(family: CliDesk) -> None:
    family.run("subscribers", "unsubscribe", "maria@example.org", "--source", "phone call")
    story = people(family, "show", "1")[0]
    assert story["suppressed"] == {"email": "by_staff"}
    assert [(one["act"], one["channel"], one["source"]) for one in story["consents"]] == [
        ("joined", "email", "a test"),
        ("joined", "sms", "a test"),
        ("left", "email", "phone call"),
    ]
    states = {one["channel"]: bool(one["left_at"]) for one in story["subscriptions"]}
    assert states == {"email": True, "sms": False}
    assert (story["messages"], story["import"], story["quiet_zones"]) == ([], None, "America/Chicago")
    told = family.run("subscribers", "show", "1").stdout
    assert "suppressed: by_staff" in told
    assert "left daca by email: phone call" in told
    assert "María" not in told
    assert "maria@example.org" in family.run("subscribers", "show", "1", "--reveal").stdout


def test_a_story_has_messages_and_kept_columns(family: CliDesk, tmp_path: Path) -> None:
    sent_message(family.house, 1)
    path = tmp_path / "people.csv"
    path.write_text("email,Parish\nmaria@example.org,Pius\n", encoding="utf-8")
    asked = ("--list", "daca", "--consent-source", "x", "--keep", "Parish")
    family.run("subscribers", "import", str(path), *asked)
    told = family.run("subscribers", "show", "1", "--reveal").stdout
    assert "message 1, daca by email: sent" in told
    assert 'kept      {"Parish": "Pius"}' in told
    assert people(family, "show", "1")[0]["messages"][0]["status"] == "sent"
    assert people(family, "show", "1", "--reveal")[0]["attributes"] == {"Parish": "Pius"}


def test_somebody_is_added_by_hand_and_updated_by_the_same(family: CliDesk) -> None:
    asked = (
        "subscribers",
        "add",
        "--email",
        "ana@example.org",
        "--list",
        "daca",
        "--consent-source",
        "phone call",
    )
    added = json.loads(family.run(*asked, "--first-name", "Ana", "--language", "Spanish", "--json").stdout)
    assert added == {"subscriber": 3, "result": "added", "joined": ["email"], "withheld": []}
    assert people(family, "show", "3", "--reveal")[0]["language"] == "es"
    assert "Subscriber 3: unchanged." in family.run(*asked).stdout


def test_somebody_who_left_comes_back_only_by_asking(family: CliDesk) -> None:
    family.run("subscribers", "unsubscribe", "maria@example.org")
    asked = (
        "subscribers",
        "add",
        "--email",
        "maria@example.org",
        "--list",
        "daca",
        "--consent-source",
        "phone call",
    )
    kept_out = family.run(*asked)
    assert "Subscriber 1: kept out." in kept_out.stdout
    assert "See --came-back" in kept_out.stderr
    assert json.loads(family.run(*asked, "--came-back", "--json").stdout)["joined"] == ["email"]


def test_texts_need_the_words_that_were_shown(family: CliDesk, tmp_path: Path) -> None:
    asked = (
        "add",
        "--phone",
        "312-555-0109",
        "--list",
        "daca",
        "--consent-source",
        "form",
        "--channels",
        "sms",
    )
    family.run("subscribers", *asked, expect=2)
    words = tmp_path / "words.txt"
    words.write_text("Msg & data rates may apply.", encoding="utf-8")
    family.run("subscribers", *asked, "--disclosure", str(words))
    story = family.run("subscribers", "show", "3").stdout
    assert "shown: 'Msg & data rates may apply.'" in story


def test_an_address_that_cannot_be_right_is_refused(family: CliDesk) -> None:
    asked = ("add", "--email", "ana", "--list", "daca", "--consent-source", "form")
    refused = family.run("subscribers", *asked, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["message"] == "The email address has no @."


def test_an_email_and_a_phone_of_two_people_are_refused(family: CliDesk) -> None:
    add_person(family.house, email="ana@example.org", phone="312-555-0109")
    asked = ("add", "--email", "ana@example.org", "--phone", "312-555-0100", "--list", "daca")
    refused = family.run("subscribers", *asked, "--consent-source", "form", expect=1)
    assert "belongs to one person here" in refused.stderr


def test_opt_outs_are_taken_from_arguments_and_from_standard_input(family: CliDesk) -> None:
    done = family.run(
        "subscribers", "unsubscribe", "-", "jose@example.org", given="312 555 0100\n\nnew@example.org\n"
    )
    assert "3 addresses are off every list, for good." in done.stdout
    assert [one["lists"] for one in people(family, "ls")] == [
        {"email": ["daca"], "sms": []},
        {"email": [], "sms": []},
    ]


def test_one_list_alone_can_be_left(family: CliDesk) -> None:
    told = family.run("subscribers", "unsubscribe", "maria@example.org", "--list", "daca").stdout
    assert "1 addresses are off daca." in told
    assert people(family, "show", "1")[0]["suppressed"] == {}


def test_a_mistyped_address_does_not_keep_the_others_on(family: CliDesk) -> None:
    done = family.run("subscribers", "unsubscribe", "maria@example.org", "jose", "--json", expect=1)
    told = json.loads(done.stdout)
    assert told["unsubscribed"] == 1
    assert told["problems"][0]["number"] == 2
    assert "jose" not in done.stderr


def test_a_person_is_forgotten_after_a_question_and_never_comes_back(family: CliDesk, tmp_path: Path) -> None:
    family.run("subscribers", "forget", "maria@example.org", expect=1)
    forgotten = family.run("subscribers", "forget", "maria@example.org", "--yes")
    assert "Subscriber 1 is forgotten." in forgotten.stdout
    assert "somebody else has it too" in forgotten.stderr
    path = tmp_path / "people.csv"
    path.write_text("email\nmaria@example.org\n", encoding="utf-8")
    back = family.run("subscribers", "import", str(path), "--list", "daca", "--consent-source", "x", "--json")
    assert json.loads(back.stdout)["kept_out"] == 1


def test_forgetting_an_address_of_nobody_here_keeps_it_out(family: CliDesk) -> None:
    told = json.loads(family.run("subscribers", "forget", "ana@example.org", "--yes", "--json").stdout)
    assert told == {"forgotten": None, "phone_shared": False, "held": False}
    assert "Nobody here had it." in family.run("subscribers", "forget", "ana@example.org", "--yes").stdout


def test_an_export_goes_to_standard_output_or_to_a_file_for_this_user_alone(
    family: CliDesk, tmp_path: Path
) -> None:
    printed = family.run("subscribers", "export")
    rows = list(csv.DictReader(io.StringIO(printed.stdout, newline="")))
    assert [row["email"] for row in rows] == ["maria@example.org", "jose@example.org"]
    assert "2 people." in printed.stderr
    path = tmp_path / "out.csv"
    told = family.run("subscribers", "export", "--list", "daca", "--output", str(path))
    assert f"2 people written to {path}." in told.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().decode() == printed.stdout.replace("\n", "\r\n").replace("\r\r\n", "\r\n")


def test_wrong_lines_of_standard_input_are_named_by_their_number_and_keep_nobody_on(family: CliDesk) -> None:
    given = "jose\n\nmaria@example.org\nnot an address\n"
    done = family.run("subscribers", "unsubscribe", "-", "--json", given=given, expect=1)
    told = json.loads(done.stdout)
    assert (told["unsubscribed"], told["new"]) == (1, 1)
    assert [problem["number"] for problem in told["problems"]] == [1, 4]
    assert "not an address" not in done.stdout + done.stderr
    again = family.run("subscribers", "unsubscribe", "-", given="maria@example.org\n").stdout
    assert "1 of them had left before." in again


def test_many_are_forgotten_from_standard_input_without_a_name_in_any_history(family: CliDesk) -> None:
    family.run("subscribers", "forget", "-", given="maria@example.org\n", expect=2)
    given = "maria@example.org\nnew@example.org\nnobody\n99\n"
    done = family.run("subscribers", "forget", "-", "--yes", "--json", given=given, expect=1)
    told = json.loads(done.stdout)
    assert (told["forgotten"], told["nobody"], told["phone_shared"], told["held"]) == (1, 1, 1, 0)
    assert [(one["number"], one["code"]) for one in told["problems"]] == [
        (3, "invalid_address"),
        (4, "unknown_subscriber"),
    ]
    words = family.run("subscribers", "forget", "-", "--yes", given="jose@example.org\nana@example.org\n")
    assert "Forgotten: 1 person." in words.stdout
    assert "1 addresses were nobody's here" in words.stderr


def test_people_are_shown_from_standard_input(family: CliDesk) -> None:
    shown = family.run("subscribers", "show", "-", "--json", given="maria@example.org\nnobody@example.org\n")
    assert [one["id"] for one in json.loads(shown.stdout)["subscribers"]] == [1]
    assert "Address 2: Nobody here has that address or number." in shown.stderr
