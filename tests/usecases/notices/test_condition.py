"""What doctor says of notices, and when staff are told by themselves."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from dispatcher.models import Alarm
from dispatcher.rules.alarms import Event
from dispatcher.rules.results import Result
from dispatcher.usecases.alarms.conditions import look_around
from dispatcher.usecases.notices.condition import notices_condition

Office = Callable[..., Any]


def test_doctor_counts_what_became_of_them(any_office: Office) -> None:
    post = any_office()
    assert notices_condition(post.house).words == "none in the last seven days."
    post.queue()
    post.send()
    well = notices_condition(post.house)
    assert (well.ok, well.words) == (True, "in the last seven days: 1 sent.")
    post.sender.answer("Rosa@mail.us", Result.UNCERTAIN)
    post.queue()
    post.send()
    known = notices_condition(post.house)
    assert (known.ok, known.words) == (None, "in the last seven days: 1 sent, 1 uncertain.")
    post.queue()
    post.age(1)
    waits = notices_condition(post.house)
    assert (waits.ok, "no worker is alive" in waits.words) == (None, True)
    assert "dispatch web" in waits.mend
    post.age(601)
    assert notices_condition(post.house).ok is False


def test_staff_are_told_once_when_people_wait_in_vain_and_when_it_is_over(office: Office) -> None:
    post = office()
    post.queue()
    post.age(601)
    for _ in range(2):
        look_around(post.house)
    post.send()
    look_around(post.house)
    with post.house.db.reading() as session:
        told = session.scalars(select(Alarm).order_by(Alarm.id)).all()
    assert [(alarm.event, alarm.over) for alarm in told] == [
        (Event.NOTICES_STUCK, False),
        (Event.NOTICES_STUCK, True),
    ]
