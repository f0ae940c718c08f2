"""`dispatch webhooks`."""

import json
from collections.abc import Iterator

import pytest
from cli_desk import CliDesk
from conftest import OpenHouse
from webhook_desk import WebhookDesk

from dispatcher.rules.webhooks import Kind
from fakes.receiver import Receiver


@pytest.fixture
def crm() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


@pytest.fixture
def desk(cli: CliDesk, crm: Receiver) -> WebhookDesk:
    return WebhookDesk(cli.house, crm)


def test_a_receiver_is_added_tried_and_told(cli: CliDesk, crm: Receiver) -> None:
    added = cli.run("webhooks", "add", crm.url, "--events", "message.delivered,subscriber.*")
    crm.secret = added.stdout.splitlines()[-1]
    assert crm.secret.startswith("whsec_")
    assert "5 kinds of events" in added.stdout
    assert "shown once" in added.stderr
    assert "It answered 200" in cli.run("webhooks", "test", "1").stdout
    assert crm.kinds == ["webhook.test"]
    crm.answer(500)
    assert "127.0.0.1 answered 500. Look what" in cli.run("webhooks", "test", "1", expect=1).stderr
    crm.answer(401)
    assert "dispatch webhooks secret" in cli.run("webhooks", "test", "1", expect=1).stderr
    crm.answer(307)
    assert "points elsewhere" in cli.run("webhooks", "test", "1", expect=1).stderr
    cli.run("webhooks", "add", "http://127.0.0.1:1/hooks")
    assert "(no connection). See that it runs" in cli.run("webhooks", "test", "2", expect=1).stderr
    crm.answer(200)
    assert json.loads(cli.run("webhooks", "test", "1", "--json").stdout) == {"webhook": 1, "status": 200}


def test_what_is_shown_tells_neither_the_address_nor_the_secret(cli: CliDesk, desk: WebhookDesk) -> None:
    desk.crm.answer(503)
    desk.log(1, 2)
    desk.turn()
    listed = cli.run("webhooks", "ls").stdout
    shown = cli.run("webhooks", "show", "1").stdout
    assert "127.0.0.1" in listed
    assert "failing" in listed
    assert "answered  503: to 1" in shown
    assert "waiting   2 (oldest" in shown
    assert "events    all" in shown
    for words in (listed, shown, cli.run("webhooks", "ls", "--json").stdout):
        assert "a-secret" not in words
        assert desk.crm.secret not in words
    (facts,) = json.loads(cli.run("webhooks", "ls", "--json").stdout)["webhooks"]
    assert json.loads(cli.run("webhooks", "show", "1", "--json").stdout) == facts
    assert facts["events"] == [str(kind) for kind in Kind]
    assert facts["answers"] == {"503": 1}


def test_what_no_worker_has_looked_at_waits_and_lacks_a_worker(cli: CliDesk, desk: WebhookDesk) -> None:
    quiet = cli.run("webhooks", "show", "1")
    assert "was told nothing yet" in quiet.stdout
    assert quiet.stderr == ""
    desk.log(1, 2)
    shown = cli.run("webhooks", "show", "1")
    assert "waiting   2 (oldest" in shown.stdout
    assert "no worker is running" in shown.stderr
    listed = cli.run("webhooks", "ls")
    assert listed.stdout.splitlines()[1].split()[3:5] == ["0", "2"]
    assert "no worker is running" in listed.stderr
    desk.turn()
    assert "state     well" in cli.run("webhooks", "show", "1").stdout


def test_a_queue_that_is_away_is_said(open_house_with: OpenHouse, crm: Receiver) -> None:
    desk = WebhookDesk(open_house_with(redis_url="redis://127.0.0.1:1/0"), crm)
    desk.log(1)
    assert "WARNING: " in CliDesk(desk.house).run("webhooks", "ls").stderr


def test_help_says_each_line_whole(cli: CliDesk) -> None:
    told = " ".join(cli.run("webhooks", "--help").stdout.split())
    assert "one that was switched off is told again from now on." in told


def test_everything_that_waits_is_due_again_at_once(cli: CliDesk, desk: WebhookDesk) -> None:
    desk.crm.answer(500)
    desk.log(1)
    desk.turn()
    assert "1 events are due at once" in cli.run("webhooks", "retry", "1").stdout
    assert json.loads(cli.run("webhooks", "retry", "1", "--json").stdout) == {"webhook": 1, "due": 1}
    desk.tell()
    assert len(desk.crm.took) == 1


def test_a_new_secret_is_shown_once_and_both_count_for_a_day(cli: CliDesk, desk: WebhookDesk) -> None:
    made = cli.run("webhooks", "secret", "1")
    assert made.stdout.startswith("whsec_")
    assert made.stdout.strip() != desk.crm.secret
    assert "24 hours" in made.stderr
    assert "secrets   two, until" in cli.run("webhooks", "show", "1").stdout
    assert json.loads(cli.run("webhooks", "secret", "1", "--json").stdout)["secret"].startswith("whsec_")


def test_a_receiver_is_removed_with_what_it_was_not_told(cli: CliDesk, desk: WebhookDesk) -> None:
    desk.log(1)
    desk.follow()
    assert "nobody here to ask" in cli.run("webhooks", "remove", "1", expect=1).stderr
    assert "1 events were never told" in cli.run("webhooks", "remove", "1", "--yes").stdout
    assert "dispatch webhooks add" in cli.run("webhooks", "ls").stderr
    number = str(desk.add())
    done = json.loads(cli.run("webhooks", "remove", number, "--yes", "--json").stdout)
    assert done == {"webhook": int(number), "removed": True, "untold": 0}


def test_what_cannot_be_is_refused_in_words(cli: CliDesk) -> None:
    wrong = cli.run("webhooks", "add", "https://crm.example.org", "--events", "message.read", expect=1).stderr
    assert "there is no event 'message.read'. There are: alert.opened," in wrong
    assert "https://" in cli.run("webhooks", "add", "http://crm.example.org", expect=1).stderr
    assert "There is no webhook 7" in cli.run("webhooks", "show", "7", expect=1).stderr
    made = cli.run("webhooks", "add", "https://203.0.113.7/", "--batch", "50", "--json").stdout
    assert json.loads(made)["batch"] == 50
