"""`dispatch replies`: who waits, what was said, and an answer that is looked at before it goes."""

import json
from pathlib import Path

import pytest
from cli_desk import CliDesk
from conftest import OpenHouse
from people import add_list, add_person
from sqlalchemy import select

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.house import House
from dispatcher.models import Answer, Notice, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.usecases.audit import who_is_here
from dispatcher.usecases.record_inbound import record_inbound

NUMBER = "+13125550142"
QUESTION = "My case is 12-345. Can I renew?"
ME = who_is_here()


def write(house: House, words: str = QUESTION) -> None:
    with house.db.transaction() as session:
        record_inbound(session, house.keys, InboundText(NUMBER, words))


@pytest.fixture
def asked(open_house_with: OpenHouse, redis_url: str) -> CliDesk:
    """Rosa, who reads Spanish, has asked something by text: reply 1. There is no worker anywhere."""
    cli = CliDesk(open_house_with(redis_url=redis_url))
    add_list(cli.house)
    add_person(cli.house, phone=NUMBER, language="es", first_name="Rosa")
    write(cli.house)
    return cli


def test_the_list_names_nobody_and_tells_no_words_unless_asked(asked: CliDesk) -> None:
    for given in ((), ("--json",)):
        shown = asked.run("replies", "ls", *given).stdout
        assert not any(word in shown for word in ("renew", "555", "Rosa"))
    (one,) = json.loads(asked.run("replies", "ls", "--json").stdout)["replies"]
    assert (one["reply"], one["subscriber"], one["channel"], one["state"]) == (1, 1, "sms", "open")
    assert QUESTION in asked.run("replies", "ls", "--words").stdout
    assert "--limit shows more" in asked.run("replies", "ls", "--limit", "1").stderr
    assert "1 reply waits" in asked.run("status").stderr


def test_nobody_waiting_is_said(cli: CliDesk) -> None:
    assert cli.run("replies", "ls").stdout == "Nobody waits.\n"
    assert cli.run("replies", "ls", "--all").stdout == "None.\n"
    assert "wait" not in cli.run("status").stderr


def test_a_conversation_is_shown_with_what_became_of_our_answers(asked: CliDesk) -> None:
    asked.run("replies", "answer", "1", "--text", "-", "--yes", given="Yes, until May.\nMaria")
    write(asked.house, "thank you so much, and my \x1b[31msister?")
    shown = asked.run("replies", "show", "1").stdout
    assert "Reply 1: by text, from subscriber 1, who reads es" in shown
    assert f"    {QUESTION}\n" in shown
    assert "the automatic answer (waits to leave)" in shown
    assert f"{ME} answered (waits to leave):\n    Yes, until May.\n    Maria\n" in shown
    assert "\x1b" not in shown
    facts = json.loads(asked.run("replies", "show", "1", "--json").stdout)
    assert (facts["words"], facts["state"], len(facts["conversation"])) == (QUESTION, "answered", 2)
    row = asked.run("replies", "ls", "--mine").stdout.splitlines()[1]
    assert "answered" in row
    assert row.endswith("waits to leave")


def test_an_answer_is_shown_with_its_cost_and_needs_a_yes(asked: CliDesk) -> None:
    refused = asked.run("replies", "answer", "1", "--text", "-", given="Yes", expect=1)
    assert "  ICIRR alerts: Yes\n" in refused.stderr
    assert "1 segment\n" in refused.stderr
    assert "--yes" in refused.stderr
    with asked.house.db.reading() as session:
        assert [one.author for one in session.scalars(select(Answer))] == [""]
    done = asked.run("replies", "answer", "1", "--text", "-", "--yes", "--json", given="Yes")
    assert json.loads(done.stdout) == {
        "reply": 1,
        "channel": "sms",
        "practice": True,
        "waits_until": None,
    }
    assert "no worker is running" in done.stderr


def test_an_answer_can_be_a_file_and_without_one_there_is_nothing_to_send(
    asked: CliDesk, tmp_path: Path
) -> None:
    asked.run("replies", "answer", "1", "--yes", expect=2)
    (tmp_path / "answer.txt").write_text("Tak, do maja: proszę zadzwonić.\n", encoding="utf-8")
    asked.run("replies", "answer", "1", "--text", str(tmp_path / "answer.txt"), "--yes")
    with asked.house.db.reading() as session:
        facts = session.scalars(select(Notice.facts).where(Notice.kind == "answer")).one()
    assert json.loads(facts or "") == {"words": "Tak, do maja: proszę zadzwonić."}


def test_what_somebody_else_has_taken_is_answered_only_with_a_yes(asked: CliDesk) -> None:
    assert "Reply 1 is with jo." in asked.run("replies", "assign", "1", "--to", "jo").stdout
    refused = asked.run("replies", "answer", "1", "--text", "-", given="Yes", expect=1)
    assert "ICIRR" not in refused.stderr
    asked.run("replies", "take", "1", expect=1)
    asked.run("replies", "take", "1", "--yes")
    assert "1" in asked.run("replies", "ls", "--mine").stdout
    asked.run("replies", "take", "1")
    asked.run("replies", "assign", "1", "--to", " ", expect=2)


def test_who_has_left_is_not_answered(asked: CliDesk) -> None:
    asked.run("replies", "close", "1", "--as-leave", expect=1)
    assert "They have left." in asked.run("replies", "close", "1", "--as-leave", "--yes").stdout
    refused = asked.run("replies", "answer", "1", "--text", "-", "--yes", "--json", given="Yes", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "reply_not_answerable"
    with asked.house.db.reading() as session:
        assert session.scalars(select(Suppression.channel)).all() == [Channel.SMS]
    assert "closed, taken for a STOP" in asked.run("replies", "ls", "--all").stdout
    assert "reply read as STOP" in asked.run("acts", "ls").stdout


def test_closing_ends_the_wait(asked: CliDesk) -> None:
    assert asked.run("replies", "close", "1").stdout == "Reply 1 is closed.\n"
    assert asked.run("replies", "ls").stdout == "Nobody waits.\n"
    assert asked.run("replies", "reopen", "1").stdout == "Reply 1 waits for somebody again.\n"
    assert asked.run("replies", "ls").stdout.startswith("reply")
    assert "no reply 7" in asked.run("replies", "show", "7", expect=1).stderr


def test_what_we_answered_is_in_the_log_of_the_person(asked: CliDesk) -> None:
    with asked.house.db.transaction() as session:
        for notice in session.scalars(select(Notice)):
            notice.settled_at = asked.house.db.now()
    shown = asked.run("log", "--subscriber", "1").stdout.splitlines()[1]
    assert shown.split()[2:4] == ["-", "answer"]
    assert json.loads(asked.run("log", "--json").stdout)["detail"] == "the automatic answer to reply 1"
