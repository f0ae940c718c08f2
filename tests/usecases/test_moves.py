"""Every change of a message's status is a legal move, and leaves its line in the log."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, Campaign, DeliveryLogEntry, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status, may_move
from dispatcher.usecases.moves import Move, begin, move_all, settle_each

RESULTS = {Status.SENT, Status.BOUNCED, Status.FAILED, Status.UNCERTAIN, Status.QUEUED}


@pytest.fixture
def message_ids(any_house: House) -> list[int]:
    """The messages of alert 1, as many as there are statuses, queued for their first attempt."""
    with any_house.db.transaction() as session:
        session.add(Campaign(id=1, slug="budget", title="Budget", level="state"))
        session.flush()
        session.add(Alert(id=1, campaign_id=1, name="", state=AlertState.RUNNING, chunk_count=1))
        session.flush()
        messages = [
            Message(
                alert_id=1,
                channel=Channel.EMAIL,
                address_key=bytes([nth] * 16),
                edition_number=1,
                language="en",
                chunk_number=0,
            )
            for nth in range(len(Status))
        ]
        session.add_all(messages)
        session.flush()
        return [message.id for message in messages]


def put_one_in_each_status(house: House, message_ids: Sequence[int]) -> None:
    with house.db.transaction() as session:
        session.execute(delete(DeliveryLogEntry))
        for message_id, status in zip(message_ids, Status, strict=True):
            session.execute(update(Message).where(Message.id == message_id).values(status=status, attempt=1))


def statuses(house: House, message_ids: Sequence[int]) -> list[Status]:
    with house.db.reading() as session:
        found = session.execute(select(Message.id, Message.status)).all()
    return [dict(found)[message_id] for message_id in message_ids]


def logged(house: House) -> list[tuple[int, Status]]:
    with house.db.reading() as session:
        rows = session.execute(
            select(DeliveryLogEntry.message_id, DeliveryLogEntry.status).order_by(DeliveryLogEntry.message_id)
        )
        return [(message_id, status) for message_id, status in rows]


def result_of(message_id: int, status: Status, attempt: int = 1, **facts: Any) -> Move:
    return Move(message_id, 1, Channel.EMAIL, None, status, attempt, **facts)


def test_a_bulk_move_takes_whoever_may_and_logs_exactly_those(
    any_house: House, message_ids: list[int]
) -> None:
    for status, by_person in itertools.product(Status, [False, True]):
        put_one_in_each_status(any_house, message_ids)
        with any_house.db.transaction() as session:
            moved = move_all(session, 1, status, by_person=by_person)
        allowed = [may_move(old, status, by_person=by_person) for old in Status]
        pairs = [*zip(message_ids, Status, allowed, strict=True)]
        assert statuses(any_house, message_ids) == [status if may else old for _, old, may in pairs]
        assert logged(any_house) == [(message_id, status) for message_id, _, may in pairs if may]
        assert moved == sum(allowed)


def test_bulk_moves_within_one_millisecond_log_each_message_once(
    any_house: House, message_ids: list[int]
) -> None:
    with any_house.db.transaction() as session:
        for message_id in message_ids:
            assert move_all(session, 1, Status.SKIPPED, Message.id == message_id, error="left") == 1
    assert logged(any_house) == [(message_id, Status.SKIPPED) for message_id in message_ids]


def test_a_result_settles_what_was_being_sent_or_given_up_and_nothing_else(
    any_house: House, message_ids: list[int]
) -> None:
    for result in Status:
        put_one_in_each_status(any_house, message_ids)
        with any_house.db.transaction() as session:
            settle_each(session, [result_of(message_id, result) for message_id in reversed(message_ids)])
        for old, new in zip(Status, statuses(any_house, message_ids), strict=True):
            if old is Status.UNCERTAIN and result is Status.QUEUED:
                assert new is Status.FAILED  # to try again is a person's decision
            elif old in {Status.SENDING, Status.UNCERTAIN} and may_move(old, result):
                assert new is result
            else:
                assert new is old
        assert logged(any_house) == [(message_id, result) for message_id in message_ids]


def test_the_result_of_another_attempt_changes_nothing(any_house: House, message_ids: list[int]) -> None:
    put_one_in_each_status(any_house, message_ids)
    late: dict[str, Any] = {"attempt": 2, "error": "late", "provider_ref": "late"}
    with any_house.db.transaction() as session:
        for result in RESULTS:
            settle_each(session, [result_of(message_id, result, **late) for message_id in message_ids])
        changed = (Message.error == "late") | (Message.provider_ref == "late")
        assert not session.scalars(select(Message.id).where(changed)).all()
    assert statuses(any_house, message_ids) == list(Status)


def test_a_retry_leaves_its_chunk_and_waits_for_its_time(any_house: House, message_ids: list[int]) -> None:
    first = message_ids[0]
    due_at = any_house.db.now()
    with any_house.db.transaction() as session:
        assert begin(session, [first]) == {first}
        settle_each(session, [result_of(first, Status.QUEUED, due_at=due_at, error="smtp 451")])
    with any_house.db.reading() as session:
        message = session.get_one(Message, first)
        assert (message.status, message.chunk_number, message.due_at) == (Status.QUEUED, None, due_at)
        assert (message.error, message.attempt) == ("smtp 451", 1)


def test_a_result_keeps_reference_segments_and_reason_and_the_log_has_the_providers_words(
    any_house: House, message_ids: list[int]
) -> None:
    first = message_ids[0]
    answer = result_of(
        first, Status.FAILED, error="e" * 150, detail="d" * 600, provider_ref="SM1", segments=2
    )
    with any_house.db.transaction() as session:
        begin(session, [first])
        settle_each(session, [answer])
    with any_house.db.reading() as session:
        message = session.get_one(Message, first)
        assert (message.error, message.provider_ref, message.segments) == ("e" * 100, "SM1", 2)
        entry = session.scalars(select(DeliveryLogEntry)).one()
        assert (entry.error, entry.detail, entry.provider_ref) == ("e" * 100, "d" * 500, "SM1")
        assert entry.attempt == 1
        assert entry.at >= message.changed_at


def test_a_late_result_settles_an_uncertain_message_and_stores_the_reference(
    any_house: House, message_ids: list[int]
) -> None:
    first = message_ids[0]
    with any_house.db.transaction() as session:
        begin(session, [first])
        assert move_all(session, 1, Status.UNCERTAIN, error="the worker was lost") == 1
    with any_house.db.transaction() as session:
        settle_each(session, [result_of(first, Status.SENT, provider_ref="SM1")])
    with any_house.db.reading() as session:
        message = session.get_one(Message, first)
        assert (message.status, message.provider_ref, message.error) == (Status.SENT, "SM1", None)


def test_a_late_result_of_what_an_event_has_settled_stores_the_reference_alone(
    any_house: House, message_ids: list[int]
) -> None:
    first = message_ids[0]
    with any_house.db.transaction() as session:
        begin(session, [first])
        settle_each(session, [result_of(first, Status.DELIVERED)])
        settle_each(session, [result_of(first, Status.SENT, provider_ref="SM1")])
        settle_each(session, [result_of(first, Status.SENT, provider_ref="SM2")])
    with any_house.db.reading() as session:
        message = session.get_one(Message, first)
        assert (message.status, message.provider_ref) == (Status.DELIVERED, "SM1")


def test_the_intent_takes_only_queued_messages_that_meet_every_condition(
    any_house: House, message_ids: list[int]
) -> None:
    put_one_in_each_status(any_house, message_ids)
    with any_house.db.transaction() as session:
        assert begin(session, message_ids, Message.attempt == 7) == set()
        assert begin(session, message_ids) == {message_ids[list(Status).index(Status.QUEUED)]}
        assert begin(session, message_ids) == set()
    assert logged(any_house) == []


def test_a_move_takes_the_values_that_it_is_given(any_house: House, message_ids: list[int]) -> None:
    with any_house.db.transaction() as session:
        begin(session, message_ids)
        move_all(session, 1, Status.QUEUED, chunk_number=None, due_at=db_now(), error="again")
        waiting = session.scalars(select(Message).where(Message.due_at <= db_now())).all()
        assert {(message.chunk_number, message.error) for message in waiting} == {(None, "again")}
        assert len(waiting) == len(message_ids)


@pytest.mark.usefixtures("message_ids")
def test_no_results_are_no_change(any_house: House) -> None:
    with any_house.db.transaction() as session:
        settle_each(session, [])
        assert move_all(session, 1, Status.SENT) == 0
    assert logged(any_house) == []
