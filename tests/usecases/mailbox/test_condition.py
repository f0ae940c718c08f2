"""What `dispatch doctor` says of the mailbox."""

from collections.abc import Callable

from mailbox_desk import Desk
from sqlalchemy import update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Mailbox
from dispatcher.usecases.mailbox.condition import mailbox_condition
from fakes.imap import ImapServer

OpenHouse = Callable[..., House]


def test_it_says_how_many_mails_wait_and_when_it_was_read_last(desk: Desk) -> None:
    desk.server.put(desk.bounce(), desk.answer("Hello, is this you?"))
    before = mailbox_condition(desk.house)
    assert before.ok is None
    assert before.words == "can be read; 2 mails wait; it was never read."
    desk.read()
    after = mailbox_condition(desk.house)
    assert after.ok
    assert "0 mails wait; it was last read on" in after.words
    desk.server.put(desk.bounce())
    assert "; 1 mails wait; it was last read on" in mailbox_condition(desk.house).words
    assert not any("FETCH" in command for command in desk.server.commands[-4:])


def test_numbers_that_began_anew_all_wait(desk: Desk) -> None:
    desk.server.put(desk.bounce(), desk.bounce())
    desk.read()
    desk.server.validity = 8
    assert "2 mails wait" in mailbox_condition(desk.house).words


def test_a_mailbox_that_cannot_be_read_is_wrong_and_says_why(
    open_house_with: OpenHouse, server: ImapServer
) -> None:
    found = mailbox_condition(open_house_with(mailbox_url=server.url(password="guess")))
    assert found.ok is False
    assert "doesn't take the user or the password" in found.words


def test_none_is_worth_knowing(house: House) -> None:
    found = mailbox_condition(house)
    assert found.ok is None
    assert "DISPATCH_MAILBOX_URL" in found.mend


def test_a_mailbox_that_nobody_has_read_for_an_hour_is_wrong(desk: Desk) -> None:
    desk.read()
    with desk.house.db.transaction() as session:
        session.execute(update(Mailbox).values(read_at=db_now(-2 * 3600)))
    found = mailbox_condition(desk.house)
    assert found.ok is False
    assert "last read on" in found.words
    assert "a worker runs" in found.mend
