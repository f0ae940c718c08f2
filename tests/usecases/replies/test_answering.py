"""An answer of staff is a message: with consent, limits, hours and a log, and once."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from dispatcher.channels.memory import MemorySender
from dispatcher.db import db_now
from dispatcher.errors import AnsweredMeanwhile, DispatchError, RenderFailed, ReplyNotAnswerable, UnknownReply
from dispatcher.limiter import Limiter
from dispatcher.models import Answer, Notice, Reply
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.notices import NOTICE_NUMBERS, NoticeState
from dispatcher.rules.replies import ReplyState
from dispatcher.usecases.forget import forget
from dispatcher.usecases.leave import leave
from dispatcher.usecases.notices.sending import send_notices
from dispatcher.usecases.notices.waiting import tidy_notices
from dispatcher.usecases.read_log import read_log
from dispatcher.usecases.replies.answering import draft_answer, who_answers
from dispatcher.usecases.retention.run import run
from dispatcher.usecases.suppress import suppress

Desk = Any
PHONE = "+13125550142"


def log_of(desk: Desk, **which: int) -> list[dict[str, Any]]:
    with desk.house.db.reading() as session:
        return list(read_log(session, **which))


@pytest.mark.parametrize("channel", list(Channel))
def test_an_answer_goes_out_and_is_in_the_log(replies: Desk, channel: Channel) -> None:
    number = replies.write(channel=channel, answerable=False)
    replies.answer(number, "Yes.\nUntil May.\n\nMaria")
    assert log_of(replies) == []  # the log has results
    (sent,) = replies.arrived()
    assert "Yes.\nUntil May.\n\nMaria" in sent.words.replace("\r\n", "\n")
    found = replies.read(number).asked
    assert (found.state, found.assigned_to) == (ReplyState.ANSWERED, "maria")
    (answer,) = found.answers
    assert (answer.by, answer.words, answer.became) == (
        "maria",
        "Yes.\nUntil May.\n\nMaria",
        NoticeState.SENT,
    )
    (row,) = log_of(replies, subscriber_id=1)
    at = datetime.fromisoformat(row.pop("at"))
    assert at.tzinfo is not None
    assert row == {
        "message": NOTICE_NUMBERS + 1,
        "alert": None,
        "channel": str(channel),
        "subscriber": 1,
        "status": "sent",
        "attempt": 1,
        "provider_ref": None,
        "error": None,
        "detail": f"an answer to reply {number}",
    }
    assert log_of(replies, subscriber_id=2) == log_of(replies, alert_id=1) == []


def test_an_email_is_a_persons_and_stands_below_the_one_that_it_answers(desk: Desk) -> None:
    number = desk.write(channel=Channel.EMAIL, reference="<q@mail.example>", answerable=False)
    desk.answer(number)
    (mail,) = desk.arrived()
    assert mail.head["In-Reply-To"] == "<q@mail.example>"
    assert mail.head["Subject"] == "ICIRR alerts: nuestra respuesta"
    assert "Auto-Submitted" not in mail.head


def stopped(desk: Desk) -> None:
    with desk.house.db.transaction() as session:
        suppress(session, Channel.SMS, desk.house.keys.address_key(PHONE), SuppressionReason.STOP, "x")


def left(desk: Desk) -> None:
    with desk.house.db.transaction() as session:
        leave(session, Channel.SMS, desk.house.keys.address_key(PHONE), "link")


@pytest.mark.parametrize(("what", "why"), [(stopped, "stop"), (left, "on no list by text")])
def test_who_has_left_gets_no_answer(desk: Desk, what: Callable[[Desk], None], why: str) -> None:
    number = desk.write()
    what(desk)
    for tried in (lambda: desk.answer(number), lambda: draft_answer(desk.house, number, "Yes", seen=0)):
        with pytest.raises(ReplyNotAnswerable, match=why):
            tried()
    with desk.house.db.reading() as session, pytest.raises(ReplyNotAnswerable):
        who_answers(session, number)
    assert desk.read(number).asked.state is ReplyState.OPEN


def test_nobody_answers_somebody_who_is_not_here(desk: Desk) -> None:
    with pytest.raises(ReplyNotAnswerable, match="nobody here"):
        desk.answer(desk.write(address="+13125550199"))


def test_who_leaves_before_it_is_sent_gets_no_answer(replies: Desk) -> None:
    number = replies.write(answerable=False)
    replies.answer(number)
    left(replies)
    assert replies.arrived() == []
    (answer,) = replies.read(number).asked.answers
    assert (answer.became, answer.error) == (NoticeState.FAILED, "must not be contacted")


def test_two_who_answer_at_once_send_one(desk: Desk) -> None:
    number = desk.write(answerable=False)
    desk.answer(number)
    with pytest.raises(AnsweredMeanwhile):
        desk.answer(number)
    desk.answer(number, "And your sister, too.", seen=1)
    with desk.house.db.reading() as session:
        assert who_answers(session, number) == ("maria", 2)
    assert len(desk.arrived()) == 2


def test_an_address_has_twenty_answers_a_day(desk: Desk) -> None:
    number = desk.write(answerable=False)
    for seen in range(20):
        desk.answer(number, seen=seen)
    with pytest.raises(ReplyNotAnswerable, match="20 answers"):
        desk.answer(number, seen=20)


def refusal(error: type[DispatchError], tried: Callable[[], object]) -> None:
    with pytest.raises(error):
        tried()


def test_an_answer_needs_a_reply_and_words_that_fit(desk: Desk) -> None:
    number = desk.write()
    refusal(UnknownReply, lambda: desk.answer(10**30))
    refusal(ReplyNotAnswerable, lambda: draft_answer(desk.house, number, " \n", seen=0))
    refusal(RenderFailed, lambda: draft_answer(desk.house, number, "x" * 1601, seen=0))


def test_a_draft_shows_the_text_as_it_arrives_and_what_it_costs(desk: Desk) -> None:
    draft = draft_answer(desk.house, desk.write(), "Sí, hasta mayo.", seen=0)
    assert draft.words.startswith("ICIRR alerts: Sí, hasta mayo.\n")  # and how to stop, which is due
    assert draft.cost is not None
    assert (draft.cost.texts, draft.cost.segments, draft.waits_until) == (1, 1, None)
    mail = draft_answer(desk.house, desk.write(channel=Channel.EMAIL), " Sí. ", seen=0)
    assert (mail.words, mail.cost, mail.waits_until, mail.language) == ("Sí.", None, None, "es")


def closed_now() -> str:
    """Hours, in UTC, that it isn't now nor in some hours."""
    return "20-22" if datetime.now(UTC).hour < 12 else "2-4"


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_a_text_waits_for_the_persons_hours_and_says_so(desk_with: Callable[..., Desk], closed: bool) -> None:
    desk = desk_with(
        sms_url="twilio://AC1:token@?from=%2B13125550100",
        sms_hours=closed_now() if closed else "none",
        rate_sms="none",
        org_name="Tenants",
        org_address="1 Main St",
        from_email="us@tenants.org",
    )
    number = desk.write(answerable=False)
    draft = draft_answer(desk.house, number, "Yes", seen=0)
    assert (draft.waits_until is not None) is closed
    desk.answer(number)
    with (
        closing(MemorySender(Channel.SMS)) as sender,
        closing(Limiter(redis_of(desk.house.settings))) as free,
    ):
        send_notices(desk.house, Channel.SMS, sender, free, lambda: False, 5.0)
        assert len(sender.taken) == (0 if closed else 1)
    (notice,) = desk.notices()
    assert notice.state is (NoticeState.QUEUED if closed else NoticeState.SENT)


def test_what_became_of_an_answer_is_kept_as_long_as_the_answer(replies: Desk) -> None:
    number = replies.write()
    replies.arrived()
    with replies.house.db.transaction() as session:
        session.execute(update(Notice).values(created_at=db_now(-8 * 86_400)))
    tidy_notices(replies.house)
    assert len(replies.notices()) == 1
    run(replies.house)
    assert replies.read(number).asked.answers[0].became is NoticeState.SENT
    with replies.house.db.transaction() as session:
        session.execute(update(Reply).values(at=db_now(-31 * 86_400)))
    run(replies.house)
    tidy_notices(replies.house)
    assert replies.replies() == replies.notices() == []


def test_whoever_is_forgotten_leaves_neither_questions_nor_answers(replies: Desk) -> None:
    replies.answer(replies.write())
    with replies.house.db.transaction() as session:
        forget(session, replies.house.keys, "1")
    with replies.house.db.reading() as session:
        assert session.scalars(select(Answer)).all() == session.scalars(select(Reply)).all() == []
