"""`dispatch retry`: what failed or is uncertain is queued again, by a person alone."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import select

from dispatcher.errors import AlertNotRunning
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import Move, begin, move_all, settle_each
from dispatcher.usecases.retry import reasons, retry
from dispatcher.usecases.steer import cancel, correct

RESULTS = [
    (Status.SENT, None),
    (Status.FAILED, "template"),
    (Status.FAILED, "smtp 550"),
    (Status.FAILED, "smtp 550"),
    (Status.FAILED, None),
    (Status.UNCERTAIN, "timeout"),
    (Status.BOUNCED, "smtp 550 5.1.1"),
]


@pytest.fixture
def message_ids(any_house: House, tmp_path: Path) -> Sequence[int]:
    """The messages of alert 1, each attempted once with a result of RESULTS."""
    add_list(any_house)
    add_people(any_house, len(RESULTS), channels=[Channel.EMAIL])
    write_campaign(tmp_path, channels=[Channel.EMAIL])
    send(any_house, opening(frozen_campaign()))
    ids = [message.id for message in messages_of(any_house)]
    with any_house.db.transaction() as session:
        begin(session, ids)
        results = zip(ids, RESULTS, strict=True)
        settle_each(session, [Move(i, 1, Channel.EMAIL, None, s, 1, error=e) for i, (s, e) in results])
    return ids


@pytest.mark.usefixtures("message_ids")
def test_reasons_are_counted_the_most_frequent_first(any_house: House) -> None:
    with any_house.db.reading() as session:
        assert reasons(session, 1, Status.FAILED) == [
            ("smtp 550", 2),
            ("no reason known", 1),
            ("template", 1),
        ]
        assert reasons(session, 1, Status.UNCERTAIN) == [("timeout", 1)]
        assert reasons(session, 1, Status.SKIPPED) == []


@pytest.mark.parametrize("status", [Status.FAILED, Status.UNCERTAIN])
def test_only_those_in_the_status_that_was_named_are_queued_again(
    any_house: House, message_ids: Sequence[int], status: Status
) -> None:
    meant = {i for i, (was, _) in zip(message_ids, RESULTS, strict=True) if was is status}
    with any_house.db.transaction() as session:
        assert retry(session, 1, status) == len(meant)
        assert retry(session, 1, status) == 0
    for message, (was, _) in zip(messages_of(any_house), RESULTS, strict=True):
        assert message.status is (Status.QUEUED if message.id in meant else was)
    queued = [message for message in messages_of(any_house) if message.status is Status.QUEUED]
    assert {(m.chunk_number, m.error, m.attempt) for m in queued} == {(None, None, 1)}
    assert all(message.due_at and message.due_at <= any_house.db.now() for message in queued)
    with any_house.db.reading() as session:
        again = select(DeliveryLogEntry.message_id).where(DeliveryLogEntry.status == Status.QUEUED)
        assert set(session.scalars(again)) == meant


def test_what_is_tried_again_carries_the_newest_edition(any_house: House, message_ids: Sequence[int]) -> None:
    with any_house.db.transaction() as session:
        correct(session, any_house.settings, 1, frozen_campaign())
        retry(session, 1, Status.UNCERTAIN)
        tried = session.get_one(Message, message_ids[5])
        assert (tried.edition_number, tried.status) == (2, Status.QUEUED)


@pytest.mark.usefixtures("message_ids")
def test_nothing_but_a_person_queues_them_again(any_house: House) -> None:
    with any_house.db.transaction() as session:
        assert move_all(session, 1, Status.QUEUED) == 0


@pytest.mark.usefixtures("message_ids")
def test_a_cancelled_alert_tries_nothing_again(any_house: House) -> None:
    with any_house.db.transaction() as session:
        cancel(session, 1)
        with pytest.raises(AlertNotRunning, match="Alert 1 is cancelled"):
            retry(session, 1, Status.FAILED)
