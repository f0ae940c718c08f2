"""Strikes: an address that fails softly again and again is given up, one that can be reached is not."""

import pytest
from sqlalchemy import func, insert, select
from what_came_back import EMAIL, PHONE, Maria, come_back, day, open_alert, suppressed, told

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import DeliveryLogEntry, Strike, StrikesRead
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.events import EventKind
from dispatcher.rules.feedback import Outcome
from dispatcher.rules.moves import Status
from dispatcher.usecases.feedback.strikes import count_own_refusals
from dispatcher.usecases.suppress import lift

K = EventKind


def strikes(house: House) -> int:
    with house.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Strike)) or 0


def fails(maria: Maria, *days: int, kind: EventKind = K.SOFT_BOUNCE) -> list[Outcome | None]:
    """Her mailbox is full on these days; what came of each."""
    told_of = [told(kind, "ses", recipient=EMAIL, at=day(nth)) for nth in days]
    return [come_back(maria.house, one)[0] for one in told_of]


def test_three_soft_bounces_over_a_week_suppress_and_two_do_not(maria: Maria) -> None:
    house = maria.house
    fails(maria, 1, 1, 2)
    assert (suppressed(house), strikes(house)) == ({}, 2)
    assert fails(maria, 9) == [Outcome.SUPPRESSED]
    assert suppressed(house) == {maria.email_key: "bounced"}
    assert strikes(house) == 0


def test_whoever_lifts_it_begins_anew(maria: Maria) -> None:
    fails(maria, 1, 5, 9)
    with maria.house.db.transaction() as session:
        assert lift(session, Channel.EMAIL, maria.email_key, SuppressionReason.BOUNCED)
    fails(maria, 10)
    assert suppressed(maria.house) == {}


def test_what_arrives_clears_the_strikes(any_maria: Maria) -> None:
    house = any_maria.house
    fails(any_maria, 1, 5)
    _, mark = Maria(house, any_maria.id, open_alert(house)).sent()
    come_back(house, told(K.DELIVERED, "ses", reference=mark, recipient=EMAIL))
    assert strikes(house) == 0
    fails(any_maria, 9)
    assert suppressed(house) == {}


@pytest.mark.parametrize("kind", [K.BLOCKED, K.FAILED, K.DEFERRED])
def test_what_is_our_affair_is_no_strike(maria: Maria, kind: EventKind) -> None:
    fails(maria, 1, 5, 9, kind=kind)
    assert (suppressed(maria.house), strikes(maria.house)) == ({}, 0)


def test_a_phone_that_is_off_for_weeks_is_given_up_too(maria: Maria) -> None:
    for nth in (1, 5, 9):
        come_back(maria.house, told(K.SOFT_BOUNCE, "twilio", recipient=PHONE, code="30003", at=day(nth)))
    assert suppressed(maria.house) == {maria.phone_key: "bounced"}


def refused(house: House, number: int, alert: int, days_ago: float, error: str, words: str = "") -> None:
    with house.db.transaction() as session:
        line = {"message_id": number, "status": Status.FAILED, "alert_id": alert, "channel": Channel.EMAIL}
        at = session.scalars(select(db_now(-days_ago * 86_400))).one()
        session.execute(insert(DeliveryLogEntry).values(**line, at=at, error=error, detail=words, attempt=1))


def test_bare_refusals_of_our_own_dialogues_are_strikes_counted_once(any_maria: Maria) -> None:
    house = any_maria.house
    number, _ = any_maria.sent(status=Status.FAILED)
    for days_ago in (25, 20, 3):
        refused(house, number, any_maria.alert, days_ago, "smtp 550")
        refused(house, number, any_maria.alert, days_ago + 0.0001, "smtp 554 5.7.1", "blocked by policy")
    assert count_own_refusals(house) == 1
    assert suppressed(house) == {any_maria.email_key: "bounced"}
    with house.db.transaction() as session:
        assert lift(session, Channel.EMAIL, any_maria.email_key, SuppressionReason.BOUNCED)
    assert count_own_refusals(house) == 0
    assert suppressed(house) == {}
    with house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(StrikesRead)) == 1
