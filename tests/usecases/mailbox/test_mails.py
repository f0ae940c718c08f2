"""What follows from one mail: only what has our own word in it counts, and it counts once."""

import pytest
from mailbox_desk import MARIA, Desk
from people import add_person
from returned_mails import complaint, mail, report
from sqlalchemy import select, update

from dispatcher.cli.reply_words import conversation_lines
from dispatcher.content.edition import Organisation
from dispatcher.content.notice import NoticeRequest, NoticeWriter
from dispatcher.db import db_now
from dispatcher.models import MailTaken, Message, Notice, Reply
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NOTICE_NUMBERS
from dispatcher.usecases.mailbox.mails import ANSWERS_A_DAY, Taken
from dispatcher.usecases.replies.reading import read_reply

WORDS = "Can I bring my sister to the rally on Saturday?"
PASSED_ON = "Jo <jo@town.example>"


def test_a_bounce_is_taken_in_once(desk: Desk) -> None:
    assert desk.take(desk.bounce()) == [Taken.TOLD]
    assert desk.take(desk.bounce()) == [Taken.KNOWN]
    assert desk.events() == ["hard_bounce"]


def test_a_complaint_is_taken_in(desk: Desk) -> None:
    returned = f"Message-ID: <{desk.reference}@org.example>\nTo: {MARIA}\n\nDear Maria"
    assert desk.take(complaint("abuse", returned)) == [Taken.TOLD]
    assert desk.events() == ["complained"]


def test_a_bounce_of_anybody_elses_mail_is_not_kept(desk: Desk) -> None:
    assert desk.take(mail(f"<{MARIA}>: 550 5.1.1 No such user")) == [Taken.NOT_OURS]
    assert desk.events() == []


def test_a_persons_answer_is_kept_without_what_it_answers(desk: Desk) -> None:
    quoted = f"{WORDS}\n\nOn 5 Nov 2026, Alerts <alerts@org.example> wrote:\n> Call your senator."
    raw = desk.answer(quoted)
    assert desk.take(raw) == [Taken.KEPT]
    assert desk.take(raw) == [Taken.KNOWN]
    assert desk.replies() == [(WORDS, "look")]
    assert desk.suppressed() == 0


def test_an_answer_is_known_by_the_address_that_it_was_sent_to(desk: Desk) -> None:
    to = f"Delivered-To: desk+{desk.reference}@org.example"
    assert desk.take(mail(WORDS, to, sender=MARIA)) == [Taken.KEPT]


def test_whoever_has_the_message_may_answer_and_nobody_else(desk: Desk) -> None:
    assert desk.take(desk.answer(WORDS, sender=PASSED_ON)) == [Taken.KEPT]
    with desk.house.db.reading() as session:
        kept = session.scalars(select(Reply)).one()
        assert (kept.subscriber_id, kept.alert_id, kept.passed_on) == (None, None, True)
    guessed = desk.reference[:-1] + ("0" if desk.reference[-1] != "0" else "1")
    for forged in (guessed, f"999999.{'0' * 16}", f"{4 * 10**17}.{'0' * 16}"):
        raw = mail(WORDS, f"In-Reply-To: <{forged}@org.example>", sender=MARIA)
        assert desk.take(raw) == [Taken.NOT_OURS]
    assert len(desk.replies()) == 1


def test_an_answer_to_a_notice_of_ours_is_kept_too(desk: Desk) -> None:
    for made_at, outcome in ((None, Taken.KEPT), ("another database's", Taken.NOT_OURS)):
        raw = mail(WORDS, f"In-Reply-To: <{notice_of(desk, made_at)}>", sender=MARIA)
        assert desk.take(raw) == [outcome]


def notice_of(desk: Desk, made_at: str | None) -> str:
    """The Message-ID of a notice to Maria, without its brackets."""
    with desk.house.db.transaction() as session:
        key = desk.house.keys.address_key(MARIA)
        notice = Notice(channel=Channel.EMAIL, kind="leave", language="en", address_key=key)
        session.add(notice)
        session.flush()
        session.refresh(notice)
        number, at = NOTICE_NUMBERS + notice.id, made_at or notice.created_at.isoformat()
    us = Organisation("Tenants", "1 Main St", "alerts@org.example", "Tenants")
    writer = NoticeWriter(us, salt=desk.house.keys.address_key("message-id of notices"))
    facts = {"words": "Yes, do.", "name": "Maria", "subject": "Hello"}
    return writer.email(NoticeRequest(number, MARIA, "received", "en", facts, at)).reference


def test_mail_that_answers_nothing_of_ours_is_never_kept(desk: Desk) -> None:
    assert desk.take(mail("Minutes of the board meeting", sender=MARIA)) == [Taken.NOT_OURS]
    assert desk.replies() == []


def test_a_text_message_is_not_answered_by_mail(desk: Desk) -> None:
    raw = desk.answer(WORDS)
    with desk.house.db.transaction() as session:
        session.get_one(Message, desk.message).channel = Channel.SMS
    assert desk.take(raw) == [Taken.NOT_OURS]


@pytest.mark.parametrize("sender", ["Alerts <alerts@org.example>", "desk@org.example", "nobody"])
def test_our_own_mail_and_nobodys_is_not_kept(desk: Desk, sender: str) -> None:
    assert desk.take(desk.answer(WORDS, sender=sender)) == [Taken.NOT_OURS]


@pytest.mark.parametrize("words", ["Thank you!", "Gracias", "", "> Call your senator."])
def test_a_thank_you_is_nothing_to_read(desk: Desk, words: str) -> None:
    assert desk.take(desk.answer(words, "Subject: Re: Call")) == [Taken.NOTED]
    assert desk.replies() == []


@pytest.mark.parametrize(
    "words",
    [
        "Unsubscribe",
        "Please take me off your list.",
        "Por favor, darme de baja",
        "Quiten mi nombre de la lista",
        "STOP",
    ],
)
def test_who_plainly_says_so_leaves_everything(desk: Desk, words: str) -> None:
    raw = desk.answer(words)
    assert desk.take(raw) == [Taken.LEFT]
    assert desk.left() == ["daca", "health"]
    assert desk.suppressed() == 1
    assert desk.take(raw) == [Taken.KNOWN]
    assert desk.replies() == [(words, "leaves")]


def test_nobody_leaves_by_the_word_of_somebody_else_or_by_a_long_story(desk: Desk) -> None:
    assert desk.take(desk.answer("Take me off your list.", sender=PASSED_ON)) == [Taken.KEPT]
    story = "I have been calling for years and nothing ever changes in this town. " * 5
    assert desk.take(desk.answer(f"{story}\nTake me off your list.")) == [Taken.KEPT]
    assert desk.left() == []
    assert [tier for _, tier in desk.replies()] == ["look", "look"]


@pytest.mark.parametrize("mark", ["Auto-Submitted: auto-replied", "Subject: Respuesta automática: Llame"])
def test_absence_notes_do_nothing_whatever_they_say(desk: Desk, mark: str) -> None:
    assert desk.take(desk.answer("Unsubscribe. I no longer work here.", mark)) == [Taken.NOTED]
    assert (desk.replies(), desk.left(), desk.suppressed()) == ([], [], 0)


def test_a_mail_to_the_address_for_leaving_leaves_once(any_desk: Desk) -> None:
    token = any_desk.signer.leave_token(any_desk.maria, [1], Channel.EMAIL)
    raw = mail("", f"Delivered-To: bounces+leave.{token}@org.example", sender=MARIA)
    assert any_desk.take(raw) == [Taken.LEFT]
    assert any_desk.left() == ["daca"]
    assert any_desk.take(raw) == [Taken.KNOWN]
    assert any_desk.leavings() == 1


def test_a_token_that_nobody_signed_takes_nobody_off(desk: Desk) -> None:
    raw = mail("", "Delivered-To: bounces+leave.AQIDBAUGBwgJCgsMDQ4P@org.example", sender=MARIA)
    assert desk.take(raw) == [Taken.NOT_OURS]
    assert desk.leavings() == 0


def test_a_made_up_reference_fills_no_table(desk: Desk) -> None:
    groups = [f"Final-Recipient: rfc822; u{number}@town.example\nAction: failed" for number in range(150)]
    assert desk.take(report("550 5.1.1 No", groups)) == [Taken.NOT_OURS] * 100
    assert desk.events() == []


def test_a_forged_name_speaks_for_nobody_and_brings_nobody_mail(desk: Desk) -> None:
    add_person(desk.house, email="rosa@town.example", lists=("health",))
    assert desk.take(desk.answer(WORDS, sender="Rosa <rosa@town.example>")) == [Taken.KEPT]
    with desk.house.db.reading() as session:
        kept = session.scalars(select(Reply)).one()
        assert (kept.subscriber_id, kept.alert_id, kept.language) == (None, None, "")
        assert session.scalars(select(Notice)).all() == []
        assert any("not from whom we wrote to" in line for line in conversation_lines(read_reply(session, 1)))
    assert desk.take(desk.answer(WORDS)) == [Taken.KEPT]
    with desk.house.db.reading() as session:
        assert session.scalars(select(Notice.kind)).all() == ["received"]
        assert not any("not from whom" in line for line in conversation_lines(read_reply(session, 2)))


def test_who_has_left_every_list_hears_nothing_by_itself(desk: Desk) -> None:
    token = desk.signer.leave_token(desk.maria, [1, 2], Channel.EMAIL)
    desk.take(mail("", f"Delivered-To: bounces+leave.{token}@org.example", sender=MARIA))
    assert desk.take(desk.answer(WORDS)) == [Taken.KEPT]
    with desk.house.db.reading() as session:
        assert session.scalars(select(Notice)).all() == []


def test_one_email_has_so_many_answers_a_day_and_who_leaves_leaves_all_the_same(any_desk: Desk) -> None:
    for number in range(ANSWERS_A_DAY):
        raw = any_desk.answer(f"Flood {number}: who?", sender=f"n{number}@town.example")
        assert any_desk.take(raw) == [Taken.KEPT]
    assert any_desk.take(any_desk.answer("One more: who?", sender=PASSED_ON)) == [Taken.NOTED]
    assert any_desk.take(any_desk.answer("Unsubscribe")) == [Taken.LEFT]
    assert len(any_desk.replies()) == ANSWERS_A_DAY
    with any_desk.house.db.transaction() as session:
        session.execute(update(MailTaken).values(taken_at=db_now(-24 * 3600 - 1)))
    assert any_desk.take(any_desk.answer("And tomorrow: who?", sender=PASSED_ON)) == [Taken.KEPT]
