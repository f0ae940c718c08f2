"""What events do: to messages, in whatever order; to addresses; to people who leave."""

import itertools
import logging
from functools import partial
from pathlib import Path

import pytest
from conftest import OpenHouse
from people import add_people
from sqlalchemy import select, text, update
from sqlalchemy.event import listen, remove
from what_came_back import (
    EMAIL,
    PHONE,
    Maria,
    add_messages,
    come_back,
    log_of,
    open_alert,
    reference,
    statuses,
    suppressed,
    take_in,
    told,
)

from dispatcher.errors import DatabaseBusy
from dispatcher.house import House
from dispatcher.models import Alert, ConsentEvent, List, ProviderEvent, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.feedback import Outcome
from dispatcher.rules.moves import Status
from dispatcher.usecases.feedback.applying import apply_due, apply_for, events_due
from dispatcher.usecases.leave import BY_PROVIDER
from dispatcher.usecases.moves import Move, begin, follow_events, move_all, settle_each

K = EventKind
S = Status
SMS = Channel.SMS


def still_on(house: House, channel: Channel) -> set[str]:
    """The lists that anybody is on."""
    with house.db.reading() as session:
        held = (
            select(List.slug)
            .join(Subscription, Subscription.list_id == List.id)
            .where(Subscription.channel == channel, Subscription.left_at.is_(None))
        )
        return set(session.scalars(held))


@pytest.mark.parametrize(
    ("kinds", "ends"),
    [
        ((K.ACCEPTED, K.DEFERRED, K.DELIVERED), S.DELIVERED),
        ((K.DELIVERED, K.COMPLAINED, K.ACCEPTED), S.COMPLAINED),
        ((K.DELIVERED, K.HARD_BOUNCE), S.BOUNCED),
    ],
)
def test_events_that_come_together_end_in_the_right_state_whatever_their_order(
    maria: Maria, kinds: tuple[K, ...], ends: S
) -> None:
    orders = list(itertools.permutations(kinds))
    ids = add_messages(maria.house, maria.alert, [None] * len(orders), status=S.UNCERTAIN)
    marks = [reference(maria.house, number) for number in ids]
    come_back(
        maria.house,
        *(told(kind, reference=mark) for mark, order in zip(marks, orders, strict=True) for kind in order),
    )
    assert statuses(maria.house, ids) == [ends] * len(ids)


def test_each_step_has_its_line_in_the_log_and_a_repeated_one_has_none(any_maria: Maria) -> None:
    number, mark = any_maria.sent()
    arrived = told(K.DELIVERED, reference=mark)
    assert come_back(any_maria.house, arrived, told(K.ACCEPTED, reference=mark)) == [
        Outcome.MOVED,
        Outcome.NOTED,
    ]
    again, complaint = told(K.DELIVERED, reference=mark), told(K.COMPLAINED, reference=mark)
    assert come_back(any_maria.house, again, complaint) == [Outcome.NOTED, Outcome.SUPPRESSED]
    assert log_of(any_maria.house, number) == [("delivered", None, None), ("complained", "complained", None)]


def test_our_own_answer_comes_after_the_event_and_takes_nothing_back(maria: Maria) -> None:
    house = maria.house
    number, _ = maria.sent(SMS, status=S.SENDING)
    come_back(house, told(K.DELIVERED, "twilio", reference=str(number), provider_ref="SM1"))
    with house.db.transaction() as session:
        settle_each(session, [Move(number, maria.alert, SMS, None, S.SENT, 1, provider_ref="SM1")])
    assert statuses(house, [number]) == [S.DELIVERED]


def test_what_was_put_back_and_has_arrived_after_all_is_not_sent_again(maria: Maria) -> None:
    house = maria.house
    number, mark = maria.sent(status=S.UNCERTAIN)
    with house.db.transaction() as session:
        move_all(session, maria.alert, S.QUEUED, by_person=True)
    assert come_back(house, told(K.DELIVERED, reference=mark)) == [Outcome.MOVED]
    with house.db.transaction() as session:
        assert begin(session, [number]) == set()
    assert statuses(house, [number]) == [S.DELIVERED]


def failed_and_put_back(maria: Maria) -> int:
    """A text whose first attempt, SM1, was accepted and then failed; a person has it sent again."""
    house = maria.house
    number, _ = maria.sent(SMS, status=S.SENDING)
    with house.db.transaction() as session:
        settle_each(session, [Move(number, maria.alert, SMS, maria.id, S.SENT, 1, provider_ref="SM1")])
    come_back(house, about(number, K.SOFT_BOUNCE, "SM1"))
    with house.db.transaction() as session:
        move_all(session, maria.alert, S.QUEUED, by_person=True)
    return number


def about(number: int, kind: K, sid: str) -> Event:
    return told(kind, "twilio", reference=str(number), provider_ref=sid, recipient=PHONE, code="30003")


def test_a_late_word_on_an_attempt_that_failed_does_not_keep_the_next_one_from_leaving(
    any_maria: Maria,
) -> None:
    house = any_maria.house
    number = failed_and_put_back(any_maria)
    come_back(house, about(number, K.ACCEPTED, "SM1"))
    assert statuses(house, [number]) == [S.QUEUED]
    with house.db.transaction() as session:
        assert begin(session, [number]) == {number}
        settle_each(
            session, [Move(number, any_maria.alert, SMS, any_maria.id, S.SENT, 2, provider_ref="SM2")]
        )
    come_back(house, about(number, K.FAILED, "SM1"), about(number, K.FAILED, "SM0"))
    assert statuses(house, [number]) == [S.SENT]
    come_back(house, about(number, K.DELIVERED, "SM2"))
    assert statuses(house, [number]) == [S.DELIVERED]


def test_a_late_word_on_an_attempt_whose_answer_was_lost_does(maria: Maria) -> None:
    number = failed_and_put_back(maria)
    with maria.house.db.transaction() as session:
        begin(session, [number])
        settle_each(session, [Move(number, maria.alert, SMS, maria.id, S.UNCERTAIN, 2)])
        move_all(session, maria.alert, S.QUEUED, by_person=True)
    come_back(maria.house, about(number, K.ACCEPTED, "SM2"))
    assert statuses(maria.house, [number]) == [S.SENT]


def test_no_step_is_made_that_the_table_does_not_know(maria: Maria) -> None:
    number, _ = maria.sent()
    step = Move(number, maria.alert, Channel.EMAIL, None, S.SENT, 1)
    with maria.house.db.transaction() as session, pytest.raises(ValueError, match="no event makes sent"):
        follow_events(session, [(S.DELIVERED, step)])


def test_a_complaint_counts_more_than_a_bounce_whichever_comes_first(maria: Maria) -> None:
    _, one = maria.sent()
    events = [told(kind, reference=one) for kind in (K.HARD_BOUNCE, K.COMPLAINED)]
    assert come_back(maria.house, *events) == [Outcome.SUPPRESSED, Outcome.SUPPRESSED]
    assert suppressed(maria.house) == {maria.email_key: "complained"}
    assert come_back(maria.house, told(K.HARD_BOUNCE, reference=one)) == [Outcome.NOTED]
    assert suppressed(maria.house) == {maria.email_key: "complained"}


def test_who_leaves_an_email_by_the_provider_leaves_its_alerts_lists(maria: Maria) -> None:
    house = maria.house
    _, mark = maria.sent()
    one, again = (told(K.UNSUBSCRIBED, reference=mark) for _ in range(2))
    assert come_back(house, one) == [Outcome.LEFT]
    assert come_back(house, again) == [Outcome.NOTED]
    assert (still_on(house, Channel.EMAIL), suppressed(house)) == ({"health"}, {})
    assert still_on(house, SMS) == {"daca", "health"}
    with house.db.reading() as session:
        left = select(ConsentEvent).where(ConsentEvent.act == ConsentAct.LEFT)
        (event,) = session.scalars(left)
    assert (event.subscriber_id, event.source) == (maria.id, BY_PROVIDER)


def test_where_no_alert_is_known_they_leave_everything(maria: Maria) -> None:
    with maria.house.db.transaction() as session:
        session.execute(update(Alert).values(audience="{}"))  # as a journal brings one back
    _, mark = maria.sent()
    assert come_back(maria.house, told(K.UNSUBSCRIBED, reference=mark)) == [Outcome.LEFT]
    assert still_on(maria.house, Channel.EMAIL) == set()
    assert come_back(maria.house, told(K.UNSUBSCRIBED, recipient=EMAIL)) == [Outcome.NOTED]


def test_a_text_refused_after_a_stop_is_that_stop(maria: Maria) -> None:
    house = maria.house
    number, _ = maria.sent(SMS)
    one = told(K.UNSUBSCRIBED, "twilio", reference=str(number), recipient=PHONE, code="21610")
    assert come_back(house, one) == [Outcome.LEFT]
    assert (still_on(house, SMS), suppressed(house)) == (set(), {maria.phone_key: "stop"})
    assert log_of(house, number) == [("failed", "twilio 21610", None)]
    again = told(K.UNSUBSCRIBED, "twilio", reference=str(number))
    assert come_back(house, again) == [Outcome.NOTED]


def test_two_workers_never_apply_one_event_twice(open_house_with: OpenHouse, any_database_url: str) -> None:
    """The second looks while the first holds its rows; on SQLite there is no second at the same moment."""
    house = open_house_with(database_url=any_database_url)
    other = open_house_with(database_url=any_database_url)
    alert = open_alert(house)
    ids = add_messages(house, alert, [None] * 2)
    take_in(house, *(told(K.DELIVERED, reference=reference(house, number)) for number in ids))
    if house.db.sqlite:
        assert (apply_due(house, 1), apply_due(other), apply_due(house)) == (1, 1, 0)
    else:
        with house.db.transaction() as session:
            first = select(ProviderEvent.id).order_by(ProviderEvent.id).limit(1)
            held = session.scalars(first.with_for_update()).one()
            assert apply_due(other) == 1
        with house.db.reading() as session:
            open_ones = select(ProviderEvent.id).where(ProviderEvent.next_try_at.is_not(None))
            assert session.scalars(open_ones).all() == [held]
        assert apply_due(other) == 1
    assert statuses(house, ids) == [S.DELIVERED] * 2


def test_one_event_that_cannot_be_applied_stops_no_other(
    maria: Maria, caplog: pytest.LogCaptureFixture
) -> None:
    house = maria.house
    number, mark = maria.sent()
    poison, fine = told(K.DELIVERED, "mailgun", reference=mark), told(K.DELIVERED, reference=mark)
    take_in(house, poison, fine)
    with house.db.transaction() as session:  # a kind that only a newer version knows
        session.execute(text("UPDATE provider_events SET kind = 'boiled' WHERE provider = 'mailgun'"))
    with caplog.at_level(logging.WARNING, logger="dispatcher.feedback"):
        assert apply_due(house) == 2
    assert [record.getMessage() for record in caplog.records] == [
        "Events are applied one by one: together they failed (LookupError).",
        "Event 1 couldn't be applied (LookupError); it is put off.",
    ]
    assert statuses(house, [number]) == [S.DELIVERED]
    assert not events_due(house)
    with house.db.reading() as session:
        put_off = select(ProviderEvent.tries).where(ProviderEvent.next_try_at.is_not(None))
        assert session.scalars(put_off).all() == [1]


def test_events_are_applied_a_few_at_a_time_until_none_is_due(maria: Maria) -> None:
    people = add_people(maria.house, 3)
    ids = add_messages(maria.house, maria.alert, people)
    marks = [reference(maria.house, number) for number in ids]
    assert not events_due(maria.house)
    take_in(maria.house, *(told(K.DELIVERED, reference=mark) for mark in marks))
    assert events_due(maria.house)
    assert [apply_due(maria.house, 2) for _ in range(3)] == [2, 1, 0]
    take_in(maria.house, *(told(K.DEFERRED, reference=mark) for mark in marks))
    assert not apply_for(maria.house, lambda: False, 5)
    take_in(maria.house, *(told(K.COMPLAINED, reference=mark) for mark in marks))
    assert not apply_for(maria.house, lambda: True, 5)  # all in one go: nothing is left
    assert statuses(maria.house, ids) == [S.COMPLAINED] * 3


def test_a_batch_takes_as_many_statements_however_many_events_it_has(maria: Maria) -> None:
    house = maria.house
    counts = []
    for number in (4, 40):
        ids = add_messages(house, maria.alert, [None] * number, status=S.SENDING)
        kinds = itertools.cycle((K.DELIVERED, K.SOFT_BOUNCE, K.HARD_BOUNCE, K.COMPLAINED))
        take_in(house, *(told(next(kinds), reference=reference(house, one)) for one in ids))
        statements: list[str] = []
        count = partial(_count, statements)
        listen(house.db.engine, "before_cursor_execute", count)
        assert apply_due(house) == number
        remove(house.db.engine, "before_cursor_execute", count)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def _count(
    statements: list[str], _connection: object, _cursor: object, statement: str, *_more: object
) -> None:
    statements.append(statement)


def test_a_busy_database_says_nothing_about_the_events(open_house_with: OpenHouse, tmp_path: Path) -> None:
    house = open_house_with()
    impatient = open_house_with(database_url=f"sqlite:///{tmp_path / 'var' / 'dispatch.db'}?timeout=0.01")
    take_in(house, told(K.DELIVERED))
    with house.db.transaction(), pytest.raises(DatabaseBusy):
        apply_due(impatient)
    assert events_due(house)
