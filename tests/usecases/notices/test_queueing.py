"""Who is sent a single message, and how often."""

from collections.abc import Callable
from typing import Any

import pytest

from dispatcher.db import db_now
from dispatcher.errors import InvalidAddress
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.forget import forget
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.suppress import suppress

Office = Callable[..., Any]


def test_an_address_gets_three_of_a_kind_a_day_and_other_kinds_besides(any_office: Office) -> None:
    post = any_office()
    assert [post.queue() for _ in range(4)] == [True, True, True, False]
    assert post.queue("mail")
    assert post.queue(to="ada@mail.us")
    post.change(created_at=db_now(-86401))
    assert post.queue()


def test_spellings_of_one_address_share(office: Office) -> None:
    post = office(Channel.SMS)
    numbers = ["312-555-0142", "+1 (312) 555-0142", "13125550142", "3125550142"]
    assert [post.queue(to=number) for number in numbers] == [True, True, True, False]


def test_two_confirmations_keep_five_minutes_between_them(any_office: Office) -> None:
    post = any_office()
    assert [post.queue("confirm"), post.queue("confirm")] == [True, False]
    post.change(created_at=db_now(-301))
    assert post.queue("confirm")


def test_a_suppressed_address_gets_none_unless_its_owner_asked(office: Office) -> None:
    post = office()
    with post.house.db.transaction() as session:
        key = post.house.keys.address_key("rosa@mail.us")
        suppress(session, Channel.EMAIL, key, SuppressionReason.COMPLAINED, "a test")
    assert not post.queue()
    assert post.queue(force=True)


def test_a_number_that_said_stop_gets_none_whoever_asks(office: Office) -> None:
    post = office(Channel.SMS)
    with post.house.db.transaction() as session:
        key = post.house.keys.address_key("+13125550142")
        suppress(session, Channel.SMS, key, SuppressionReason.STOP, "STOP")
    assert not post.queue(force=True)


@pytest.mark.parametrize("to", ["rosa", "rosa@mail.us\r\nBcc: eve@mail.us, x", "\0@mail.us"])
def test_what_is_no_address_is_refused(office: Office, to: str) -> None:
    with pytest.raises(InvalidAddress):
        office().queue(to=to)


def test_a_row_shows_neither_address_nor_facts(any_office: Office) -> None:
    post = any_office()
    post.queue()
    (row,) = post.rows()
    assert (row.address, row.kind, row.state) == ("Rosa@mail.us", "hello", NoticeState.QUEUED)
    with post.house.db.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT * FROM notices").one()
    assert not any(word in repr(stored).lower() for word in ("rosa", "481516", "go.example"))


def test_what_still_waits_for_somebody_who_leaves_is_never_sent(office: Office) -> None:
    post = office()
    post.queue()
    post.queue(to="ada@mail.us")
    with post.house.db.transaction() as session:
        withdraw_notices(session, Channel.EMAIL, post.house.keys.address_key("rosa@mail.us"))
    post.send()
    assert post.sender.recipients == ["ada@mail.us"]
    assert [(row.state, row.address, row.facts) for row in post.rows()] == [
        (NoticeState.FAILED, None, None),
        (NoticeState.SENT, None, None),
    ]


def test_what_still_waits_for_somebody_who_is_forgotten_is_never_sent(office: Office) -> None:
    post = office()
    post.queue()
    with post.house.db.transaction() as session:
        forget(session, post.house.keys, "rosa@mail.us")
    post.send()
    assert post.sender.taken == []
    assert post.rows() == []
