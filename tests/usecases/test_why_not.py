"""One person's recent alerts: what they got, or why they got nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from people import add_list, add_person, leave, suppress_person
from sqlalchemy import update

from dispatcher.house import House
from dispatcher.models import Action, Alert, Subscriber, Subscription
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.segments import Segment
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.hold import begin_hold, forget_afterwards
from dispatcher.usecases.retention.silence import heard_from
from dispatcher.usecases.segments import parse
from dispatcher.usecases.whole_story import WholeStory, whole_stories


def story(house: House, person: int, *, reveal: bool = False) -> WholeStory:
    with house.db.reading() as session:
        (found,) = whole_stories(session, house, str(person), reveal=reveal)
        return found


def reasons(house: House, person: int) -> dict[str, str]:
    """Channel -> what became of the newest alert."""
    newest = max((one.alert_id for one in story(house, person).alerts), default=0)
    return {
        str(one.channel): one.status or one.reason
        for one in story(house, person).alerts
        if one.alert_id == newest
    }


@pytest.fixture
def maria(house: House, tmp_path: Path) -> int:
    return with_maria(house, tmp_path)


def with_maria(house: House, folder: Path) -> int:
    add_list(house)
    write_campaign(folder)
    return add_person(house, email="maria@example.org", phone="312-555-0100")


def test_who_gets_it_is_told_so(house: House, maria: int) -> None:
    send(house, opening(frozen_campaign()))
    assert reasons(house, maria) == {"email": "queued", "sms": "queued"}


def test_each_channel_has_its_own_reason(house: House, maria: int) -> None:
    leave(house, maria, Channel.EMAIL)
    suppress_person(house, maria, Channel.SMS)
    send(house, opening(frozen_campaign()))
    assert reasons(house, maria) == {"email": "left before it was sent", "sms": "suppressed (stop)"}


def test_a_language_that_is_not_there_and_a_channel_that_was_not_chosen(house: House, tmp_path: Path) -> None:
    add_list(house)
    write_campaign(tmp_path)
    olena = add_person(house, email="olena@example.org", language="uk")
    add_person(house, email="maria@example.org")
    send(house, opening(frozen_campaign(), channels=[Channel.EMAIL]))
    assert reasons(house, olena) == {
        "email": "reads uk, which isn't there",
        "sms": "the alert doesn't go by this channel",
    }


def test_a_shared_phone_a_segment_and_who_came_later(any_house: House, tmp_path: Path) -> None:
    maria = with_maria(any_house, tmp_path)
    jose = add_person(any_house, phone="312-555-0100", language="es")
    wanted = opening(frozen_campaign(), fallback=True)
    send(any_house, wanted)
    assert reasons(any_house, maria)["sms"] == "queued"
    assert reasons(any_house, jose) == {
        "email": "no address on this channel",
        "sms": "shares the number with somebody who got it",
    }
    late = add_person(any_house, email="late@example.org")
    assert reasons(any_house, late)["email"] == "joined after it was sent"
    with any_house.db.transaction() as session:
        choice = Choice.from_json(session.get_one(Alert, 1).audience)
        polish: Segment = parse("language = pl")
        session.get_one(Alert, 1).audience = Choice(
            choice.channels, choice.lists, segments=(polish,), exceptions=(parse("language = es"),)
        ).to_json()
        session.get_one(Alert, 1).laid_out_at = any_house.db.now()
    assert reasons(any_house, late)["email"] == "outside of its segment"


def test_an_act_is_the_reason_only_where_it_was_known_when_the_alert_went(
    any_house: House, tmp_path: Path
) -> None:
    with_maria(any_house, tmp_path)
    jose = add_person(any_house, phone="312-555-0100")
    send(any_house, opening(frozen_campaign()))
    late = add_person(any_house, email="late@example.org")
    with any_house.db.transaction() as session:
        begun = session.get_one(Alert, 1).laid_out_at
        assert begun
        for person in (jose, late):
            session.execute(
                update(Subscription)
                .where(Subscription.subscriber_id == person)
                .values(joined_at=begun - timedelta(hours=2))
            )
            acted = {"at": begun - timedelta(hours=1), "how": ActionHow.IMPORTED}
            session.add(Action(campaign_id=1, subscriber_id=person, **acted))
    assert reasons(any_house, jose)["sms"] == "shares the number with somebody who got it"
    assert reasons(any_house, late)["email"] == "has acted since"
    with any_house.db.transaction() as session:
        session.execute(update(Action).values(noted_at=None))  # from before that was kept
    assert reasons(any_house, jose)["sms"] == reasons(any_house, late)["email"] == "has acted already"


def test_alerts_of_other_lists_and_those_that_a_journal_brought_back_are_not_told(
    house: House, maria: int
) -> None:
    send(house, opening(frozen_campaign()))
    add_list(house, "other")
    ana = add_person(house, email="ana@example.org", lists=("other",))
    with house.db.transaction() as session:
        session.add(Alert(campaign_id=1, name="lost", state=AlertState.CANCELLED))
    assert story(house, ana).alerts == ()
    assert {one.alert_id for one in story(house, maria).alerts} == {1}


def test_other_tables_are_told_without_addresses_unless_they_are_asked_for(house: House, maria: int) -> None:
    with house.db.transaction() as session:
        key = session.get_one(Subscriber, maria).phone_key
        assert key
        heard_from(session, Channel.SMS, key)
        begin_hold(session, "a subpoena")
        forget_afterwards(session, maria)
    told = story(house, maria)
    assert told.to_be_forgotten
    assert list(told.more) == ["last_heard"]
    assert told.events == {}
