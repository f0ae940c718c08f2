"""What people write is kept for people to read, and answered by itself once a day."""

from typing import Any

import pytest
from people import add_person
from sent_messages import sent_message
from sqlalchemy import update

from dispatcher.db import db_now
from dispatcher.models import Message, Notice
from dispatcher.rules import sms
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.free_text import Tier
from dispatcher.rules.replies import ReplyState
from dispatcher.usecases.replies.reading import waiting_replies
from dispatcher.usecases.suppress import suppress

Desk = Any
BOTH = pytest.mark.parametrize("channel", list(Channel))


@BOTH
def test_a_reply_is_kept_and_answered_once_a_day_in_the_persons_language(
    replies: Desk, channel: Channel
) -> None:
    first = replies.write(channel=channel)
    replies.write("And my sister?", channel=channel)
    (answered,) = replies.arrived()
    assert "Una persona" in " ".join(answered.words.split())
    kept = replies.replies()
    assert [(one.state, one.subscriber_id, one.language, one.channel) for one in kept] == [
        (ReplyState.OPEN, 1, "es", channel)
    ] * 2
    with replies.house.db.reading() as session:
        assert waiting_replies(session) == 2
    with replies.house.db.transaction() as session:
        session.execute(update(Notice).values(created_at=db_now(-24 * 3600 - 1)))
    replies.write("Hello?", channel=channel)
    assert len(replies.arrived()) == 1
    (turn, *_) = replies.read(first).turns
    assert [(one.by, one.words) for one in turn.answers] == [("", "")]


@pytest.mark.parametrize("language", ["en", "es", "pl", "ar"])
def test_the_automatic_answer_says_who_reads_and_where_to_turn(desk: Desk, language: str) -> None:
    number = "+13125550143"
    add_person(desk.house, phone=number, language=language)
    desk.write(address=number)
    (text,) = desk.arrived()
    assert text.words.startswith("ICIRR alerts: ")
    assert "alerts@example.org" in text.words  # nobody has set a hotline
    assert sms.segments(text.words.partition("\n")[0]) == (2 if language == "ar" else 1)


def test_an_email_that_goes_by_itself_says_so_and_stands_below_what_was_written(desk: Desk) -> None:
    desk.write(channel=Channel.EMAIL, reference="<abc.1@mail.example>")
    (mail,) = desk.arrived()
    assert mail.head["Auto-Submitted"] == "auto-replied"
    assert mail.head["In-Reply-To"] == mail.head["References"] == "<abc.1@mail.example>"
    assert "{" not in mail.words
    assert "Si no puede esperar" not in mail.words  # nobody has set a hotline


def test_a_thank_you_is_not_kept(desk: Desk) -> None:
    assert desk.write("ok thanks", tier=Tier.NOTHING) == 0
    assert desk.replies() == desk.notices() == []


def test_what_counted_as_a_stop_is_kept_closed_and_not_answered(desk: Desk) -> None:
    desk.write("please stop texting me", tier=Tier.LEAVES)
    assert [one.state for one in desk.replies()] == [ReplyState.CLOSED]
    assert desk.notices() == []


def test_nothing_answers_what_a_program_may_have_written(desk: Desk) -> None:
    assert desk.write(channel=Channel.EMAIL, answerable=False)
    assert desk.notices() == []


def test_nothing_answers_an_address_that_is_suppressed_or_nobodys(desk: Desk) -> None:
    with desk.house.db.transaction() as session:
        suppress(
            session, Channel.SMS, desk.house.keys.address_key("+13125550142"), SuppressionReason.STOP, "x"
        )
    assert desk.write()
    assert desk.write(address="+13125550199")
    assert [one.subscriber_id for one in desk.replies()] == [1, None]
    assert desk.notices() == []


def test_from_a_phone_that_several_share_nobody_is_said_to_have_written(desk: Desk) -> None:
    add_person(desk.house, phone="+13125550142", language="en")
    desk.write()
    assert [one.subscriber_id for one in desk.replies()] == [None]
    assert len(desk.arrived()) == 1


def test_a_reply_knows_the_newest_alert_that_had_reached_the_address(replies: Desk) -> None:
    message = sent_message(replies.house, 1)
    assert replies.read(replies.write(channel=Channel.EMAIL)).campaign is None
    with replies.house.db.transaction() as session:
        key = replies.house.keys.address_key("rosa@example.org")
        session.execute(update(Message).where(Message.id == message).values(address_key=key))
    found = replies.read(replies.write("Where?", channel=Channel.EMAIL))
    assert (found.asked.alert_id, found.campaign) == (1, "daca")


def test_very_long_words_are_cut(desk: Desk) -> None:
    desk.write("a" * 20_000, reference="<" + "b" * 500 + ">")
    (kept,) = desk.replies()
    assert (len(kept.words), len(kept.reference)) == (10_000, 250)
