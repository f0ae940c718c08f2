"""What a database that was put back would send is held: paused, uncertain, and without leases."""

from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import chunks_of, frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, Chunk, DeliveryLogEntry, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import begin, move_all
from dispatcher.usecases.restoring import holding
from dispatcher.usecases.restoring.holding import UNKNOWN_FATE, Held, hold_everything
from dispatcher.usecases.retry import retry
from dispatcher.usecases.steer import cancel, pause, resume

EMAIL = (Channel.EMAIL,)


@pytest.fixture
def house_with(any_house: House, tmp_path: Path) -> House:
    """A campaign and nine people who may get it."""
    add_list(any_house)
    add_people(any_house, 9)
    write_campaign(tmp_path)
    return any_house


def hold(house: House) -> Held:
    with house.db.transaction() as session:
        return hold_everything(session)


def alert_of(house: House, alert_id: int = 1) -> Alert:
    with house.db.reading() as session:
        return session.get_one(Alert, alert_id)


def open_alert(house: House, **given: object) -> int:
    return send(house, opening(frozen_campaign(), channels=EMAIL, **given)).alert_id  # type: ignore[arg-type]


def move(house: House, ids: list[int], status: Status) -> None:
    with house.db.transaction() as session:
        begin(session, ids)
        if status is not Status.SENDING:
            move_all(session, 1, status, Message.id.in_(ids))


def statuses(house: House, alert_id: int = 1) -> list[str]:
    return [str(message.status) for message in messages_of(house, alert_id)]


def test_what_was_queued_or_on_its_way_is_uncertain_and_what_was_decided_stays(house_with: House) -> None:
    open_alert(house_with)
    move(house_with, [1, 2], Status.SENT)
    move(house_with, [3], Status.FAILED)
    move(house_with, [4], Status.SENDING)
    held = hold(house_with)
    assert (held.alerts, held.messages) == (1, 6)
    assert statuses(house_with) == ["sent", "sent", "failed", *["uncertain"] * 6]
    assert {message.error for message in messages_of(house_with)[3:]} == {UNKNOWN_FATE}
    with house_with.db.reading() as session:
        lines = session.scalars(
            select(DeliveryLogEntry.message_id).where(DeliveryLogEntry.status == Status.UNCERTAIN)
        )
        assert sorted(lines) == [4, 5, 6, 7, 8, 9]


def test_a_running_alert_is_paused_and_says_how_to_go_on(house_with: House) -> None:
    open_alert(house_with)
    known_until = hold(house_with).known_until
    alert = alert_of(house_with)
    assert alert.state is AlertState.PAUSED
    assert known_until is not None
    assert f"put back to {known_until:%d %B %Y, %H:%M} UTC" in alert.state_reason
    assert "`dispatch retry 1 --uncertain`" in alert.state_reason
    assert "`dispatch resume 1`" in alert.state_reason
    assert len(alert.state_reason) < 500


def test_what_is_uncertain_goes_on_by_a_persons_decision(house_with: House) -> None:
    open_alert(house_with)
    hold(house_with)
    with house_with.db.transaction() as session:
        assert retry(session, 1, Status.UNCERTAIN) == 9
        resume(session, 1)
    assert statuses(house_with) == ["queued"] * 9


def test_a_late_answer_to_the_attempt_after_the_backup_settles_it(house_with: House) -> None:
    from dispatcher.usecases.moves import Move, settle_each

    open_alert(house_with)
    hold(house_with)
    with house_with.db.transaction() as session:
        settle_each(session, [Move(1, 1, Channel.EMAIL, 1, Status.SENT, attempt=1, provider_ref="ref")])
    assert statuses(house_with)[0] == "sent"


def test_leases_end_and_chunks_with_nothing_open_close(house_with: House) -> None:
    open_alert(house_with)
    with house_with.db.transaction() as session:
        session.execute(update(Chunk).values(lease_token="t", lease_until=db_now(60)))
    hold(house_with)
    assert [(c.lease_token, c.lease_until, c.open) for c in chunks_of(house_with)] == [(None, None, False)]


def test_messages_that_waited_for_a_retry_are_uncertain_too(house_with: House) -> None:
    open_alert(house_with)
    with house_with.db.transaction() as session:
        session.execute(update(Message).where(Message.id == 1).values(chunk_number=None, due_at=db_now(3600)))
    hold(house_with)
    assert set(statuses(house_with)) == {"uncertain"}


def test_an_alert_that_was_to_start_later_is_paused_with_a_warning(house_with: House) -> None:
    open_alert(house_with, starts_at=house_with.db.now() + timedelta(hours=1))
    held = hold(house_with)
    alert = alert_of(house_with)
    assert (held.alerts, held.messages, alert.state) == (1, 0, AlertState.PAUSED)
    assert "make sure that it wasn't sent since" in alert.state_reason


def test_an_alert_that_was_paused_already_gets_the_new_reason(house_with: House) -> None:
    open_alert(house_with)
    with house_with.db.transaction() as session:
        pause(session, 1, "the relay refused us")
    hold(house_with)
    assert "put back" in alert_of(house_with).state_reason
    assert set(statuses(house_with)) == {"uncertain"}


def test_a_cancelled_alert_stays_so_and_only_what_was_on_its_way_is_uncertain(house_with: House) -> None:
    open_alert(house_with)
    move(house_with, [1], Status.SENDING)
    with house_with.db.transaction() as session:
        cancel(session, 1)
        session.execute(
            update(Message).where(Message.id == 2).values(status="queued")
        )  # put back by a worker
    held = hold(house_with)
    assert (held.alerts, held.messages) == (0, 1)
    assert statuses(house_with) == ["uncertain", "queued", *["cancelled"] * 7]
    assert [chunk.open for chunk in chunks_of(house_with)] == [True]  # the sweep cancels what is left


def test_an_alert_that_had_sent_everything_is_left_alone(house_with: House) -> None:
    open_alert(house_with)
    move(house_with, list(range(1, 10)), Status.SENT)
    held = hold(house_with)
    assert (held.alerts, held.messages) == (0, 0)
    assert alert_of(house_with).state is AlertState.RUNNING


def test_a_database_without_any_event_is_held_too(any_house: House) -> None:
    assert hold(any_house) == Held(None, 0, 0)
    assert holding.day(None) == "a day without any event"


def test_more_messages_than_one_statement_takes_are_all_held(house: House, tmp_path: Path) -> None:
    add_list(house)
    add_people(house, holding.PAGE + 3, channels=EMAIL)
    write_campaign(tmp_path)
    open_alert(house)
    assert hold(house).messages == holding.PAGE + 3
    assert set(statuses(house)) == {"uncertain"}
