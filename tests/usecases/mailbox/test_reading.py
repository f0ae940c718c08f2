"""Reading the mailbox: what is new, once, whatever becomes of the server or of us meanwhile."""

from collections import Counter

import pytest
from mailbox_desk import Desk
from returned_mails import mail
from sqlalchemy import select, text, update

from dispatcher.bounces.imap import WINDOW
from dispatcher.db import db_now
from dispatcher.errors import DispatchError, MailboxUnreachable
from dispatcher.house import House
from dispatcher.models import Alarm, Mailbox
from dispatcher.tokens import Signer
from dispatcher.usecases.mailbox.mails import Mail, Taken
from dispatcher.usecases.mailbox.reading import Turn, mailbox_due, mails_waiting, read_mailbox

WORDS = ("When is the rally?", "Who is my senator?", "I have called them.")


def mailbox(desk: Desk) -> Mailbox:
    with desk.house.db.reading() as session:
        found = session.scalars(select(Mailbox)).one()
        session.expunge(found)
    return found


def waiting_time(desk: Desk) -> float:
    """Seconds until the mailbox is looked at next."""
    return (mailbox(desk).next_read_at - desk.house.db.now()).total_seconds()


def alarms(desk: Desk) -> list[tuple[str, bool]]:
    with desk.house.db.reading() as session:
        return [(str(one.event), one.over) for one in session.scalars(select(Alarm).order_by(Alarm.id))]


def kept(desk: Desk) -> list[str]:
    return [words for words, _ in desk.replies()]


def test_everything_is_read_once_and_what_comes_later_later(any_desk: Desk) -> None:
    assert mailbox_due(any_desk.house)
    any_desk.server.put(
        any_desk.bounce(), any_desk.answer(WORDS[0]), mail("Minutes", sender="jo@org.example")
    )
    turn = any_desk.read()
    assert turn is not None
    assert (turn.mails, turn.more) == (3, False)
    assert turn.outcomes == {"told": 1, "kept": 1, "not ours": 1}
    assert turn.kinds == {"hard_bounce": 1, "reply": 2}
    assert (any_desk.events(), kept(any_desk)) == (["hard_bounce"], [WORDS[0]])
    assert not mailbox_due(any_desk.house)
    assert 30 < waiting_time(any_desk) < 90
    any_desk.server.put(any_desk.answer(WORDS[1]))
    assert any_desk.read() == Turn(1, Counter(reply=1), Counter(kept=1))
    assert sum("FETCH" in command for command in any_desk.server.commands) == 4


def test_a_server_that_hangs_up_in_the_middle_loses_nothing_and_repeats_nothing(desk: Desk) -> None:
    desk.server.put(*map(desk.answer, WORDS))
    desk.server.hang_up_at = 2
    with pytest.raises(MailboxUnreachable):
        desk.read()
    assert kept(desk) == [WORDS[0]]
    assert (mailbox(desk).last_uid, mailbox(desk).tries) == (1, 1)
    desk.server.hang_up_at = 0
    desk.read()
    assert kept(desk) == list(WORDS)
    assert (mailbox(desk).last_uid, mailbox(desk).tries, mailbox(desk).failing_since) == (3, 0, None)


def test_numbers_that_begin_anew_are_read_anew_without_harm(desk: Desk) -> None:
    desk.server.put(*map(desk.answer, WORDS[:2]))
    desk.read()
    desk.server.mails = {1: desk.answer(WORDS[1]), 2: desk.answer(WORDS[0]), 3: desk.answer(WORDS[2])}
    desk.server.validity = 8
    turn = desk.read()
    assert turn is not None
    assert turn.outcomes == {"known": 2, "kept": 1}
    assert kept(desk) == list(WORDS)


def test_old_mails_are_let_be(desk: Desk) -> None:
    desk.server.put(*map(desk.answer, WORDS))
    desk.server.days = {1: "2020-01-01", 3: "2020-01-01"}
    desk.read()
    assert kept(desk) == [WORDS[1]]
    assert mailbox(desk).last_uid == 3


def test_a_long_way_to_the_next_mail_is_gone_in_steps(desk: Desk) -> None:
    desk.server.mails = {2 * WINDOW + 5: desk.answer(WORDS[0])}
    assert len(list(mails_waiting(desk.house, desk.house.settings.mailbox))) == 1  # type: ignore[arg-type]
    desk.read()
    assert kept(desk) == [WORDS[0]]
    assert mailbox(desk).last_uid == 2 * WINDOW + 5


def test_a_turn_ends_in_time_and_the_next_goes_on_at_once(desk: Desk) -> None:
    desk.server.put(*map(desk.answer, WORDS))
    turn = desk.read(-1)
    assert turn is not None
    assert turn.more
    assert kept(desk) == []
    assert mailbox_due(desk.house)
    desk.read()
    assert kept(desk) == list(WORDS)


def test_a_worker_that_is_to_stop_stops_between_two_mails(desk: Desk) -> None:
    desk.server.put(*map(desk.answer, WORDS))
    asked = iter([False, True])
    turn = read_mailbox(desk.house, desk.signer, lambda: next(asked))
    assert turn is not None
    assert (turn.mails, turn.more) == (1, True)


def test_one_process_reads_at_a_time_until_its_lease_runs_out(any_desk: Desk) -> None:
    any_desk.server.put(any_desk.answer(WORDS[0]))
    any_desk.read()
    lease(any_desk, 60)
    assert any_desk.read() is None
    assert not mailbox_due(any_desk.house)
    lease(any_desk, -1)
    assert any_desk.read() == Turn()


def test_who_is_interrupted_leaves_the_rest_to_the_next(desk: Desk) -> None:
    def interrupt(_mail: Mail, _outcomes: list[Taken]) -> None:
        raise KeyboardInterrupt

    desk.server.put(*map(desk.answer, WORDS))
    with pytest.raises(KeyboardInterrupt):
        read_mailbox(desk.house, desk.signer, lambda: False, told=interrupt)
    turn = desk.read()
    assert turn is not None
    assert turn.outcomes == {"kept": 2}
    assert kept(desk) == list(WORDS)


def lease(desk: Desk, seconds: float) -> None:
    with desk.house.db.transaction() as session:
        session.execute(update(Mailbox).values(lease_until=db_now(seconds), next_read_at=db_now()))


def test_a_mail_that_upsets_everything_is_passed_by(desk: Desk) -> None:
    told: list[int] = []
    desk.server.put(b"", b"\xff" * 3_000, mail("x"))
    broken = desk.house.settings.model_copy(update={"bounces_to": 5})  # no mail is known to upset the reader
    house = House(broken, desk.house.keys, desk.house.db)
    read_mailbox(house, desk.signer, lambda: False, told=lambda mail, _: told.append(len(mail.events)))
    assert told == [1, 1, 1]
    assert mailbox(desk).last_uid == 3
    desk.server.put(desk.answer(WORDS[0]))
    desk.read()
    assert kept(desk) == [WORDS[0]]


def test_a_server_that_is_away_is_tried_less_and_less_often_and_staff_are_told_in_time(desk: Desk) -> None:
    fail(desk)
    assert 30 < waiting_time(desk) < 90
    for _ in range(6):
        fail(desk)
    assert 600 < waiting_time(desk) < 930
    assert alarms(desk) == []
    with desk.house.db.transaction() as session:
        session.execute(update(Mailbox).values(failing_since=db_now(-1_000)))
    fail(desk)
    fail(desk)
    assert alarms(desk) == [("mailbox_away", False)]
    desk.read()
    assert alarms(desk) == [("mailbox_away", False), ("mailbox_away", True)]


def fail(desk: Desk) -> None:
    desk.server.hang_up_at = 1
    desk.server.mails.setdefault(1, b"never read")
    with pytest.raises(MailboxUnreachable):
        desk.read()
    desk.server.mails.clear()


def test_without_a_mailbox_nothing_is_read(house: House) -> None:
    assert not mailbox_due(house)
    assert read_mailbox(house, Signer.load(house.settings), lambda: False) is None


def test_a_mail_that_cannot_be_acted_on_is_passed_by_and_one_is_not_while_the_database_is_away(
    any_desk: Desk,
) -> None:
    any_desk.server.put(any_desk.answer(WORDS[0]), any_desk.bounce())
    with any_desk.house.db.transaction() as session:
        session.execute(text("ALTER TABLE replies RENAME TO away"))  # no mail is known to upset it any more
    if any_desk.house.db.sqlite:  # there a table that isn't there is OperationalError: as if all were away
        with pytest.raises(DispatchError):
            any_desk.read()
        assert mailbox(any_desk).last_uid == 0
        assert mailbox_due(any_desk.house)
    else:
        turn = any_desk.read()
        assert turn is not None
        assert turn.outcomes == {"can't be read": 1, "told": 1}
        assert mailbox(any_desk).last_uid == 2


def test_a_mail_with_half_a_letter_keeps_none_waiting(desk: Desk) -> None:
    poison = desk.answer("", "Subject: =?utf-7?Q?can_you+2AA-_help_me_with_papers?=")
    desk.server.put(poison, desk.answer(WORDS[0]))
    desk.read()
    assert kept(desk) == ["can you? help me with papers", WORDS[0]]
