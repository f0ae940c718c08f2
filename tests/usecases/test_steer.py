"""Pause, resume, cancel and correct: what follows which state, and what becomes of the messages."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.content.edition import Frozen
from dispatcher.errors import AlertNotRunning, BrokenCampaign, UnknownAlert
from dispatcher.house import House
from dispatcher.models import Alert, DeliveryLogEntry, Edition
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.usecases.correct import corrected_content
from dispatcher.usecases.moves import begin, move_all
from dispatcher.usecases.open_alert import edition_of, lay_out_scheduled, way_on
from dispatcher.usecases.steer import active_alerts, cancel, correct, correction, pause, resume
from dispatcher.usecases.translate import accept

OVER = [AlertState.CANCELLED, AlertState.CLOSED]


@pytest.fixture
def frozen(house: House, tmp_path: Path) -> Frozen:
    """The budget campaign as alert 1, as `sent_budget` does it."""
    return sent_budget(house, tmp_path)


def sent_budget(house: House, folder: Path) -> Frozen:
    """Send the campaign to three people who read English and one who reads Spanish."""
    add_list(house)
    add_people(house, 3)
    add_people(house, 1, language="es")
    write_campaign(folder, languages=["en", "es"])
    content = frozen_campaign()
    send(house, opening(content))
    return content


def alert_of(house: House, alert_id: int = 1) -> Alert:
    with house.db.reading() as session:
        return session.get_one(Alert, alert_id)


def put_into(house: House, state: AlertState) -> None:
    with house.db.transaction() as session:
        session.execute(update(Alert).values(state=state))


def test_a_pause_says_how_many_are_with_the_provider(any_house: House, tmp_path: Path) -> None:
    sent_budget(any_house, tmp_path)
    with any_house.db.transaction() as session:
        begin(session, [message.id for message in messages_of(any_house)][:2])
        assert pause(session, 1) == 2
    alert = alert_of(any_house)
    assert (alert.state, alert.state_reason) == (AlertState.PAUSED, "by hand")


@pytest.mark.usefixtures("frozen")
def test_to_pause_twice_keeps_the_first_reason(house: House) -> None:
    with house.db.transaction() as session:
        pause(session, 1, "the relay refused us")
        assert pause(session, 1) == 0
    assert alert_of(house).state_reason == "the relay refused us"


@pytest.mark.usefixtures("frozen")
def test_a_resumed_alert_runs_again_and_has_no_reason_any_more(house: House) -> None:
    with house.db.transaction() as session:
        pause(session, 1)
        resume(session, 1)
        resume(session, 1)
    alert = alert_of(house)
    assert (alert.state, alert.state_reason) == (AlertState.RUNNING, "")


def test_an_alert_paused_before_its_time_is_scheduled_again(house: House, frozen: Frozen) -> None:
    starts_at = house.db.now() + timedelta(hours=1)
    send(house, opening(frozen, starts_at=starts_at, again="next"))
    with house.db.transaction() as session:
        pause(session, 2)
        resume(session, 2)
    assert alert_of(house, 2).state is AlertState.SCHEDULED
    with house.db.transaction() as session:
        lay_out_scheduled(session, house.settings, 2)
        pause(session, 2)
        resume(session, 2)
    assert alert_of(house, 2).state is AlertState.RUNNING


def test_a_cancelled_alert_sends_nothing_more_and_logs_each_message(any_house: House, tmp_path: Path) -> None:
    sent_budget(any_house, tmp_path)
    with_provider, *queued = (message.id for message in messages_of(any_house))
    with any_house.db.transaction() as session:
        begin(session, [with_provider])
        assert cancel(session, 1) == len(queued) == 7
        assert cancel(session, 1) == 0
    statuses = {message.id: message.status for message in messages_of(any_house)}
    assert statuses == {with_provider: Status.SENDING} | dict.fromkeys(queued, Status.CANCELLED)
    with any_house.db.reading() as session:
        entries = session.scalars(select(DeliveryLogEntry).order_by(DeliveryLogEntry.message_id)).all()
    assert [entry.message_id for entry in entries] == queued
    assert {(entry.status, entry.error) for entry in entries} == {
        (Status.CANCELLED, "the alert was cancelled")
    }


@pytest.mark.usefixtures("frozen")
@pytest.mark.parametrize("state", OVER)
def test_what_is_over_stays_over(house: House, state: AlertState) -> None:
    put_into(house, state)
    for change in (pause, resume):
        with (
            pytest.raises(AlertNotRunning, match=f"Alert 1 is {state}"),
            house.db.transaction() as s,
        ):
            change(s, 1)
    assert alert_of(house).state is state


def test_what_is_over_is_not_corrected(house: House, frozen: Frozen) -> None:
    for state in OVER:
        put_into(house, state)
        with house.db.transaction() as session, pytest.raises(AlertNotRunning, match=f"is {state}"):
            correct(session, house.settings, 1, frozen)


def test_an_unknown_alert_is_named(house: House) -> None:
    for change in (pause, resume, cancel):
        with house.db.transaction() as session, pytest.raises(UnknownAlert, match="'7'"):
            change(session, 7)


def test_active_alerts_are_found_by_state(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen, again="second"))
    send(house, opening(frozen, again="third", starts_at=house.db.now() + timedelta(hours=1)))
    with house.db.transaction() as session:
        pause(session, 1)
        assert active_alerts(session, AlertState.PAUSED) == [1]
        assert active_alerts(session, AlertState.RUNNING, AlertState.SCHEDULED) == [2, 3]
        assert active_alerts(session, AlertState.CLOSED) == []


@pytest.mark.usefixtures("frozen")
def test_an_alert_that_has_sent_all_it_had_is_active_no_more(house: House) -> None:
    with house.db.transaction() as session:
        begin(session, [message.id for message in messages_of(house)])
        assert active_alerts(session, AlertState.RUNNING) == [1]
        move_all(session, 1, Status.SENT)
        assert active_alerts(session, AlertState.RUNNING) == []


def test_a_correction_reaches_only_those_still_queued(any_house: House, tmp_path: Path) -> None:
    frozen = sent_budget(any_house, tmp_path)
    first, *queued = (message.id for message in messages_of(any_house))
    with any_house.db.transaction() as session:
        begin(session, [first])
    (tmp_path / "templates/campaigns/budget/subject.txt").write_text("Keep the budget, whole")
    accept("budget", "es")  # it fits as it is
    with any_house.db.transaction() as session:
        content = corrected_content(session, any_house.settings, 1)
        lines = correction(session, 1, content)
        assert correct(session, any_house.settings, 1, content) == len(queued)
        assert correction(session, 1, content) == []
    assert lines[-2:] == ["-[en] Keep the budget whole", "+Keep the budget, whole"]
    editions = {message.id: message.edition_number for message in messages_of(any_house)}
    assert editions == {first: 1} | dict.fromkeys(queued, 2)
    alert = alert_of(any_house)
    assert (alert.state, alert.edition_number) == (AlertState.RUNNING, 2)
    with any_house.db.reading() as session:
        kept = session.execute(select(Edition.number, Edition.sha256).order_by(Edition.number)).all()
        assert edition_of(session, alert) == content
    assert kept == [(1, frozen.sha256), (2, content.sha256)]


def test_a_correction_of_a_paused_alert_lets_it_go_on(house: House, frozen: Frozen) -> None:
    with house.db.transaction() as session:
        pause(session, 1)
        assert correct(session, house.settings, 1, frozen) == 8
    alert = alert_of(house)
    assert (alert.state, alert.edition_number, alert.state_reason) == (AlertState.RUNNING, 2, "")


def test_a_correction_moves_the_deadline_too(house: House, frozen: Frozen) -> None:
    later = house.db.now() + timedelta(days=3)
    with house.db.transaction() as session:
        correct(session, house.settings, 1, replace(frozen, deadline=later))
    assert alert_of(house).deadline == later


def test_a_scheduled_alert_is_laid_out_with_its_correction(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen, again="next", starts_at=house.db.now()))
    with house.db.transaction() as session:
        assert correct(session, house.settings, 2, frozen) == 0
        assert lay_out_scheduled(session, house.settings, 2) == 8
    assert {message.edition_number for message in messages_of(house, 2)} == {2}


def test_a_correction_that_loses_a_language_somebody_waits_in_is_refused(
    any_house: House, tmp_path: Path
) -> None:
    sent_budget(any_house, tmp_path)
    (tmp_path / "templates/campaigns/budget/es/sms.txt").unlink()
    with any_house.db.transaction() as session:
        content = corrected_content(session, any_house.settings, 1)
        with pytest.raises(BrokenCampaign, match=r"budget/es/: people still wait for the sms in 'es'"):
            correct(session, any_house.settings, 1, content)
    assert alert_of(any_house).edition_number == 1
    spanish_text = next(m.id for m in messages_of(any_house) if (m.channel, m.language) == ("sms", "es"))
    with any_house.db.transaction() as session:
        begin(session, [spanish_text])
        assert correct(session, any_house.settings, 1, content) == 7


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AlertState.PAUSED, "dispatch resume 7"),
        (AlertState.CANCELLED, "--again NAME"),
        (AlertState.CLOSED, "--again NAME"),
        (AlertState.RUNNING, "dispatch status"),
        (AlertState.SCHEDULED, "dispatch status"),
    ],
)
def test_every_state_has_its_way_on(state: AlertState, words: str) -> None:
    assert words in way_on(Alert(id=7, state=state))
