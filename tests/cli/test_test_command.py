"""`dispatch test`: a marked message to staff, counted nowhere."""

import json
from pathlib import Path

import pytest
from campaigns import messages_of, write_campaign
from cli_desk import CliDesk
from conftest import OpenHouse

from dispatcher.cli.out import PRACTICE
from fakes.smtp import SmtpServer

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}
TEST = ("test", "--campaign", "budget", "--to")


@pytest.fixture(autouse=True)
def _budget(tmp_path: Path) -> None:
    write_campaign(tmp_path, languages=["en", "es"])


@pytest.fixture
def real(open_house_with: OpenHouse, smtp_server: SmtpServer) -> CliDesk:
    """The command line of a house with a real relay."""
    return CliDesk(open_house_with(email_url=smtp_server.url, **WHO))


def test_in_practice_it_says_which_file_to_read_and_that_nothing_left(cli: CliDesk) -> None:
    first, last = cli.run(*TEST, "me@example.org").stdout.splitlines()
    (file,) = Path("var/outbox").iterdir()
    assert first == f"email in en: taken by outbox var/outbox as {file.name}"
    assert "Subject: TEST: [en] Keep the budget whole" in file.read_text()
    assert last == PRACTICE


def test_a_phone_number_gets_a_text(cli: CliDesk) -> None:
    answer = json.loads(cli.run(*TEST, "312-555-0100", "--json").stdout)
    assert answer == {"sent": 1, "practice": True}
    (file,) = Path("var/outbox").iterdir()
    assert "TEST: [en] ICIRR" in file.read_text()


def test_every_language_can_be_tested_at_once(real: CliDesk, smtp_server: SmtpServer) -> None:
    told = real.run(*TEST, "me@coalition.example", "--language", "all").stdout.splitlines()
    assert [line.partition(":")[0] for line in told] == ["email in en", "email in es"]
    assert PRACTICE not in told
    assert smtp_server.recipients == ["me@coalition.example"] * 2
    assert not messages_of(real.house)


def test_a_refused_test_fails_and_says_why(real: CliDesk, smtp_server: SmtpServer) -> None:
    smtp_server.answer("me@coalition.example", "550 5.1.1 no such user here")
    refused = real.run(*TEST, "me@coalition.example", "--json", expect=1)
    assert json.loads(refused.stdout)["error"]["code"] == "not_taken"
    assert "1 of 1 test messages weren't taken by SMTP relay" in refused.stderr
    assert "email in en: not taken, smtp 550 5.1.1" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*TEST, "me"), "neither an email address nor a phone number"),
        ((*TEST, "me@example.org", "--language", "fr"), "no email in fr; complete are: en, es."),
        (("test", "--campaign", "bugdet", "--to", "me@example.org"), "Did you mean budget?"),
    ],
)
def test_what_cannot_be_tested_says_why(cli: CliDesk, arguments: tuple[str, ...], words: str) -> None:
    assert words in cli.run(*arguments, expect=1).stderr
