"""What texts take is told by every command that speaks of them, and it is the same each time."""

import json
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from conftest import OpenHouse
from hand_over import hand_over
from people import add_list, add_people

BARE, LONG = "ICIRR: call today", "ICIRR: " + "call " * 32
ALL, ENGLISH, SPANISH = "5 segments, $0.05", "3 segments, $0.03", "2 segments, $0.02"


@pytest.fixture
def priced(open_house_with: OpenHouse, redis_url: str, tmp_path: Path) -> CliDesk:
    """Three readers of English and one of Spanish, whose text is two segments, at a cent each."""
    house = open_house_with(redis_url=redis_url, sms_prices="US=0.01", public_url="https://go.example.org")
    add_list(house)
    add_people(house, 3)
    add_people(house, 1, language="es")
    folder = write_campaign(tmp_path, languages=["en", "es"])
    (folder / "sms.txt").write_text(f"{BARE} {{{{ action_url }}}}")
    (folder / "es" / "sms.txt").write_text(f"{LONG} STOP")
    desk = CliDesk(house)
    desk.run("campaigns", "translate", "accept", "budget", "--language", "es")
    return desk


def test_check_tells_it_by_language_and_who_says_how_to_stop(priced: CliDesk) -> None:
    told = priced.run("check", "budget").stdout
    assert f"Texts to 4 people: {ALL}\n" in told
    assert f"  en: {ENGLISH}; how to stop is added to a number's first text, and once a month\n" in told
    assert f"  es: {SPANISH}; each says how to stop\n" in told
    found = json.loads(priced.run("check", "budget", "--json").stdout)
    assert (found["texts"]["es"]["cost"], found["tells_stop"]) == ("0.02", {"en": False, "es": True})


def test_send_tells_it_before_it_asks(priced: CliDesk) -> None:
    told = priced.run("send", "--campaign", "budget", "--dry-run").stdout.splitlines()
    assert {f"          3  en: {ENGLISH}", f"          1  es: {SPANISH}", f"  {ALL}"} <= set(told)


def test_status_tells_what_it_was(priced: CliDesk) -> None:
    priced.run("send", "--campaign", "budget", "--yes")
    assert "texts took" not in priced.run("status", "budget").stdout
    hand_over(priced.house)
    told = priced.run("status", "budget").stdout
    assert f"  texts took {ALL}\n    en: {ENGLISH}\n    es: {SPANISH}\n" in told
    (one,) = json.loads(priced.run("status", "1", "--json").stdout)["alerts"]
    assert (one["texts"]["en"]["segments"], one["texts"]["en"]["cost"]) == (3, "0.03")


def test_the_list_of_alerts_tells_segments_alone(priced: CliDesk) -> None:
    priced.run("send", "--campaign", "budget", "--yes")
    hand_over(priced.house)
    told = priced.run("status").stdout
    assert "  texts took 5 segments\n" in told
    assert "$" not in told


def test_a_test_and_a_preview_tell_it_of_one_text_with_the_link_that_works(priced: CliDesk) -> None:
    told = priced.run("test", "--campaign", "budget", "--to", "312-555-0100", "--language", "es").stdout
    assert told.startswith("sms in es: 2 segments, $0.02, taken by")
    told = priced.run("preview", "budget").stdout
    assert f"--- text message, 1 segment, $0.01\n{BARE} https://go.example.org/k/0001" in told
