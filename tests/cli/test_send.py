"""`dispatch send`: what is shown, what is asked, what comes of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from campaigns import messages_of, write_campaign
from cli_desk import CliDesk
from conftest import OpenHouse
from hand_over import hand_over
from people import add_list, add_people, add_person
from terminal import at_terminal

from dispatcher.cli.out import PRACTICE
from dispatcher.rules.alert import Channel
from fakes.smtp import SmtpServer
from fakes.twilio import TwilioServer
from houses import environment_of

SEND = ("send", "--campaign", "budget")
YES = (*SEND, "--yes")
WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}


@pytest.fixture(autouse=True)
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign in English."""
    return write_campaign(tmp_path)


def sent(desk: CliDesk, *more: str) -> Any:
    """The object that `send --yes --json` answers."""
    return json.loads(desk.run(*YES, "--json", *more).stdout)


def test_the_answer_as_json_is_one_object_with_the_alert_its_state_and_its_counts(desk: CliDesk) -> None:
    answer = sent(desk)
    assert answer["alert"] == answer["edition"] == 1
    assert (answer["state"], answer["held_until"], answer["practice"]) == ("running", None, True)
    assert answer["counts"] == {"email": {"queued": 3}, "sms": {"queued": 3}}
    assert isinstance(answer["seconds"], float)


def test_waiting_ends_when_everything_has_gone(desk: CliDesk) -> None:
    sent(desk)
    hand_over(desk.house)
    answer = sent(desk, "--wait")
    assert answer["state"] == "finished"
    assert answer["counts"] == {"email": {"sent": 3}, "sms": {"sent": 3}}


def test_waiting_ends_when_nothing_can_go_before_the_morning(
    open_house_with: OpenHouse, redis_url: str, fake_twilio: TwilioServer
) -> None:
    desk = CliDesk(open_house_with(redis_url=redis_url, sms_url=fake_twilio.url, **WHO))
    add_list(desk.house)
    add_people(desk.house, 2, quiet_zones=zone_where_it_is_three_at_night())
    answer = sent(desk, "--channel", "sms", "--wait")
    assert (answer["state"], answer["counts"]) == ("holding", {"sms": {"queued": 2}})
    assert datetime.fromisoformat(answer["held_until"]) > datetime.now(UTC)
    assert answer["practice"] is False


def zone_where_it_is_three_at_night() -> str:
    ahead = (3 - datetime.now(UTC).hour + 11) % 24 - 11  # hours before UTC's clock, -11 to 12
    return f"Etc/GMT{-ahead:+d}"  # POSIX counts the other way


def test_practice_says_so_first_and_last(desk: CliDesk) -> None:
    for arguments in (YES, (*SEND, "--dry-run")):
        lines = desk.run(*arguments).stdout.splitlines()
        assert lines[0] == lines[-1] == PRACTICE


def test_practice_says_so_beside_json_too(desk: CliDesk) -> None:
    done = desk.run(*YES, "--json")
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.splitlines()[0] == done.stderr.splitlines()[-1] == PRACTICE


def test_real_messages_are_not_called_practice(
    open_house_with: OpenHouse, redis_url: str, smtp_server: SmtpServer, fake_twilio: TwilioServer
) -> None:
    desk = CliDesk(
        open_house_with(redis_url=redis_url, email_url=smtp_server.url, sms_url=fake_twilio.url, **WHO)
    )
    add_list(desk.house)
    add_people(desk.house, 2)
    assert PRACTICE not in desk.run(*YES).output


def test_a_dry_run_tells_who_would_get_what_and_changes_nothing(desk: CliDesk) -> None:
    done = desk.run(*SEND, "--dry-run", "--json")
    told = json.loads(done.stdout)
    assert (told["campaign"], told["alert"], told["practice"]) == ("budget", None, True)
    assert (told["people"], told["total"], told["misses_deadline"]) == (3, 6, False)
    assert told["channels"]["email"]["languages"] == {"en": 3}
    assert "Email by outbox var/outbox: 3 people" in desk.run(*SEND, "--dry-run").stdout
    assert not messages_of(desk.house)


def test_without_anybody_to_ask_it_is_refused_and_nothing_is_opened(desk: CliDesk) -> None:
    refused = desk.run(*SEND, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "not_confirmed"
    assert "--yes" in refused.stderr
    assert not messages_of(desk.house)


def test_a_second_send_reaches_nobody_twice_and_says_so(desk: CliDesk) -> None:
    sent(desk)
    hand_over(desk.house)
    again = desk.run(*YES)
    assert "Everybody has this alert already" in again.stdout
    assert "nobody gets it twice" in again.stdout
    assert "Alert 1, budget: finished" in again.stdout
    assert "It goes on by itself" not in again.stdout


def test_a_second_send_adds_who_has_joined_since(desk: CliDesk) -> None:
    sent(desk)
    hand_over(desk.house)
    add_person(desk.house, email="late@example.org")
    assert sent(desk)["counts"]["email"] == {"queued": 1, "sent": 3}


def test_yes_never_opens_the_next_alert_only_again_does(desk: CliDesk) -> None:
    sent(desk)
    hand_over(desk.house)
    assert sent(desk)["alert"] == 1
    opened = sent(desk, "--again", "second")
    assert (opened["alert"], opened["name"]) == (2, "second")
    assert sent(desk, "--again", "second")["alert"] == 2


def test_changed_words_are_refused_with_the_lines_and_the_way_on(desk: CliDesk, budget: Path) -> None:
    sent(desk)
    (budget / "subject.txt").write_text("Keep the whole budget")
    refused = desk.run(*YES, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "content_changed"
    assert "-[en] Keep the budget whole" in refused.stderr
    assert "+Keep the whole budget" in refused.stderr
    assert "`dispatch resume 1 --corrected`" in refused.stderr


def test_an_error_in_the_words_stops_it_before_anybody_is_asked(desk: CliDesk, budget: Path) -> None:
    (budget / "body.html").write_text("<p>\nDear {{ frist_name }}, {{ lats_name }}</p>")
    refused = desk.run(*YES, "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "broken_campaign"
    assert "templates/campaigns/budget/body.html:2: 'frist_name' isn't known here" in refused.stderr
    assert "And 1 more: `dispatch check budget`" in refused.stderr
    assert not messages_of(desk.house)


def test_an_error_in_a_channel_that_is_not_sent_by_does_not_stop_it(desk: CliDesk, budget: Path) -> None:
    (budget / "sms.txt").unlink()
    assert desk.run(*YES, expect=1).stderr.startswith("Error: templates/campaigns/budget")
    assert sent(desk, "--channel", "email")["counts"] == {"email": {"queued": 3}}


def test_a_warning_about_the_words_is_shown_and_does_not_stop_it(desk: CliDesk, budget: Path) -> None:
    (budget / "es").mkdir()
    (budget / "es" / "subject.txt").write_text("Hola")
    add_people(desk.house, 2, language="es")
    done = desk.run(*YES)
    assert "WARNING templates/campaigns/budget/es/body.html: body.html missing" in done.stdout
    assert "2  left out: reads es, which isn't there" in done.stdout


def test_an_alert_for_nobody_is_not_opened(desk: CliDesk) -> None:
    add_list(desk.house, "rents")
    refused = desk.run(*YES, "--list", "rents", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "nothing_to_send"
    assert "dispatch subscribers import" in refused.stderr


def test_who_is_left_out_is_told_with_the_reason(desk: CliDesk) -> None:
    add_list(desk.house, "rents")
    add_people(desk.house, 2, language="fr", lists=["rents"], channels=[Channel.EMAIL])
    refused = desk.run(*YES, "--list", "rents", expect=1)
    assert "2 people: reads fr, which isn't there" in refused.stderr


def test_an_alert_for_later_is_scheduled_and_says_when(desk: CliDesk) -> None:
    answer = sent(desk, "--at", "2099-12-01T09:00+00:00")
    assert (answer["state"], answer["counts"]) == ("scheduled", {})
    assert answer["held_until"].startswith("2099-12-01T09:00")
    again = desk.run(*YES)
    assert "Everybody has this alert already" not in again.stdout
    assert "scheduled" in again.stdout


def test_without_a_worker_it_is_queued_with_a_warning(desk: CliDesk) -> None:
    done = desk.run(*YES)
    assert "no worker is running. Start one with `dispatch worker`" in done.stderr
    assert "dispatch status 1 --watch" in done.stdout


def test_without_a_queue_nothing_is_lost_and_it_says_so(open_house_with: OpenHouse) -> None:
    desk = CliDesk(open_house_with(redis_url="redis://127.0.0.1:1/0"))
    add_list(desk.house)
    add_people(desk.house, 1)
    done = desk.run(*YES)
    assert "WARNING: The queue" in done.stderr
    assert "Nothing is lost" in done.stderr
    assert len(messages_of(desk.house)) == 2


@pytest.mark.parametrize(("answer", "code"), [("y", 1), ("1,001", 0)])
def test_above_a_thousand_people_their_number_must_be_typed(desk: CliDesk, answer: str, code: int) -> None:
    add_people(desk.house, 998)
    with at_terminal(*SEND, env=environment_of(desk.house.settings)) as terminal:
        terminal.wait_for("Send 2,002 messages to 1,001 people? Type 1001 to go on")
        terminal.type(answer)
        assert terminal.end() == code
    assert len(messages_of(desk.house)) == (0 if code else 2002)
    assert ("Nothing was done: that wasn't 1001." in terminal.shown) is bool(code)


def test_a_thousand_people_take_a_yes(desk: CliDesk) -> None:
    add_people(desk.house, 997)
    with at_terminal(*SEND, env=environment_of(desk.house.settings)) as terminal:
        terminal.wait_for("Send 2,000 messages to 1,000 people? [y/N]")
        terminal.type("n")
        assert terminal.end() == 1
    assert not messages_of(desk.house)
