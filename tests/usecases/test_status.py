"""How far an alert is, in the contract's words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from came_back import alert_with, leave_ledger
from campaigns import chunks_of, frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import delete, update

from dispatcher.content.edition import Frozen
from dispatcher.errors import UnknownAlert
from dispatcher.house import House
from dispatcher.models import Alert, Chunk, DeliveryLogEntry, Message
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import Move, begin, settle_each
from dispatcher.usecases.retention.alerts import close
from dispatcher.usecases.status import Progress, all_progress, progress, resolve_alert
from dispatcher.usecases.steer import cancel, pause


@pytest.fixture
def frozen(house: House, tmp_path: Path) -> Frozen:
    """The budget campaign, with three people on its list."""
    return budget(house, tmp_path)


def budget(house: House, folder: Path) -> Frozen:
    add_list(house)
    add_people(house, 3)
    write_campaign(folder)
    return frozen_campaign()


def look(house: House, alert_id: int = 1) -> Progress:
    with house.db.reading() as session:
        return progress(session, alert_id)


def settle(house: House, results: Mapping[int, Status]) -> None:
    """Attempt these messages of alert 1, with these results."""
    channels = {message.id: message.channel for message in messages_of(house)}
    with house.db.transaction() as session:
        begin(session, list(results))
        moves = [Move(i, 1, channels[i], None, status, 1) for i, status in results.items()]
        settle_each(session, moves)


def hold_until(house: House, due_at: datetime) -> None:
    with house.db.transaction() as session:
        session.execute(update(Chunk).values(due_at=due_at))


def started_at(house: House, moment: datetime) -> None:
    with house.db.transaction() as session:
        session.execute(update(Alert).values(laid_out_at=moment))


def test_the_object_is_the_contracts(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    send(any_house, opening(frozen))
    first, second, *others = (message.id for message in messages_of(any_house))
    settle(any_house, {first: Status.SENT, second: Status.FAILED} | dict.fromkeys(others, Status.SENT))
    found = look(any_house).as_json()
    seconds = found.pop("seconds")
    assert isinstance(seconds, float)
    assert found == {
        "alert": 1,
        "campaign": "budget",
        "name": "",
        "edition": 1,
        "state": "finished",
        "reason": "",
        "held_until": None,
        "practice": True,
        "counts": {"email": {"failed": 1, "sent": 2}, "sms": {"sent": 3}},
        "segments": [],
        "exceptions": [],
        "unwelcome": {
            "email": {
                "not_bounced": 2,
                "complained": 0,
                "left": 0,
                "complained_share": 0.0,
                "left_share": 0.0,
            },
            "sms": {"not_bounced": 3, "complained": 0, "left": 0, "complained_share": 0.0, "left_share": 0.0},
        },
    }


def test_who_complains_and_who_leaves_is_a_share_of_what_did_not_bounce(any_house: House) -> None:
    add_list(any_house)
    alert_with(any_house, {Status.DELIVERED: 5, Status.COMPLAINED: 1, Status.BOUNCED: 3, Status.QUEUED: 1})
    leave_ledger(any_house, [1, 2])
    expected = {
        "not_bounced": 6,
        "complained": 1,
        "left": 2,
        "complained_share": 0.166667,
        "left_share": 0.333333,
    }
    assert look(any_house).as_json()["unwelcome"] == {"email": expected}


def test_where_all_bounced_there_are_no_shares_and_of_a_closed_alert_nobody_knows_who_left(
    house: House,
) -> None:
    alert_with(house, {Status.BOUNCED: 3})
    unknown = {"complained_share": None, "left_share": None}
    assert look(house).as_json()["unwelcome"] == {
        "email": {"not_bounced": 0, "complained": 0, "left": 0} | unknown
    }
    alert_with(house, {Status.SENT: 3}, state=AlertState.CLOSED)
    (found,) = look(house, 2).unwelcome.values()
    assert (found.not_bounced, found.left, found.as_json()["left_share"]) == (3, None, None)


def test_an_alert_with_due_messages_is_running(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    found = look(house)
    assert (found.state, found.held_until, found.total) == ("running", None, 6)
    assert found.count(Status.QUEUED) == found.count(Status.QUEUED, Status.SENT) == 6


def test_an_alert_whose_last_messages_are_with_the_provider_is_running(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    with house.db.transaction() as session:
        begin(session, [message.id for message in messages_of(house)])
    assert look(house).state == "running"


def test_an_alert_that_waits_for_the_morning_is_holding_until_then(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    morning = house.db.now() + timedelta(hours=9)
    hold_until(house, morning)
    found = look(house)
    assert (found.state, found.held_until) == ("holding", morning)
    assert found.as_json()["held_until"] == morning.isoformat()


def test_the_soonest_of_chunks_and_messages_put_back_says_until_when(
    any_house: House, tmp_path: Path
) -> None:
    frozen = budget(any_house, tmp_path)
    send(any_house, opening(frozen))
    morning = any_house.db.now() + timedelta(hours=9)
    hold_until(any_house, morning)
    sooner = morning - timedelta(hours=1)
    put_back = {"chunk_number": None, "due_at": sooner}
    with any_house.db.transaction() as session:
        session.execute(update(Message).where(Message.id == 1).values(put_back))
    assert look(any_house).held_until == sooner


def test_a_wait_of_a_minute_is_no_holding(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    hold_until(house, house.db.now() + timedelta(minutes=1))
    assert look(house).state == "running"


def test_closed_chunks_are_not_waited_for(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    morning = house.db.now() + timedelta(hours=9)
    hold_until(house, morning)
    email = next(chunk for chunk in chunks_of(house) if chunk.channel is Channel.EMAIL)
    settle(house, {m.id: Status.SENT for m in messages_of(house) if m.channel is Channel.EMAIL})
    with house.db.transaction() as session:
        early = {"open": False, "due_at": house.db.now()}
        session.execute(update(Chunk).where(Chunk.number == email.number).values(early))
    assert look(house).held_until == morning


def test_a_paused_alert_says_why(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    with house.db.transaction() as session:
        pause(session, 1, "the relay refused us")
    found = look(house)
    assert (found.state, found.reason, found.held_until) == ("paused", "the relay refused us", None)


def test_a_scheduled_alert_says_when_it_starts(house: House, frozen: Frozen) -> None:
    starts_at = house.db.now() + timedelta(days=1)
    send(house, opening(frozen, starts_at=starts_at, again="next"))
    found = look(house)
    assert (found.state, found.held_until, found.name, found.counts) == ("scheduled", starts_at, "next", {})


@pytest.mark.parametrize("state", [AlertState.CANCELLED, AlertState.CLOSED])
def test_an_alert_that_is_over_counts_no_further_seconds(
    house: House, frozen: Frozen, state: AlertState
) -> None:
    send(house, opening(frozen))
    with house.db.transaction() as session:
        cancel(session, 1)
        session.execute(update(Alert).values(state=state))
    started_at(house, house.db.now() - timedelta(hours=1))
    found = look(house)
    assert (found.state, found.counts["sms"]) == (str(state), {"cancelled": 3})
    assert 3599 < found.seconds < 3660


def test_seconds_run_from_the_start_to_the_last_attempt(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    started_at(house, house.db.now() - timedelta(minutes=10))
    assert look(house).seconds >= 600
    settle(house, {message.id: Status.SENT for message in messages_of(house)})
    ended = look(house).seconds
    assert ended >= 600
    assert look(house).seconds == ended


@pytest.mark.parametrize("told", [Status.DELIVERED, Status.BOUNCED, Status.FAILED, Status.COMPLAINED])
def test_what_comes_back_days_later_makes_it_no_longer(
    any_house: House, tmp_path: Path, told: Status
) -> None:
    send(any_house, opening(budget(any_house, tmp_path)))
    ids = [message.id for message in messages_of(any_house)]
    settle(any_house, dict.fromkeys(ids[1:], Status.SENT) | {ids[0]: Status.BOUNCED})  # it, at the door
    ended = look(any_house).seconds
    with any_house.db.transaction() as session:
        days_later = any_house.db.now() + timedelta(days=3)
        line = {"alert_id": 1, "channel": Channel.EMAIL, "attempt": 1, "status": told}
        session.add(DeliveryLogEntry(at=days_later, message_id=ids[1], **line))
    assert look(any_house).seconds == ended
    with any_house.db.transaction() as session:
        close(session, any_house.settings, 1)
        session.execute(delete(DeliveryLogEntry))
    assert (look(any_house).state, look(any_house).seconds) == ("closed", ended)


def test_what_was_refused_at_the_door_ends_it_too(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    started_at(house, house.db.now() - timedelta(minutes=10))
    settle(house, {message.id: Status.BOUNCED for message in messages_of(house)})
    assert look(house).seconds >= 600


def test_an_alert_for_nobody_is_finished_at_once(house: House, frozen: Frozen) -> None:
    add_list(house, "nobody")
    send(house, opening(frozen, lists=["nobody"]))
    found = look(house)
    assert (found.state, found.seconds, found.total) == ("finished", 0, 0)


def test_an_event_before_its_start_gives_no_negative_time(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    started_at(house, house.db.now() + timedelta(minutes=1))
    assert look(house).seconds == 0


def test_alerts_come_newest_first(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    for name in (None, "second", "third"):
        send(any_house, opening(frozen, again=name))
    with any_house.db.reading() as session:
        assert [one.name for one in all_progress(session)] == ["third", "second", ""]
        assert [one.name for one in all_progress(session, limit=1)] == ["third"]


def test_an_alert_is_found_by_number_by_campaign_or_as_the_newest(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    write_campaign(tmp_path, "rents")
    send(any_house, opening(frozen))
    send(any_house, opening(frozen, again="next"))
    send(any_house, opening(frozen_campaign("rents")))
    with any_house.db.reading() as session:
        meant = {ref: resolve_alert(session, ref) for ref in ("1", "budget", "rents", None)}
    assert meant == {"1": 1, "budget": 2, "rents": 3, None: 3}


@pytest.mark.parametrize("ref", ["7", "9" * 30, "budgets", "1.5"])
def test_an_unknown_alert_is_named(any_house: House, ref: str) -> None:
    with any_house.db.reading() as session, pytest.raises(UnknownAlert, match=f"no alert '{ref}'"):
        resolve_alert(session, ref)


def test_without_any_alert_there_is_none_to_mean(house: House) -> None:
    with house.db.reading() as session:
        with pytest.raises(UnknownAlert, match="none yet"):
            resolve_alert(session, None)
        with pytest.raises(UnknownAlert, match="no alert '5'"):
            progress(session, 5)
        assert all_progress(session) == []
