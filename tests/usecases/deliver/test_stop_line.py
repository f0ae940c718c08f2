"""The engine says how to stop where the text doesn't and it is due; practising keeps it from nobody."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, real, send, write_campaign
from people import add_people
from sqlalchemy import select, update
from time_machine import TimeMachineFixture
from town import Town

from dispatcher.channels.base import Result
from dispatcher.db import db_now
from dispatcher.models import StopTold
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedSms
from dispatcher.rules.stop_line import EVERY

SMS = Channel.SMS
BARE, LINE = "ICIRR: call today", "ICIRR: call today\nReply STOP to stop"


@pytest.fixture
def bare(town: Town, tmp_path: Path, time_machine: TimeMachineFixture) -> Town:
    """A campaign whose text says nothing of how to stop, and one person, at noon."""
    time_machine.move_to(datetime(2026, 12, 1, 18, 0, tzinfo=UTC), tick=False)
    (write_campaign(tmp_path) / "sms.txt").write_text(BARE)
    add_people(town.house, 1)
    return town


def alert(town: Town, name: str | None = None) -> str:
    """Send an alert's texts; what the last one said."""
    send(town.house, real(frozen_campaign(), channels=[SMS], again=name))
    town.turn(SMS)
    last = town.sms.taken[-1]
    assert isinstance(last, RenderedSms)
    return last.body


def told(town: Town) -> int:
    with town.house.db.reading() as session:
        return len(session.scalars(select(StopTold)).all())


def test_the_first_text_to_a_number_says_it_and_the_next_ones_do_not(bare: Town) -> None:
    assert alert(bare) == LINE
    assert [alert(bare, name) for name in ("second", "third")] == [BARE, BARE]


def test_after_thirty_days_it_is_said_again(bare: Town) -> None:
    alert(bare)
    with bare.house.db.transaction() as session:
        session.execute(update(StopTold).values(told_at=db_now(-EVERY.total_seconds() + 60)))
    assert alert(bare, "on the thirtieth day") == BARE
    with bare.house.db.transaction() as session:
        session.execute(update(StopTold).values(told_at=db_now(-timedelta(days=31).total_seconds())))
    assert [alert(bare, name) for name in ("a month later", "soon after")] == [LINE, BARE]


def test_a_text_that_always_says_it_counts_for_the_next_one(bare: Town, tmp_path: Path) -> None:
    sms = tmp_path / "templates/campaigns/budget/sms.txt"
    sms.write_text("ICIRR: call. {{ chrome.reply_stop }}")
    assert alert(bare) == "ICIRR: call. Reply STOP to stop"
    sms.write_text(BARE)
    assert alert(bare, "second") == BARE


@pytest.mark.parametrize("result", [Result.UNCERTAIN, Result.DROPPED])
def test_only_a_text_that_was_taken_has_told_anybody(bare: Town, result: Result) -> None:
    bare.sms.answer("+13122000001", result)
    send(bare.house, real(frozen_campaign(), channels=[SMS]))
    bare.turn(SMS)
    assert told(bare) == 0
    assert alert(bare, "second") == LINE


def test_practising_tells_nobody(bare: Town) -> None:
    bare.sms.practice = True
    send(bare.house, opening(frozen_campaign(), channels=[SMS]))
    bare.turn(SMS)
    assert [message.body for message in bare.sms.taken if isinstance(message, RenderedSms)] == [LINE]
    assert told(bare) == 0


def test_a_channel_on_practice_beside_a_real_one_tells_nobody(bare: Town) -> None:
    bare.sms.practice = True
    send(bare.house, real(frozen_campaign(), practice_channels="sms"))
    bare.turn(SMS)
    assert len(bare.sms.taken) == 1
    assert told(bare) == 0


def test_emails_have_nothing_to_do_with_it(bare: Town) -> None:
    send(bare.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    bare.turn()
    assert told(bare) == 0
