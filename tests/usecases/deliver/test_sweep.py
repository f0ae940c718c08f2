"""What the timer does each second, so that no wake-up needs to arrive."""

from datetime import timedelta
from pathlib import Path

from campaigns import frozen_campaign, real, send, write_campaign
from people import add_people, add_person
from sqlalchemy import select, update
from town import REAL, Town

from dispatcher.channels.base import Result
from dispatcher.channels.memory import Answer, MemorySender
from dispatcher.db import db_now
from dispatcher.models import Alert, Chunk, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases import deliver, steer
from dispatcher.usecases.deliver.lease import give_back, lease_chunk
from dispatcher.usecases.open_alert import lay_out_scheduled


def test_a_scheduled_alert_is_laid_out_when_its_time_has_come(town: Town) -> None:
    at = town.house.db.now() + timedelta(hours=1)
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL], starts_at=at))
    add_people(town.house, 3, channels=[Channel.EMAIL])  # who joins until then gets it
    assert opened.added == 0
    assert deliver.sweep(town.house) == set()
    assert not deliver.idle(town.house, REAL)
    with town.house.db.transaction() as session:
        session.execute(update(Alert).values(starts_at=db_now(-1)))
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    town.turn()
    assert town.statuses() == {"sent": 3}
    assert deliver.sweep(town.house) == set()
    assert deliver.idle(town.house, REAL)


def test_a_scheduled_alert_that_was_paused_waits_even_when_its_time_comes(town: Town) -> None:
    at = town.house.db.now() + timedelta(hours=1)
    opened = send(town.house, real(frozen_campaign(), starts_at=at))
    add_people(town.house, 2)
    with town.house.db.transaction() as session:
        steer.pause(session, opened.alert_id)
        session.execute(update(Alert).values(starts_at=db_now(-1)))
    assert deliver.sweep(town.house) == set()
    with town.house.db.transaction() as session:
        steer.resume(session, opened.alert_id)
        assert session.get_one(Alert, opened.alert_id).state is AlertState.SCHEDULED
    assert deliver.sweep(town.house) == {Channel.EMAIL, Channel.SMS}


def test_what_is_queued_after_the_deadline_is_skipped(town: Town) -> None:
    add_people(town.house, 2, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    with town.house.db.transaction() as session:
        session.execute(update(Alert).values(deadline=db_now(-1)))
    deliver.sweep(town.house)
    assert town.statuses() == {"skipped": 2}
    assert town.turn() is False  # closes the chunk, which has nothing left
    assert deliver.sweep(town.house) == set()
    assert town.email.taken == []
    assert {entry.error for entry in town.log()} == {"the deadline had passed"}


def test_messages_that_were_put_back_come_together_by_alert_channel_and_lane(town: Town) -> None:
    add_people(town.house, 6)
    send(town.house, real(frozen_campaign()))
    with town.house.db.transaction() as session:
        session.execute(update(Message).values(chunk_number=None, due_at=db_now(-1)))
        session.execute(update(Chunk).values(open=False))
    assert deliver.sweep(town.house) == {Channel.EMAIL, Channel.SMS}
    with town.house.db.reading() as session:
        chunks = session.scalars(select(Chunk).where(Chunk.open)).all()
        next_number = session.scalars(select(Alert.chunk_count)).one()
    assert [(chunk.channel, chunk.size) for chunk in chunks] == [(Channel.EMAIL, 6), (Channel.SMS, 6)]
    assert next_number > max(chunk.number for chunk in chunks)
    assert all(message.due_at is None for message in town.messages())


def test_a_house_with_nothing_to_send_is_idle(town: Town) -> None:
    assert deliver.idle(town.house, REAL)
    add_people(town.house, 1, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    assert not deliver.idle(town.house, REAL)
    town.turn()
    assert deliver.idle(town.house, REAL)


def test_a_scheduled_alert_is_laid_out_by_one_of_two_sweeps(town: Town) -> None:
    at = town.house.db.now() + timedelta(hours=1)
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL], starts_at=at))
    add_people(town.house, 3, channels=[Channel.EMAIL])
    with town.house.db.transaction() as session:
        assert lay_out_scheduled(session, town.house.settings, opened.alert_id) == 3
    with town.house.db.transaction() as session:
        assert lay_out_scheduled(session, town.house.settings, opened.alert_id) == 0
    assert town.statuses() == {Status.QUEUED: 3}


def test_alerts_take_turns(town: Town, tmp_path: Path) -> None:
    write_campaign(tmp_path, "urgent", channels=[Channel.EMAIL])
    add_people(town.house, 1, channels=[Channel.EMAIL])
    for slug in ("budget", "urgent"):
        send(town.house, real(frozen_campaign(slug), channels=[Channel.EMAIL]))
    served = []
    for _ in range(4):
        with town.house.db.transaction() as session:
            lease = lease_chunk(session, Channel.EMAIL, 60, practice=False)
            assert lease is not None
            served.append(lease.alert_id)
            give_back(session, lease)
    assert served[0] != served[1]
    assert served == [*served[:2], *served[:2]]


def test_what_is_put_back_after_a_cancellation_is_cancelled_too(town: Town) -> None:
    add_person(town.house, email="one@example.org")
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))

    def cancel_meanwhile(*_: object) -> None:
        with town.house.db.transaction() as session:
            steer.cancel(session, opened.alert_id)

    town.email = MemorySender(Channel.EMAIL, connections=1, at=cancel_meanwhile)
    town.email.answer("one@example.org", Answer(Result.RETRY, "smtp 451"))
    town.turn()
    assert deliver.sweep(town.house) == set()
    assert town.statuses() == {"cancelled": 1}
    assert [entry.status for entry in town.log()] == [Status.QUEUED, Status.CANCELLED]
