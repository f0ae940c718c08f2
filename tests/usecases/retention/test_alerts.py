"""An alert that was over long ago is closed, counted and emptied; one that may go on keeps every message."""

from dataclasses import replace

import pytest
from campaigns import frozen_campaign, messages_of, opening, send
from people import add_people
from sqlalchemy import func, select

from dispatcher.errors import AlertNotRunning
from dispatcher.house import House
from dispatcher.models import Alert, AlertTotal, Chunk, DeliveryLogEntry, Part
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status
from dispatcher.rules.prices import Prices
from dispatcher.usecases.retention.alerts import close
from dispatcher.usecases.retention.run import overview, run
from dispatcher.usecases.retry import retry
from dispatcher.usecases.status import progress
from dispatcher.usecases.steer import cancel, pause, resume
from dispatcher.usecases.text_spending import spent

from .conftest import Sent, make_older

CLOSED = "messages of alerts, with their log"
EMPTIED = "messages of closed alerts"


def state_of(house: House, alert_id: int = 1) -> AlertState:
    with house.db.reading() as session:
        return session.get_one(Alert, alert_id).state


def count(house: House, table: type) -> int:
    with house.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_alert_of_long_ago_is_left_as_counts(any_house: House, sent: Sent) -> None:
    alert_id = sent(any_house)
    with any_house.db.reading() as session:
        before = progress(session, alert_id)
        cost = spent(session, Prices(), alert_id)
    assert run(any_house).counts == {CLOSED: 1, EMPTIED: 7}  # six messages, and the end of it
    assert (messages_of(any_house), count(any_house, DeliveryLogEntry), count(any_house, Chunk)) == ([], 0, 0)
    with any_house.db.reading() as session:
        after = progress(session, alert_id)
        assert spent(session, Prices(), alert_id) == cost
    assert after.counts == before.counts == {"email": {"sent": 3}, "sms": {"sent": 3}}
    assert (after.state, after.seconds) == ("closed", before.seconds)
    assert "deleted 90 days after" in after.reason
    assert run(any_house).counts == {}


@pytest.mark.parametrize(
    ("days", "sensitive", "closes"), [(89, False, 0), (31, False, 0), (31, True, 1), (29, True, 0)]
)
def test_a_sensitive_alert_keeps_its_messages_for_a_shorter_time(
    house: House, sent: Sent, days: int, sensitive: bool, closes: int
) -> None:
    sent(house, days=days, sensitive=sensitive)
    assert run(house).counts.get(CLOSED, 0) == closes


def test_a_sensitive_campaign_on_an_ordinary_list_is_sensitive_too(house: House, sent: Sent) -> None:
    sent(house, days=1)
    again = opening(replace(frozen_campaign(), sensitive=True), again="next")
    alert_id = send(house, again).alert_id
    with house.db.transaction() as session:
        cancel(session, alert_id)
    make_older(house, alert_id, 31)
    assert run(house).counts[CLOSED] == 1
    assert state_of(house, alert_id) is AlertState.CLOSED


def test_an_alert_that_may_still_send_something_keeps_every_message(house: House, sent: Sent) -> None:
    alert_id = sent(house, open_messages=1)
    with house.db.transaction() as session:
        pause(session, alert_id)
    assert run(house).counts == {}
    assert len(messages_of(house)) == 6
    assert overview(house).never_over == (alert_id,)


def test_a_closed_alert_is_never_continued(house: House, sent: Sent) -> None:
    alert_id = sent(house)
    run(house)
    add_people(house, 1)
    with pytest.raises(AlertNotRunning, match="--again NAME"):
        send(house, opening(frozen_campaign()))
    for refused in (lambda s: retry(s, alert_id, Status.FAILED), lambda s: resume(s, alert_id)):
        with pytest.raises(AlertNotRunning, match="deleted"), house.db.transaction() as session:
            refused(session)
    assert send(house, opening(frozen_campaign(), again="next")).added == 8


def test_an_alert_that_was_brought_back_by_a_journal_has_nothing_to_close(house: House, sent: Sent) -> None:
    sent(house, days=1)
    with house.db.transaction() as session:
        lost = Alert(campaign_id=1, name="lost", state=AlertState.CANCELLED)
        session.add(lost)
        session.flush()
        lost_id = lost.id
    assert run(house).counts == {}
    make_older(house, lost_id, 100)
    assert run(house).counts == {CLOSED: 1, EMPTIED: 1}


def test_domains_of_a_few_people_are_counted_together(house: House, sent: Sent) -> None:
    sent(house)
    with house.db.transaction() as session:
        cancel(session, 1)
    add_people(house, 12, domain="big.example")
    alert_id = send(house, opening(frozen_campaign(), again="next")).alert_id
    with house.db.transaction() as session:
        cancel(session, alert_id)
    make_older(house, alert_id, 100)
    run(house)
    with house.db.reading() as session:
        rows = session.execute(
            select(AlertTotal.value, AlertTotal.messages)
            .where(AlertTotal.alert_id == alert_id, AlertTotal.part == Part.DOMAIN)
            .order_by(AlertTotal.value)
        ).all()
    assert [tuple(row) for row in rows] == [("big.example", 12), ("other", 3)]


def test_few_readers_of_a_language_are_hidden_on_a_sensitive_list_alone(house: House, sent: Sent) -> None:
    alert_id = sent(house, sensitive=True)
    run(house)
    with house.db.reading() as session:
        rows = session.execute(
            select(AlertTotal.part, AlertTotal.value).where(AlertTotal.alert_id == alert_id).distinct()
        ).all()
    assert {tuple(row) for row in rows} == {
        (Part.WHOLE, ""),
        (Part.LANGUAGE, "other"),
        (Part.DOMAIN, "other"),
    }


def test_an_alert_that_was_continued_this_very_moment_is_not_closed(house: House, sent: Sent) -> None:
    alert_id = sent(house, open_messages=1)
    with house.db.transaction() as session:
        assert close(session, house.settings, alert_id) == 0
    assert state_of(house) is AlertState.RUNNING
