"""What a look around notices: uncertain messages, silent callbacks, alerts that go on again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, real, send, write_campaign
from earlier import kept
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alarm, Alert, Message, ProviderEvent
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import EventKind
from dispatcher.rules.moves import Status
from dispatcher.usecases import steer
from dispatcher.usecases.alarms.conditions import look_around
from dispatcher.usecases.moves import begin, move_all
from dispatcher.usecases.pause_by_itself import pause_by_itself
from dispatcher.usecases.restoring.by_hand import replay_journal

SMS = Channel.SMS
TWO_MINUTES, TWENTY, THREE_HOURS = 120.0, 1200.0, 3 * 3600.0


def noted(house: House) -> list[tuple[str, str, bool]]:
    """What a look around has noted until now."""
    look_around(house)
    with house.db.reading() as session:
        rows = session.scalars(select(Alarm).order_by(Alarm.id))
        return [(str(alarm.event), alarm.subject, alarm.over) for alarm in rows]


@pytest.fixture
def texts(any_house: House, tmp_path: Path) -> Callable[..., int]:
    """Open an alert of texts to so many people, real unless told otherwise; returns its number."""
    add_list(any_house)
    write_campaign(tmp_path)

    def make(people: int, *, practice: bool = False) -> int:
        add_people(any_house, people)
        kind = opening if practice else real
        return send(any_house, kind(frozen_campaign(), channels=[SMS])).alert_id

    return make


def become(house: House, status: Status, ids: list[int], seconds_ago: float) -> None:
    """These messages got this status so long ago."""
    with house.db.transaction() as session:
        begin(session, ids)
        for way in (Status.SENT, status) if status is Status.DELIVERED else (status,):
            move_all(session, 1, way, Message.id.in_(ids))
        session.execute(update(Message).where(Message.id.in_(ids)).values(changed_at=db_now(-seconds_ago)))


def test_uncertain_messages_are_noted_once_when_no_late_answer_came_and_so_is_their_end(
    any_house: House, texts: Callable[..., int]
) -> None:
    alert_id = texts(5)
    assert noted(any_house) == []
    become(any_house, Status.UNCERTAIN, [1, 2], 0)
    assert noted(any_house) == []  # the owner may come back
    become(any_house, Status.UNCERTAIN, [1, 2], TWO_MINUTES)
    wrong = ("uncertain", f"alert {alert_id}", False)
    assert noted(any_house) == noted(any_house) == [wrong]
    with any_house.db.reading() as session:
        alarm = session.scalars(select(Alarm)).one()
    assert alarm.alert_id == alert_id
    assert alarm.words.startswith(f"Alert {alert_id} has 2 messages that may or may not have arrived")
    assert f"dispatch retry {alert_id} --uncertain" in alarm.words
    become(any_house, Status.DELIVERED, [1, 2], 0)
    assert noted(any_house) == [wrong, ("uncertain", f"alert {alert_id}", True)]


def test_callbacks_that_stop_are_noted_and_so_is_that_they_come_again(
    any_house: House, texts: Callable[..., int]
) -> None:
    texts(70)
    become(any_house, Status.DELIVERED, [1, 2, 3], THREE_HOURS)
    become(any_house, Status.SENT, list(range(4, 60)), TWENTY)
    silent = ("callbacks_silent", "sms", False)
    assert noted(any_house) == noted(any_house) == [silent]
    become(any_house, Status.DELIVERED, [60], 0)
    assert noted(any_house) == [silent, ("callbacks_silent", "sms", True)]


@pytest.mark.parametrize(
    ("provider", "seconds_ago", "silent"),
    [
        ("twilio", TWO_MINUTES, False),  # what it told waits to be applied: that isn't the provider
        ("twilio", TWENTY, True),
        ("mailgun", TWO_MINUTES, True),  # about emails
        ("mailbox", TWO_MINUTES, True),
    ],
)
def test_a_call_that_was_taken_in_lately_is_no_silence(
    any_house: House, texts: Callable[..., int], provider: str, seconds_ago: float, silent: bool
) -> None:
    texts(70)
    become(any_house, Status.DELIVERED, [1, 2, 3], THREE_HOURS)
    become(any_house, Status.SENT, list(range(4, 60)), TWENTY)
    with any_house.db.transaction() as session:
        session.add(
            ProviderEvent(
                provider=provider,
                event_key=b"k" * 16,
                kind=EventKind.ACCEPTED,
                taken_at=any_house.db.now() - timedelta(seconds=seconds_ago),
            )
        )
    assert noted(any_house) == ([("callbacks_silent", "sms", False)] if silent else [])


@pytest.mark.parametrize(
    ("delivered_ago", "sent", "sent_ago"),
    [
        (None, 60, TWENTY),  # there never were any callbacks
        (THREE_HOURS, 40, TWENTY),  # too few: their phones may be off
        (THREE_HOURS, 60, TWO_MINUTES),  # too soon
        (THREE_HOURS, 60, THREE_HOURS),  # long ago: whatever it was, it isn't now
        (TWO_MINUTES, 60, TWENTY),  # some come
    ],
)
def test_silence_that_means_nothing_is_no_alarm(
    any_house: House, texts: Callable[..., int], delivered_ago: float | None, sent: int, sent_ago: float
) -> None:
    texts(70)
    if delivered_ago is not None:
        become(any_house, Status.DELIVERED, [61, 62], delivered_ago)
    become(any_house, Status.SENT, list(range(1, sent + 1)), sent_ago)
    assert noted(any_house) == []


def test_practice_has_no_callbacks(any_house: House, texts: Callable[..., int]) -> None:
    texts(70, practice=True)
    become(any_house, Status.DELIVERED, [61], THREE_HOURS)
    become(any_house, Status.SENT, list(range(1, 60)), TWENTY)
    assert noted(any_house) == []


@pytest.mark.parametrize(
    ("state", "words"), [("resume", "Alert 1 goes on."), ("cancel", "Alert 1 is cancelled.")]
)
def test_that_an_alert_goes_on_again_is_told_to_who_was_told_that_it_paused(
    any_house: House, texts: Callable[..., int], state: str, words: str
) -> None:
    alert_id = texts(3)
    with any_house.db.transaction() as session:
        assert pause_by_itself(session, alert_id, "why", told="Alert 1 has paused.", cause="refused")
    paused = ("alert_paused", "alert 1 refused", False)
    assert noted(any_house) == [paused]
    with any_house.db.transaction() as session:
        (steer.resume if state == "resume" else steer.cancel)(session, alert_id)
    assert noted(any_house) == noted(any_house) == [paused, ("alert_paused", "alert 1 refused", True)]
    with any_house.db.reading() as session:
        assert session.scalars(select(Alarm.words).where(Alarm.over)).one() == words


def test_an_alert_that_isnt_running_doesnt_pause_by_itself(
    any_house: House, texts: Callable[..., int]
) -> None:
    alert_id = texts(3)
    with any_house.db.transaction() as session:
        steer.pause(session, alert_id)
        assert not pause_by_itself(session, alert_id, "why", told="told", cause="refused")
        assert session.get_one(Alert, alert_id).state_reason == "by hand"
    assert noted(any_house) == []


def test_a_database_that_was_put_back_is_noted_until_the_journal_is_replayed(
    house: House, tmp_path: Path
) -> None:
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 2)
    with kept(house) as put_back:
        send(house, real(frozen_campaign()))
        put_back()
        assert noted(house) == [("database_older", "", False)]
        replay_journal(house)
    assert noted(house) == [("database_older", "", False), ("database_older", "", True)]


def test_a_journal_that_can_not_be_written_is_noted_with_its_host(any_house: House) -> None:
    journal = any_house.db.journal
    journal.folder.parent.mkdir(parents=True, exist_ok=True)
    journal.folder.write_text("a file in its place")
    wrong = ("journal_away", journal.host, False)
    assert noted(any_house) == [wrong]
    journal.folder.unlink()
    assert noted(any_house) == [wrong, ("journal_away", journal.host, True)]
