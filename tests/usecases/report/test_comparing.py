"""An alert beside its campaign's earlier ones."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from conftest import OpenHouse
from past_alerts import BEGAN, Told, act, past_alert
from people import add_list, add_people
from reports_desk import reporting
from sqlalchemy import select, update

from dispatcher.house import House
from dispatcher.models import Alert, Message, ShortLink
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.shares import Share
from dispatcher.rules.visits import ACTION, Visitor
from dispatcher.usecases.clicks.recording import Opened, record_visits
from dispatcher.usecases.report.comparing import MOST, Compared, Judgement
from dispatcher.usecases.report.measures import Measure
from dispatcher.usecases.report.report import Report

EMAIL, SMS = Channel.EMAIL, Channel.SMS
DAY = timedelta(days=1)


def alert(house: House, people: list[int], days: float, status: Status = Status.DELIVERED, **how: Any) -> int:
    began = BEGAN + days * DAY
    return past_alert(house, [Told(one, status) for one in people], began=began, name=str(days), **how)


def compared(found: Report, measure: Measure) -> Compared:
    (one,) = (one for one in found.compared if one.measure is measure)
    return one


def test_rates_are_beside_those_of_all_earlier_ones_together(any_house: House) -> None:
    add_list(any_house)
    people = add_people(any_house, 60)
    for days in (0, 10):
        alert(any_house, people, days)
        act(any_house, people[0], at=BEGAN + (days + 1) * DAY)
    newest = alert(any_house, people, 20)
    act(any_house, *people[:30], at=BEGAN + 21 * DAY)
    found = reporting(any_house, newest)
    assert [one.alert_id for one in found.earlier] == [newest - 1, newest - 2]
    acted = compared(found, Measure.ACTED)
    assert (acted.now, acted.before, acted.judgement) == (Share(30, 60), Share(2, 120), Judgement.BETTER)
    assert compared(found, Measure.LEFT).judgement is Judgement.ALIKE
    assert compared(found, Measure.CLICKED).judgement is Judgement.UNKNOWN


def test_more_bounces_are_worse(house: House) -> None:
    add_list(house)
    people = add_people(house, 40)
    alert(house, people, 0)
    assert compared(reporting(house, alert(house, people, 9, Status.BOUNCED)), Measure.BOUNCED).judgement is (
        Judgement.WORSE
    )


def test_what_was_never_told_is_not_compared(house: House) -> None:
    """An earlier alert without callbacks delivered nobody knows how many: that is no 0%."""
    add_list(house)
    people = add_people(house, 40)
    alert(house, people, 0, Status.SENT)
    delivered = compared(reporting(house, alert(house, people, 9)), Measure.DELIVERED)
    assert (delivered.now, delivered.before) == (Share(40, 40), None)
    assert delivered.judgement is Judgement.UNKNOWN


def test_only_the_newest_are_looked_at_and_practice_beside_practice(house: House) -> None:
    add_list(house)
    people = add_people(house, 1)
    alert(house, people, 0.5, practice=True)
    numbers = [alert(house, people, days) for days in range(MOST + 3)]
    found = reporting(house, numbers[-1])
    assert [one.alert_id for one in found.earlier] == numbers[-2 : -2 - MOST : -1]
    assert reporting(house, 1).earlier == ()


def test_of_a_closed_one_statuses_are_known_still(house: House) -> None:
    add_list(house)
    people = add_people(house, 2)
    first = alert(house, people, 0)
    with house.db.transaction() as session:
        session.execute(update(Alert).where(Alert.id == first).values(state=AlertState.CLOSED))
    (earlier,) = reporting(house, alert(house, people, 9)).earlier
    assert earlier.closed
    assert (earlier.channels[EMAIL][Measure.SENT], earlier.channels[EMAIL][Measure.ACTED]) == (2, None)


@pytest.fixture
def linked(open_house_with: OpenHouse, tmp_path: Path) -> House:
    """Two alerts of ten people each, whose emails have links of ours; five clicked in the second one."""
    house = open_house_with(public_url="https://go.example.org")
    add_list(house)
    add_people(house, 10)
    with (write_campaign(tmp_path) / "campaign.toml").open("a") as facts:
        facts.write("count_opens = true\n")  # the picture that counts them is no link that somebody clicks
    for again in (None, "2"):
        send(house, opening(frozen_campaign(), again=again))
    with house.db.transaction() as session:
        session.execute(update(Message).values(status=Status.SENT, changed_at=BEGAN))
        of_second = (ShortLink.place == ACTION, ShortLink.channel == EMAIL)
        link_id = session.scalars(
            select(ShortLink.id).where(*of_second).order_by(ShortLink.id.desc())
        ).first()
        assert link_id
        mine = select(Message.id).where(Message.alert_id == 2, Message.channel == EMAIL)
        for message_id in session.scalars(mine.order_by(Message.id).limit(5)).all():
            record_visits(session, [Opened(link_id, Visitor.PERSON, BEGAN + DAY, message_id)] * 2)
    return house


def test_who_clicked_is_known_of_emails_and_how_often_of_texts(linked: House) -> None:
    found = reporting(linked, 2)
    email, text = found.channels[EMAIL], found.channels[SMS]
    assert (email[Measure.CLICKED], email[Measure.VISITS]) == (5, 10)
    assert (text[Measure.CLICKED], text[Measure.VISITS]) == (None, 0)
    assert [(row[Measure.CLICKED], row[Measure.VISITS]) for row in found.languages[EMAIL]] == [(5, 10)]
    clicked = [one for one in found.compared if one.measure is Measure.CLICKED and one.channel is EMAIL]
    assert [(one.now, one.before, one.judgement) for one in clicked] == [
        (Share(5, 10), Share(0, 10), Judgement.ALIKE)
    ]
