"""Who has acted is left out of the next alert, and of what still waits of the running one."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from campaigns import frozen_campaign, messages_of, opening, reached, real, send, write_campaign
from people import add_list, add_person
from sqlalchemy import update

from dispatcher.house import House
from dispatcher.models import Alert, DeliveryLogEntry, Message
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.acting.reporting import report_action
from dispatcher.usecases.acting.sparing import HAS_ACTED
from dispatcher.usecases.open_alert import Opening
from dispatcher.usecases.survey import survey
from dispatcher.usecases.whole_story import whole_stories


@pytest.fixture
def people(house: House, tmp_path: Path) -> tuple[int, int]:
    return ana_and_beto(house, tmp_path)


def ana_and_beto(house: House, folder: Path) -> tuple[int, int]:
    """Both on the list of the campaign `budget`."""
    add_list(house)
    write_campaign(folder)
    ana = add_person(house, email="ana@example.org", phone="312-555-0101")
    return ana, add_person(house, email="beto@example.org")


def act(house: House, who: int, *, ago: timedelta = timedelta(0)) -> None:
    with house.db.transaction() as session:
        campaign = campaign_to_act_on(session, "budget")
        at = house.db.now() - ago
        report_action(session, house, campaign, str(who), at=at, how=ActionHow.TOLD, thanks=False)


def chosen(wanted: Opening, **choice: Any) -> Opening:
    return replace(wanted, choice=replace(wanted.choice, **choice))


def left_out(house: House, wanted: Opening, alert_id: int | None = None) -> dict[Channel, dict[str, int]]:
    with house.db.reading() as session:
        now = house.db.now()
        seen = survey(session, wanted.frozen, wanted.choice, house.settings, now=now, alert_id=alert_id)
    return {channel: dict(part.left_out) for channel, part in seen.channels.items()}


def laid_out(house: House, alert_id: int, ago: timedelta) -> None:
    with house.db.transaction() as session:
        moved = update(Alert).where(Alert.id == alert_id).values(laid_out_at=house.db.now() - ago)
        session.execute(moved)


def test_who_has_acted_is_left_out_of_the_next_alert_and_counted(
    house: House, people: tuple[int, int]
) -> None:
    ana, beto = people
    send(house, opening(frozen_campaign()))
    act(house, ana)
    reminder = opening(frozen_campaign(), again="reminder")
    assert left_out(house, reminder) == {
        Channel.EMAIL: {HAS_ACTED: 1},
        Channel.SMS: {HAS_ACTED: 1},
    }
    send(house, reminder)
    assert reached(house, 2) == [(Channel.EMAIL, beto)]
    with house.db.reading() as session:
        (story,) = whole_stories(session, house, str(ana), reveal=False)
    assert {one.reason for one in story.alerts if one.alert_id == 2} == {HAS_ACTED}


def test_who_acts_before_the_first_alert_needs_none(house: House, people: tuple[int, int]) -> None:
    ana, beto = people
    act(house, ana, ago=timedelta(days=2))
    send(house, opening(frozen_campaign()))
    assert reached(house) == [(Channel.EMAIL, beto)]


def test_staff_may_write_to_them_all_the_same(house: House, people: tuple[int, int]) -> None:
    ana, beto = people
    act(house, ana)
    send(house, chosen(opening(frozen_campaign()), include_acted=True))
    assert {person for _, person in reached(house)} == {ana, beto}
    act(house, beto)
    assert {message.status for message in messages_of(house)} == {Status.QUEUED}


def test_an_act_on_an_earlier_occasion_leaves_nobody_out(house: House, people: tuple[int, int]) -> None:
    ana, _ = people
    act(house, ana, ago=timedelta(days=33))
    assert left_out(house, opening(frozen_campaign())) == {Channel.EMAIL: {}, Channel.SMS: {}}
    send(house, real(frozen_campaign()))
    laid_out(house, 1, timedelta(days=40))
    again = real(frozen_campaign(), again="next")
    assert left_out(house, again)[Channel.EMAIL] == {HAS_ACTED: 1}  # after the last alert had begun
    today = house.db.now().date().isoformat()
    assert left_out(house, chosen(again, acted_since=today))[Channel.EMAIL] == {}


def test_of_an_alert_that_goes_on_only_those_without_it_are_counted(
    house: House, people: tuple[int, int]
) -> None:
    ana, _ = people
    wanted = opening(frozen_campaign())
    send(house, wanted)
    act(house, ana)
    late = add_person(house, email="late@example.org")
    act(house, late)
    expected = {"has it already": 2, HAS_ACTED: 1}
    assert left_out(house, wanted, alert_id=1)[Channel.EMAIL] == expected
    assert send(house, wanted).added == 0


def test_what_waits_for_who_acts_meanwhile_is_withdrawn_and_logged(any_house: House, tmp_path: Path) -> None:
    ana, beto = ana_and_beto(any_house, tmp_path)
    send(any_house, opening(frozen_campaign()))
    act(any_house, ana, ago=timedelta(days=45))
    assert {message.status for message in messages_of(any_house)} == {Status.QUEUED}
    with any_house.db.transaction() as session:
        on_its_way = (Message.subscriber_id == ana, Message.channel == Channel.SMS)
        session.execute(update(Message).where(*on_its_way).values(status=Status.SENDING))
    act(any_house, ana)
    became = {(one.subscriber_id, one.channel): (one.status, one.error) for one in messages_of(any_house)}
    assert became == {
        (ana, Channel.EMAIL): (Status.SKIPPED, HAS_ACTED),
        (ana, Channel.SMS): (Status.SENDING, None),
        (beto, Channel.EMAIL): (Status.QUEUED, None),
    }
    with any_house.db.reading() as session:
        (line,) = session.query(DeliveryLogEntry).all()
        assert (line.status, line.error, line.subscriber_id) == (Status.SKIPPED, HAS_ACTED, ana)
    send(any_house, opening(frozen_campaign(), again="reminder"))
    assert reached(any_house, 2) == [(Channel.EMAIL, beto)]
    late = left_out(any_house, opening(frozen_campaign(), again="third"))
    assert late == {Channel.EMAIL: {HAS_ACTED: 1}, Channel.SMS: {HAS_ACTED: 1}}
