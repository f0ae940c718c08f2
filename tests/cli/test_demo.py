"""`dispatch demo`: the main job, with people who don't exist and messages that go to files."""

from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest
from commands import dispatch, dispatched
from people import add_person

from dispatcher.cli.out import PRACTICE
from dispatcher.house import House
from dispatcher.paths import shipped
from houses import environment_of

pytestmark = pytest.mark.waits

PEOPLE, PHONES = 200, 168  # of 172 phones three are suppressed and one is a family's


def outbox() -> Counter[str]:
    """How many files of each kind there are."""
    return Counter(path.suffix for path in Path("var/outbox").iterdir())


def test_everybody_gets_one_email_and_one_text_and_a_second_time_nobody_does() -> None:
    first = dispatched("demo")
    lines = first.out.splitlines()
    assert lines[0] == lines[-1] == PRACTICE
    assert "200 synthetic subscribers were added." in first.err
    assert "Alert 1, daca: finished" in first.out
    assert outbox() == {".eml": PEOPLE, ".txt": PHONES}

    # A sample of each in the campaign's own language, and where to go from there.
    assert "Subject: One message today can help" in first.out
    assert "Reply STOP to stop" in first.out
    assert f"The outbox is {Path('var/outbox').resolve()}: 200 emails and 168 texts. Try next:" in first.out
    assert "  dispatch preview daca --language es" in lines

    # Somebody begins a language here, and has half of its words so far.
    copytree(shipped("templates", "campaigns", "daca"), "templates/campaigns/daca")
    for name in ("campaigns/daca/pt/sms.txt", "locale/pt.po"):
        path = Path("templates", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("msgid half a file")

    # Whatever this machine is set to, the demo reaches nobody.
    elsewhere = {
        "DISPATCH_EMAIL_URL": "smtp://127.0.0.1:1",
        "DISPATCH_SMS_URL_FILE": "/no/such/file",
        "DISPATCH_DATABASE_URL": "postgresql://127.0.0.1:1/people",
    }
    second = dispatched("demo", env=elsewhere)
    assert "nobody was added, nobody gets it twice" in second.out
    assert second.out.splitlines()[-1] == PRACTICE
    assert "doesn't use DISPATCH_DATABASE_URL" in second.err
    assert "Without pt: nobody who speaks it has read its words yet" in second.err
    assert outbox() == {".eml": PEOPLE, ".txt": PHONES}
    (alert,) = dispatched("status", "--json").json["alerts"]
    assert alert["counts"] == {"email": {"sent": PEOPLE}, "sms": {"sent": PHONES}}
    assert alert["practice"] is True


def test_it_keeps_away_from_real_people(house: House) -> None:
    add_person(house, email="maria@coalition.example", lists=[])
    refused = dispatch("demo", env=environment_of(house.settings))
    assert refused.code == 1
    assert "has people in it who aren't made up. Practise in an empty folder" in refused.err
    assert not Path("var/outbox").exists()


def test_it_keeps_away_from_a_database_that_the_folder_names() -> None:
    Path("dispatch.toml").write_text('database_url = "postgresql://127.0.0.1:1/people"\n')
    refused = dispatch("demo")
    assert refused.code == 1
    assert "dispatch.toml names a database or a queue of yours. Practise in an empty folder" in refused.err
    assert not Path("var/dispatch.db").exists()
