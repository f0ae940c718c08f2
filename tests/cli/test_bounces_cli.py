"""`dispatch bounces read`."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_desk import CliDesk
from people import add_list, add_person
from returned_mails import MARIA, OURS, mail, original
from sent_messages import sent_message
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Message, Suppression
from dispatcher.settings import Settings
from dispatcher.usecases import read_bounces
from dispatcher.usecases.feedback.references import message_reference
from dispatcher.usecases.mailbox.mails import Mail, understand
from fakes.imap import ImapServer


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
    assert "1 mail: 1 hard bounce." in told.stdout
    assert "It would be: 1 suppressed." in told.stdout
    assert "m…@town.example" in told.stdout
    assert MARIA not in told.stdout + told.stderr
    assert "nothing was changed" in told.stderr
    assert suppressed(cli) == 0


def test_a_dry_run_tells_ours_from_somebody_elses_and_who_would_leave(cli: CliDesk, tmp_path: Path) -> None:
    ours = own_bounce(cli)
    with cli.house.db.transaction() as session:
        sent = session.scalars(select(Message)).one()
        sent.address_key = cli.house.keys.address_key(MARIA)
        reference = message_reference(cli.house.keys, sent)
    answer = mail("Please take me off this list", f"In-Reply-To: <{reference}@org.example>", sender=MARIA)
    for name, raw in (("1", ours), ("2", bounce()), ("3", mail(f"<{MARIA}>: 550 5.1.1 No")), ("4", answer)):
        (tmp_path / name).write_bytes(b"From x\n" + raw.replace(b"\r", b"") + b"\n")
    box = tmp_path / "box"
    box.write_bytes(b"".join((tmp_path / name).read_bytes() for name in "1234"))
    dry = json.loads(cli.run("bounces", "read", str(box), "--dry-run", "--json").stdout)
    assert [one["outcome"] for one in dry["events"]] == ["suppressed", "not ours", "not ours", "left"]
    assert suppressed(cli) == 0
    for_real = json.loads(cli.run("bounces", "read", str(box), "--json").stdout)
    assert for_real == dry


def test_a_file_that_is_no_mail_is_nobodys_bounce(cli: CliDesk, tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("# Dispatcher\n\nSends mail.\n\nTo: you@your.site\n550 mailbox full\n")
    assert "1 mail: 1 unknown.\n1 noted." in cli.run("bounces", "read", str(readme)).stdout


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
        "done": {"not ours": 1},
        "events": [
            {"kind": "hard_bounce", "code": "5.1.1", "about": "m…@town.example", "outcome": "not ours"}
        ],
    }
    again = cli.run("bounces", "read", str(tmp_path / "box"))
    assert "0 mails: none to read." in again.stdout
    assert "Nothing to do." in again.stdout


def test_the_mailbox_is_read_on_request_and_left_as_it_is(open_house_with: Callable[..., House]) -> None:
    with ImapServer() as server:
        server.put(bounce(), mail("Hello", sender=MARIA))
        cli = CliDesk(open_house_with(mailbox_url=server.url()))
        raw = own_bounce(cli)
        server.put(raw)
        dry = cli.run("bounces", "read", "mailbox", "--dry-run")
        assert "3 mails: 2 hard bounce, 1 reply." in dry.stdout
        assert "It would be: 2 not ours, 1 suppressed." in dry.stdout
        assert MARIA not in dry.stdout
        facts = json.loads(cli.run("bounces", "read", "mailbox", "--json").stdout)
        assert (facts["mails"], facts["done"]) == (3, {"not ours": 2, "told": 1})
        assert "0 mails: none to read." in cli.run("bounces", "read", "mailbox").stdout
        assert not any("STORE" in command for command in server.commands)


def test_without_a_mailbox_that_is_said(cli: CliDesk) -> None:
    assert "DISPATCH_MAILBOX_URL: isn't set" in cli.run("bounces", "read", "mailbox", expect=1).stderr


def test_a_mail_that_nobody_thought_of_is_passed_by_and_the_next_one_is_read(
    cli: CliDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("new", "cur"):
        (tmp_path / folder).mkdir()
    (tmp_path / "new" / "1").write_bytes(b"From: odd@example.org\n\nodd")
    (tmp_path / "new" / "2").write_bytes(own_bounce(cli))

    def reads(raw: bytes, settings: Settings) -> Mail:
        if b"odd" in raw:
            raise ValueError(raw)
        return understand(raw, settings)

    monkeypatch.setattr(read_bounces, "understand", reads)
    told = cli.run("bounces", "read", str(tmp_path))
    assert "1 can't be read, 1 suppressed." in told.stdout
    assert "odd" not in told.stdout + told.stderr
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["1"]


def test_a_file_that_is_not_there_is_named(cli: CliDesk) -> None:
    assert "nowhere.mbox can't be used" in cli.run("bounces", "read", "nowhere.mbox", expect=1).stderr
