"""What came of an alert, by channel; and who left because of it."""

from datetime import timedelta

import pytest
from came_back import add_messages, alert_with, key, leave_ledger
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.house import House
from dispatcher.models import Action, Alert, Edition, Message, ShortLink, Visit
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.moves import Status
from dispatcher.rules.visits import ACTION, PICTURE, Visitor
from dispatcher.usecases.leave import ONE_CLICK, OWN_WAYS
from dispatcher.usecases.outcomes import Outcomes, count_left, outcomes
from dispatcher.usecases.retention.totals import write_totals

EMAIL, SMS = Channel.EMAIL, Channel.SMS
EVERY = {status: number for number, status in enumerate(Status, start=1)}


def came(house: House, alert_id: int = 1) -> dict[Channel, Outcomes]:
    with house.db.reading() as session:
        return outcomes(session, session.get_one(Alert, alert_id))


def left(house: House, alert_id: int = 1, channel: Channel = EMAIL) -> int:
    with house.db.reading() as session:
        return count_left(session, session.get_one(Alert, alert_id), channel)


def statuses(
    found: Outcomes,
) -> tuple[int, int, int, int, int, int, int]:
    return (
        found.audience,
        found.sent,
        found.delivered,
        found.bounced,
        found.failed,
        found.uncertain,
        found.complained,
    )


def counted(by: dict[Status, int]) -> tuple[int, ...]:
    """The same of these statuses, told apart by hand."""
    arrived = by[Status.DELIVERED] + by[Status.COMPLAINED]
    sent = by[Status.SENT] + by[Status.BOUNCED] + arrived
    return (
        sum(by.values()),
        sent,
        arrived,
        by[Status.BOUNCED],
        by[Status.FAILED],
        by[Status.UNCERTAIN],
        by[Status.COMPLAINED],
    )


def test_each_channel_has_its_own_numbers(any_house: House) -> None:
    alert_id = alert_with(any_house, EVERY)
    add_messages(any_house, alert_id, {Status.SENT: 2}, channel=SMS)
    found = came(any_house)
    assert list(found) == [EMAIL, SMS]
    assert statuses(found[EMAIL]) == counted(EVERY)
    assert (found[SMS].audience, found[SMS].sent, found[SMS].delivered) == (2, 2, 0)
    assert (found[SMS].left, found[SMS].acted, found[SMS].clicked) == (0, 0, 0)


def test_of_a_closed_alert_the_statuses_are_known_and_nobody(any_house: House) -> None:
    alert_id = alert_with(any_house, EVERY)
    with any_house.db.transaction() as session:
        write_totals(session, alert_id, sensitive=False)
        session.execute(update(Alert).values(state=AlertState.CLOSED))
    while_it_is_emptied = came(any_house)
    with any_house.db.transaction() as session:
        session.execute(Message.__table__.delete())  # type: ignore[attr-defined]
    assert came(any_house) == while_it_is_emptied
    (found,) = while_it_is_emptied.values()
    assert statuses(found) == counted(EVERY)
    assert (found.left, found.acted, found.clicked) == (None, None, None)


def test_an_alert_that_has_not_begun_has_nothing(house: House) -> None:
    alert_with(house, {}, laid_out_at=None)
    assert (came(house), left(house)) == ({}, 0)


@pytest.mark.parametrize("source", OWN_WAYS)
def test_who_left_by_themselves_after_its_message_left_because_of_it(house: House, source: str) -> None:
    add_list(house)
    alert_with(house, {Status.SENT: 1, Status.DELIVERED: 1, Status.BOUNCED: 1, Status.COMPLAINED: 1})
    leave_ledger(house, [1, 2, 4], source=source)
    assert left(house) == 3


def test_others_did_not_leave_because_of_it(any_house: House) -> None:
    add_list(any_house)
    other = add_list(any_house, "rents")
    alert_with(any_house, {Status.SENT: 3, Status.QUEUED: 1, Status.SKIPPED: 1, Status.FAILED: 1})
    leave_ledger(any_house, [1], source="by phone, told to Ana")
    leave_ledger(any_house, [1], act=ConsentAct.TAKEN_BACK)
    leave_ledger(any_house, [1], act=ConsentAct.JOINED)
    leave_ledger(any_house, [1], list_id=other)  # a list that the alert wasn't for
    leave_ledger(any_house, [1], channel=SMS)
    leave_ledger(any_house, [2], hours_ago=2.5)  # before it
    leave_ledger(any_house, [4, 5, 6], source=ONE_CLICK)  # it never reached them
    leave_ledger(any_house, [77], source=ONE_CLICK)
    assert left(any_house) == 0
    leave_ledger(any_house, [3])
    assert left(any_house) == 1


def test_who_leaves_two_lists_is_one(house: House) -> None:
    first, second = add_list(house), add_list(house, "rents")
    alert_with(house, {Status.SENT: 3}, lists=("daca", "rents"))
    for list_id in (first, second):
        leave_ledger(house, [1, 2], list_id=list_id)
    assert left(house) == 2


def test_an_alert_that_a_journal_brought_back_knows_no_lists(house: House) -> None:
    other = add_list(house, "rents")
    alert_with(house, {Status.SENT: 3})
    with house.db.transaction() as session:
        session.execute(update(Alert).values(audience="{}"))
    leave_ledger(house, [1], list_id=other)
    assert left(house) == 1


def test_a_leaver_counts_for_the_newest_alert_that_they_had(any_house: House) -> None:
    add_list(any_house)
    alert_with(any_house, {Status.SENT: 3}, hours_ago=20)
    alert_with(any_house, {Status.SENT: 2, Status.SKIPPED: 1}, hours_ago=10)
    leave_ledger(any_house, [1], hours_ago=15)
    leave_ledger(any_house, [2, 3], hours_ago=5)
    assert (left(any_house, 1), left(any_house, 2)) == (2, 1)  # the third had no message of the second


def test_who_leaves_a_week_after_the_last_message_has_other_reasons(any_house: House) -> None:
    add_list(any_house)
    week = 7 * 24
    alert_with(any_house, {Status.SENT: 3}, hours_ago=week + 10)
    leave_ledger(any_house, [1], hours_ago=11)
    leave_ledger(any_house, [2], hours_ago=9)
    assert left(any_house) == 1
    with any_house.db.transaction() as session:  # begun as long ago, and still going on two hours later
        session.execute(update(Alert).values(email_served_at=Alert.laid_out_at))
        alert = session.get_one(Alert, 1)
        assert alert.email_served_at is not None
        alert.email_served_at += timedelta(hours=2)
    assert left(any_house) == 2
    with any_house.db.transaction() as session:  # never served: from its beginning
        session.execute(update(Alert).values(email_served_at=None))
    assert left(any_house) == 1


def test_who_acted_counts_until_the_campaigns_next_alert(any_house: House) -> None:
    add_list(any_house)
    people = add_people(any_house, 4)
    alert_with(any_house, {Status.SENT: 4}, hours_ago=20)
    alert_with(any_house, {Status.SENT: 1}, hours_ago=10)
    alert_with(any_house, {Status.SENT: 1}, hours_ago=15, practice=True)
    alert_with(any_house, {Status.SENT: 1}, hours_ago=15, slug="rents")
    with any_house.db.transaction() as session:
        messages = session.scalars(select(Message).where(Message.alert_id == 1).order_by(Message.id)).all()
        for message, person in zip(messages, people, strict=True):
            message.subscriber_id = person
        session.get_one(Message, messages[3].id).status = Status.SKIPPED
        now = any_house.db.now()
        for person, hours in zip(people, (30, 12, 5, 12), strict=True):
            at = now - timedelta(hours=hours)
            session.add(Action(campaign_id=1, subscriber_id=person, at=at, how=ActionHow.TOLD))
        again = now - timedelta(hours=11)
        session.add(Action(campaign_id=1, subscriber_id=people[1], at=again, how=ActionHow.TOLD))
        assert session.get_one(Message, messages[0].id).address_key == key(1)
    assert came(any_house)[EMAIL].acted == 1  # not before it, not after the next, and not who never had it


def test_who_opened_links_counts_once(any_house: House) -> None:
    alert_with(any_house, {Status.DELIVERED: 3})
    with any_house.db.transaction() as session:
        session.add(Edition(alert_id=1, number=1, content="{}", sha256="0" * 64))
        session.flush()
        edition = session.scalars(select(Edition.id)).one()
        links = [
            ShortLink(
                edition_id=edition, language="en", channel=EMAIL, place=place, url="https://example.org"
            )
            for place in (ACTION, 1, PICTURE)
        ]
        session.add_all(links)
        session.flush()
        action, other, picture = (link.id for link in links)
        first, second, third = session.scalars(select(Message.id).order_by(Message.id))
        opened = [
            (first, action, Visitor.PERSON),
            (first, other, Visitor.PERSON),
            (second, action, Visitor.MACHINE),
            (third, picture, Visitor.PERSON),
        ]
        now = any_house.db.now()
        for message, link, visitor in opened:
            session.add(Visit(message_id=message, link_id=link, visitor=visitor, at=now))
    assert came(any_house)[EMAIL].clicked == 1
