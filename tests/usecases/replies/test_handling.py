"""Who has a reply, when it is closed, and what a person may read into it."""

from typing import Any

import pytest
from sqlalchemy import select

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.errors import UnknownReply
from dispatcher.models import StaffAct, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.free_text import Tier
from dispatcher.rules.replies import ReplyState
from dispatcher.usecases.record_inbound import Answer, record_inbound
from dispatcher.usecases.replies.handling import assign, close, close_as_leaving, reopen
from dispatcher.usecases.replies.reading import list_replies, waiting_replies

Desk = Any
OPEN = (ReplyState.OPEN,)


def listed(desk: Desk, *states: ReplyState, **which: Any) -> list[int]:
    with desk.house.db.reading() as session:
        return [one.number for one in list_replies(session, states=states, **which)]


def test_a_reply_is_given_to_one_after_another(replies: Desk) -> None:
    first, second = replies.write(), replies.write("And I?")
    with replies.house.db.transaction() as session:
        assert assign(session, second, "maria") is None
        assert assign(session, second, "jo") == "maria"
    assert listed(replies, *OPEN, assigned_to="jo") == [second]
    assert listed(replies, *OPEN, assigned_to="maria") == []
    assert listed(replies, *OPEN) == [first, second]
    assert listed(replies, *OPEN, limit=1) == [first]


def test_what_is_closed_waits_for_nobody(desk: Desk) -> None:
    number = desk.write()
    with desk.house.db.transaction() as session:
        close(session, number)
    with desk.house.db.reading() as session:
        assert waiting_replies(session) == 0
    assert listed(desk, *OPEN) == []
    assert listed(desk, *ReplyState) == [number]


def test_what_was_closed_too_early_waits_again(desk: Desk) -> None:
    number = desk.write()
    with desk.house.db.transaction() as session:
        close(session, number)
        assert waiting_replies(session) == 0
        reopen(session, number)
        assert waiting_replies(session) == 1


@pytest.mark.parametrize(
    ("channel", "reason"),
    [(Channel.SMS, SuppressionReason.STOP), (Channel.EMAIL, SuppressionReason.OPTED_OUT)],
)
def test_what_a_person_reads_as_a_stop_is_one(
    replies: Desk, channel: Channel, reason: SuppressionReason
) -> None:
    number = replies.write("I moved to another country", channel=channel)
    with replies.house.db.transaction() as session:
        close_as_leaving(session, number)
    with replies.house.db.reading() as session:
        held = select(Subscription.channel).where(Subscription.left_at.is_(None))
        assert session.scalars(held).all() == [one for one in Channel if one is not channel]
        assert session.scalars(select(Suppression.reason)).all() == [reason]
        assert session.scalars(select(StaffAct.detail)).all() == [f"reply {number}"]
    found = replies.read(number).asked
    assert (found.state, found.tier) == (ReplyState.CLOSED, Tier.LEAVES)
    assert replies.arrived() == []  # the automatic answer waited, and is withdrawn


def test_the_person_can_take_back_what_was_read_into_it(desk: Desk) -> None:
    number = desk.write()
    with desk.house.db.transaction() as session:
        close_as_leaving(session, number)
    text = InboundText("+13125550142", "START")
    with desk.house.db.transaction() as session:
        assert record_inbound(session, desk.house.keys, text).reply is Answer.START


def test_a_number_that_is_none_is_said(desk: Desk) -> None:
    with desk.house.db.transaction() as session, pytest.raises(UnknownReply):
        close(session, 9)
