"""What was sent after the backup isn't sent again by itself, although nobody knows any more to whom."""

from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from earlier import kept
from people import add_list, add_people
from sqlalchemy import update

from dispatcher.errors import AlertNotRunning
from dispatcher.house import House
from dispatcher.models import Alert, Campaign, Message
from dispatcher.rules.alert import AlertState
from dispatcher.usecases.open_alert import lay_out_scheduled
from dispatcher.usecases.restoring.by_hand import replay_journal
from dispatcher.usecases.restoring.lost_alerts import LostAlert
from dispatcher.usecases.status import progress


@pytest.fixture
def town(any_house: House, tmp_path: Path) -> House:
    """Three people, and two campaigns that they may get."""
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    write_campaign(tmp_path, "senate")
    return any_house


def lost(house: House) -> tuple[LostAlert, ...]:
    replayed = replay_journal(house)
    assert replayed is not None
    return replayed.lost_alerts


def alert_of(house: House, alert_id: int = 1) -> Alert:
    with house.db.reading() as session:
        return session.get_one(Alert, alert_id)


def test_an_alert_that_the_database_never_had_comes_back_as_cancelled(town: House) -> None:
    with kept(town) as put_back:
        send(town, opening(frozen_campaign()))
        put_back()
        (found,) = lost(town)
    assert (found.alert_id, found.campaign, found.name, found.practice) == (1, "budget", "", True)
    assert found.messages == 6
    alert = alert_of(town)
    assert alert.state is AlertState.CANCELLED
    assert "6 messages were made for it that this database has lost" in alert.state_reason
    with pytest.raises(AlertNotRunning, match="--again NAME"):
        send(town, opening(frozen_campaign()))
    assert send(town, opening(frozen_campaign(), again="second try")).added == 6
    with town.db.reading() as session:
        assert progress(session, 1).state == "cancelled"


def test_it_keeps_the_number_that_it_had_unless_that_is_taken(town: House) -> None:
    with kept(town) as put_back:
        send(town, opening(frozen_campaign()))
        put_back()
        send(town, opening(frozen_campaign("senate")))
        (found,) = lost(town)
    assert found.alert_id == 2
    assert alert_of(town, 1).state is AlertState.PAUSED
    assert alert_of(town, 2).state is AlertState.CANCELLED


def test_a_campaign_that_is_known_is_not_made_twice(town: House) -> None:
    send(town, opening(frozen_campaign()))
    with kept(town) as put_back:
        send(town, opening(frozen_campaign(), again="second"))
        put_back()
        (found,) = lost(town)
    assert (found.alert_id, found.name) == (2, "second")
    with town.db.reading() as session:
        assert session.query(Campaign).count() == 1


def test_one_that_was_opened_in_its_place_is_held_with_a_warning(town: House) -> None:
    with kept(town) as put_back:
        send(town, opening(frozen_campaign()))
        put_back()
        send(town, opening(frozen_campaign()))  # before anybody noticed
        (found,) = lost(town)
    alert = alert_of(town)
    assert (found.alert_id, alert.state) == (1, AlertState.PAUSED)
    assert "`dispatch send` would make them again" in alert.state_reason
    assert {message.status for message in messages_of(town)} == {"uncertain"}


def test_an_alert_that_was_to_start_later_and_did_is_cancelled(town: House) -> None:
    opened = send(town, opening(frozen_campaign(), starts_at=town.db.now() + timedelta(hours=1)))
    with kept(town) as put_back:
        with town.db.transaction() as session:
            lay_out_scheduled(session, town.settings, opened.alert_id)
        put_back()
        assert alert_of(town).state is AlertState.SCHEDULED
        lost(town)
    assert alert_of(town).state is AlertState.CANCELLED


def test_what_was_added_to_a_finished_alert_is_counted_together_and_holds_it(town: House) -> None:
    send(town, opening(frozen_campaign()))
    with town.db.transaction() as session:
        session.execute(update(Message).values(status="sent"))
    with kept(town) as put_back:
        for _ in range(2):
            add_people(town, 2)
            send(town, opening(frozen_campaign()))
        put_back()
        (found,) = lost(town)
    assert (found.alert_id, found.messages) == (1, 8)
    alert = alert_of(town)
    assert alert.state is AlertState.PAUSED
    assert "8 messages were made" in alert.state_reason
    with pytest.raises(AlertNotRunning):
        send(town, opening(frozen_campaign()))


def test_what_was_added_to_an_alert_that_was_cancelled_changes_nothing_about_it(town: House) -> None:
    send(town, opening(frozen_campaign()))
    with kept(town) as put_back:
        add_people(town, 2)
        send(town, opening(frozen_campaign()))
        put_back()
        with town.db.transaction() as session:
            session.execute(update(Alert).values(state=AlertState.CLOSED, state_reason="long ago"))
        lost(town)
    assert (alert_of(town).state, alert_of(town).state_reason) == (AlertState.CLOSED, "long ago")
