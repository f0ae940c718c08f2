"""What is wrong is told in one line that says what to do, with exit 1 and a code in JSON; nothing is lost."""

import json
from pathlib import Path

import pytest
from campaigns import messages_of, write_campaign
from cli_desk import CliDesk
from click.testing import CliRunner, Result
from people import add_list, add_people
from sqlalchemy import func, select, text, update

from dispatcher.cli import main
from dispatcher.house import House
from dispatcher.models import Subscriber
from fakes.twilio import TwilioServer
from houses import DATA_KEY, environment_of
from servers.local import free_port
from servers.postgres import RAW_ROLE

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}


def dispatch(*arguments: str, **settings: str) -> Result:
    """One command in the test's folder, with these settings alone."""
    return CliRunner().invoke(main, arguments, env={f"DISPATCH_{n.upper()}": v for n, v in settings.items()})


def refused(code: str, *arguments: str, **settings: str) -> str:
    """The one line in which a command is refused, with this code in its JSON."""
    plain, as_json = (dispatch(*arguments, *more, **settings) for more in ((), ("--json",)))
    assert (plain.exit_code, as_json.exit_code, plain.stdout) == (1, 1, "")
    (line,) = plain.stderr.splitlines()
    assert line.startswith("Error: ")
    told = json.loads(as_json.stdout)
    assert told == {"error": {"code": code, "message": line.removeprefix("Error: ")}}
    return line


@pytest.fixture
def people(house: House) -> House:
    """A house with three people, whom no error may lose."""
    add_list(house)
    add_people(house, 3)
    return house


def how_many(house: House) -> int:
    with house.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Subscriber)) or 0


def test_a_database_of_a_kind_that_we_do_not_know() -> None:
    line = refused("wrong_settings", "status", database_url="mysql://me:sesame@localhost/people")
    assert "DISPATCH_DATABASE_URL: must be one of sqlite://..., postgresql://..." in line
    assert "sesame" not in line


def test_a_database_server_that_does_not_answer() -> None:
    url = f"postgresql://me:sesame@127.0.0.1:{free_port()}/people"
    line = refused("database_unreachable", "status", database_url=url, data_key=DATA_KEY)
    assert "Check DISPATCH_DATABASE_URL and that the server runs." in line
    assert "sesame" not in line


def test_a_password_that_the_database_server_refuses(postgres_url: str) -> None:
    url = postgres_url.replace("dispatcher@", f"{RAW_ROLE}:sesame@")
    line = refused("database_unreachable", "status", database_url=url, data_key=DATA_KEY)
    assert "password authentication failed" in line
    assert "sesame" not in line


def test_a_database_without_migrations(postgres_url: str) -> None:
    Path("empty.db").touch()
    for url in ("sqlite:///empty.db", postgres_url):
        line = refused("database_not_migrated", "status", database_url=url, data_key=DATA_KEY)
        assert "Run `dispatch db upgrade`." in line


def test_a_database_of_a_newer_release(people: House) -> None:
    with people.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for arguments in (("status",), ("db", "upgrade"), ("send", "--campaign", "daca", "--yes")):
        line = refused("database_newer", *arguments, data_key=DATA_KEY)
        assert "made by a newer Dispatcher (version 9999). Install that release" in line
    assert how_many(people) == 3


def test_no_database_at_all() -> None:
    for arguments in (("status",), ("send", "--campaign", "daca", "--yes"), ("lists", "ls")):
        line = refused("database_missing", *arguments)
        assert f"{Path('var/dispatch.db').resolve()}. Create it with `dispatch db upgrade`" in line
    assert not Path("var").exists()


def test_a_data_key_that_is_another_databases(people: House) -> None:
    line = refused("wrong_data_key", "subscribers", "ls", data_key=DATA_KEY.replace("a", "e"))
    assert "Put the right key back" in line
    assert how_many(people) == 3


@pytest.mark.usefixtures("people")
def test_a_data_key_that_was_made_and_lost() -> None:
    line = refused("wrong_data_key", "status")
    assert str(Path("var/data.key").resolve()) in line
    assert not Path("var/data.key").exists()


def test_a_file_that_should_hold_the_data_key() -> None:
    line = refused("wrong_settings", "status", data_key_file="/no/such/file")
    assert "DISPATCH_DATA_KEY_FILE: the file can't be read" in line


@pytest.mark.usefixtures("people")
def test_a_setting_that_is_nearly_misspelt() -> None:
    line = refused("wrong_settings", "status", rate_emial="5/s", data_key=DATA_KEY)
    assert "DISPATCH_RATE_EMIAL: isn't a setting. Did you mean rate_email (DISPATCH_RATE_EMAIL)?" in line


def test_a_setting_that_means_nothing() -> None:
    line = refused("wrong_settings", "status", rate_email="fast")
    assert line.startswith("Error: DISPATCH_RATE_EMAIL: ")


def test_an_unknown_campaign() -> None:
    assert dispatch("db", "upgrade").exit_code == 0
    line = refused("unknown_campaign", "send", "--campaign", "dacca", "--yes")
    assert "There is no campaign 'dacca'. Did you mean daca?" in line


def test_a_broken_template(people: House, tmp_path: Path) -> None:
    (write_campaign(tmp_path) / "body.html").write_text("<p>\n{% if name %}\n</p>")
    line = refused("broken_campaign", "send", "--campaign", "budget", "--yes", data_key=DATA_KEY)
    assert line.startswith("Error: templates/campaigns/budget/body.html:")
    assert not messages_of(people)


def test_a_relay_that_is_not_reached(people: House, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    real = {"email_url": f"smtp://us:sesame@127.0.0.1:{free_port()}", "data_key": DATA_KEY, **WHO}
    line = refused("sender_not_ready", "send", "--campaign", "budget", "--yes", **real)
    assert "SMTP relay 127.0.0.1" in line
    assert "sesame" not in line
    assert not messages_of(people)


def test_credentials_that_twilio_refuses(people: House, fake_twilio: TwilioServer, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    url = fake_twilio.url.replace("a-token-for-tests", "not-the-token")
    real = {"sms_url": url, "data_key": DATA_KEY, **WHO}
    line = refused("sender_not_ready", "send", "--campaign", "budget", "--yes", **real)
    assert "Twilio" in line
    assert "not-the-token" not in line
    assert not messages_of(people)
    assert not fake_twilio.texts


def test_a_file_that_is_in_the_way_of_our_folder() -> None:
    Path("var").write_text("not a folder")
    line = refused("file_unusable", "db", "upgrade")
    assert f"{Path('var').resolve()}/data.key can't be used: Not a directory." in line
    assert Path("var").read_text() == "not a folder"


def test_what_nobody_thought_of_is_told_without_its_words_and_with_debug_in_full(people: House) -> None:
    with people.db.transaction() as session:
        session.execute(update(Subscriber).values(attributes="of Maria"))
    asked = ("preview", "daca", "--to", "1")
    line = refused("unexpected", *asked, data_key=DATA_KEY)
    assert "(JSONDecodeError)" in line
    assert "`dispatch --debug ...`" in line
    loud = CliRunner().invoke(main, ["--debug", *asked], env=environment_of(people.settings))
    assert loud.exit_code == 1
    assert isinstance(loud.exception, json.JSONDecodeError)


def test_debug_shows_an_error_of_ours_in_full_too() -> None:
    loud = dispatch("--debug", "status")
    assert type(loud.exception).__name__ == "DatabaseMissing"


def test_usage_errors_are_told_apart_by_exit_2(cli: CliDesk) -> None:
    for arguments in (("send",), ("send", "--campaign", "daca", "--channel", "fax"), ("status", "--nope")):
        assert cli.run(*arguments, expect=2).stderr.startswith("Usage: ")
