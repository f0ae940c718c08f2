"""What webhooks are told of alerts, which have a state and no history."""

from sqlalchemy import update
from webhook_desk import WebhookDesk

from dispatcher.db import db_now
from dispatcher.models import Alert, Message
from dispatcher.rules.alert import AlertState
from dispatcher.rules.moves import Status


def states(desk: WebhookDesk) -> list[tuple[str, str]]:
    desk.follow()
    desk.tell()
    told = [(one.kind, one.about["state"]) for one in desk.crm.took]
    desk.crm.took.clear()
    return told


def change(desk: WebhookDesk, alert: int, **values: object) -> None:
    with desk.house.db.transaction() as session:
        session.execute(update(Alert).where(Alert.id == alert).values(**values))


def test_an_alert_is_told_from_its_opening_to_its_end(any_desk: WebhookDesk) -> None:
    desk = any_desk
    alert = desk.alert()
    assert states(desk) == [("alert.opened", "running")]
    message = desk.message(alert, status=Status.QUEUED)
    change(desk, alert, laid_out_at=desk.house.db.now())
    assert states(desk) == []
    change(desk, alert, state=AlertState.PAUSED)
    assert states(desk) == [("alert.paused", "paused")]
    change(desk, alert, state=AlertState.RUNNING, resumed_at=desk.house.db.now())
    assert states(desk) == [("alert.resumed", "running")]
    _settle(desk, message, Status.SENT)
    assert states(desk) == [("alert.finished", "finished")]
    _settle(desk, message, Status.QUEUED)
    assert states(desk) == [("alert.resumed", "running")]
    change(desk, alert, state=AlertState.CANCELLED)
    assert states(desk) == [("alert.cancelled", "cancelled")]
    change(desk, alert, state=AlertState.CLOSED)
    assert states(desk) == []


def _settle(desk: WebhookDesk, message: int, status: Status) -> None:
    with desk.house.db.transaction() as session:
        session.execute(update(Message).where(Message.id == message).values(status=status))


def test_one_alert_changes_and_another_stays_as_it_is(desk: WebhookDesk) -> None:
    desk.alert()
    other = desk.alert()
    states(desk)
    change(desk, other, state=AlertState.PAUSED)
    assert states(desk) == [("alert.paused", "paused")]


def test_a_pause_that_was_over_before_anybody_looked_is_told_too(desk: WebhookDesk) -> None:
    alert = desk.alert()
    states(desk)
    change(desk, alert, resumed_at=desk.house.db.now())
    assert states(desk) == [("alert.paused", "paused"), ("alert.resumed", "running")]


def test_an_alert_that_was_there_before_is_told_only_when_it_changes(desk: WebhookDesk) -> None:
    alert = desk.alert(state=AlertState.SCHEDULED)
    change(desk, alert, created_at=db_now(-3600))
    assert states(desk) == []
    change(desk, alert, state=AlertState.RUNNING)
    assert states(desk) == []  # a scheduled one begins: it was opened long ago
    change(desk, alert, state=AlertState.PAUSED)
    assert states(desk) == [("alert.paused", "paused")]


def test_one_that_is_paused_as_soon_as_it_is_there_is_told_both(desk: WebhookDesk) -> None:
    desk.alert(state=AlertState.PAUSED)
    assert states(desk) == [("alert.opened", "paused"), ("alert.paused", "paused")]
