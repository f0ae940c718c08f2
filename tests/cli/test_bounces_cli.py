"""`dispatch bounces read`."""

import json
from pathlib import Path

from cli_desk import CliDesk
from people import add_list, add_person
from returned_mails import MARIA, OURS, mail, original
from sent_messages import sent_message
from sqlalchemy import select

from dispatcher.models import Message, Suppression
from dispatcher.usecases.read_bounces import message_reference


def bounce(reference: str = OURS) -> bytes:
    words = f"<{MARIA}>:\n550 5.1.1 No such user\n\n--- Below this line is a copy of the message.\n\n"
    return mail(words + original().replace(OURS, reference))


def own_bounce(cli: CliDesk) -> bytes:
    """The bounce of a message that was sent."""
    add_list(cli.house)
    number = sent_message(cli.house, add_person(cli.house, email=MARIA))
    with cli.house.db.reading() as session:
        return bounce(message_reference(cli.house.keys, session.get_one(Message, number)))


def suppressed(cli: CliDesk) -> int:
    with cli.house.db.reading() as session:
        return len(session.scalars(select(Suppression)).all())


def test_a_dry_run_tells_what_was_understood_with_masked_addresses_and_changes_nothing(cli: CliDesk) -> None:
    told = cli.run("bounces", "read", "-", "--dry-run", given=own_bounce(cli))
    assert "1 mails: 1 hard bounce." in told.stdout
    assert "m…@town.example" in told.stdout
    assert MARIA not in told.stdout + told.stderr
    assert "nothing was changed" in told.stderr
    assert suppressed(cli) == 0


def test_a_pipe_of_a_mail_server_suppresses_a_dead_address(cli: CliDesk) -> None:
    raw = own_bounce(cli)
    assert "1 suppressed." in cli.run("bounces", "read", "-", given=raw).stdout
    assert "1 known." in cli.run("bounces", "read", "-", given=raw).stdout
    assert suppressed(cli) == 1


def test_a_maildir_is_read_once_and_counted_in_json(cli: CliDesk, tmp_path: Path) -> None:
    for folder in ("new", "cur"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    (tmp_path / "box" / "new" / "1.host").write_bytes(bounce())
    facts = json.loads(cli.run("bounces", "read", str(tmp_path / "box"), "--json").stdout)
    assert facts == {
        "mails": 1,
        "kinds": {"hard_bounce": 1},
        "done": {"orphan": 1},
        "events": [{"kind": "hard_bounce", "code": "5.1.1", "about": "m…@town.example"}],
    }
    again = cli.run("bounces", "read", str(tmp_path / "box"))
    assert "0 mails: none to read." in again.stdout
    assert "Nothing to do." in again.stdout


def test_a_file_that_is_not_there_is_named(cli: CliDesk) -> None:
    assert "nowhere.mbox can't be used" in cli.run("bounces", "read", "nowhere.mbox", expect=1).stderr
