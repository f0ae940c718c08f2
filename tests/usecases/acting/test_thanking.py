"""Who has acted is thanked: once an occasion, by what they agreed to."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from campaigns import write_campaign
from people import BOTH, add_list, add_person, leave, suppress_person
from sqlalchemy import select

from dispatcher.content.notice import words_for
from dispatcher.house import House
from dispatcher.models import Campaign, Notice
from dispatcher.rules import sms
from dispatcher.rules.actions import ActionHow, Became
from dispatcher.rules.alert import Channel
from dispatcher.rules.notices import NoticeState
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.acting.reporting import report_action
from dispatcher.usecases.acting.thanking import KIND


@pytest.fixture
def campaign(house: House, tmp_path: Path) -> Path:
    """The campaign `budget` of the list `daca`."""
    add_list(house, sensitive=True)
    return write_campaign(tmp_path)


def say(campaign: Path, line: str) -> None:
    with (campaign / "campaign.toml").open("a") as file:
        file.write(f"{line}\n")


def act(house: House, who: str, *, ago: timedelta = timedelta(0), thanks: bool = True) -> Became:
    with house.db.transaction() as session:
        number = campaign_to_act_on(session, "budget")
        at = house.db.now() - ago
        return report_action(session, house, number, who, at=at, how=ActionHow.REPORTED, thanks=thanks)


def thanked(house: House) -> list[tuple[Channel, str | None, str]]:
    """Whom notices wait for: channel, address and language."""
    with house.db.reading() as session:
        found = session.scalars(select(Notice).where(Notice.state == NoticeState.QUEUED).order_by(Notice.id))
        return [(one.channel, one.address, one.language) for one in found if one.kind == KIND]


@pytest.mark.usefixtures("campaign")
def test_thanks_go_by_email_once_an_occasion(house: House) -> None:
    add_person(house, email="ana@example.org", phone="312-555-0101", language="es")
    act(house, "ana@example.org", ago=timedelta(days=2))
    act(house, "ana@example.org")
    assert thanked(house) == [(Channel.EMAIL, "ana@example.org", "es")]


@pytest.mark.usefixtures("campaign")
def test_who_was_not_thanked_for_an_earlier_act_is_thanked_for_the_next(house: House) -> None:
    add_person(house, email="ana@example.org")
    act(house, "ana@example.org", ago=timedelta(days=8))
    act(house, "ana@example.org", ago=timedelta(days=1), thanks=False)
    assert thanked(house) == []
    act(house, "ana@example.org")
    assert len(thanked(house)) == 1


@pytest.mark.usefixtures("campaign")
def test_nobody_is_thanked_who_has_not_agreed_has_left_or_is_suppressed(house: House) -> None:
    add_list(house, "other")
    add_person(house, email="other@example.org", lists=["other"])
    gone = add_person(house, email="gone@example.org")
    leave(house, gone, Channel.EMAIL)
    never = add_person(house, email="never@example.org")
    suppress_person(house, never, Channel.EMAIL)
    add_person(house, email="texts@example.org", phone="312-555-0102", channels=[Channel.SMS])
    for who in ("other", "gone", "never", "texts"):
        assert act(house, f"{who}@example.org") is Became.RECORDED
    assert thanked(house) == []


def test_a_campaign_may_thank_by_text_where_there_is_no_email(house: House, campaign: Path) -> None:
    say(campaign, 'thanks = "sms"')
    add_person(house, email="both@example.org", phone="312-555-0101", channels=BOTH)
    add_person(house, phone="312-555-0102", channels=[Channel.SMS])
    act(house, "both@example.org")
    act(house, "312-555-0102")
    assert [(channel, address) for channel, address, _ in thanked(house)] == [
        (Channel.EMAIL, "both@example.org"),
        (Channel.SMS, "+13125550102"),
    ]


@pytest.mark.usefixtures("campaign")
def test_thanks_come_due_one_after_another_so_that_nobody_waits_behind_them(house: House) -> None:
    for number in range(3):
        add_person(house, email=f"p{number}@example.org")
        act(house, f"p{number}@example.org")
    with house.db.reading() as session:
        due = session.scalars(select(Notice.due_at).order_by(Notice.id)).all()
    gaps = [(later - sooner).total_seconds() for sooner, later in pairwise(due)]
    assert all(gap >= 1 for gap in gaps)


@pytest.mark.usefixtures("campaign")
def test_a_familys_phone_does_not_say_whom_to_thank(house: House) -> None:
    add_person(house, email="ana@example.org", phone="312-555-0101")
    add_person(house, email="beto@example.org", phone="312-555-0101")
    assert act(house, "312-555-0101") is Became.RECORDED
    assert thanked(house) == []


def test_a_campaign_may_thank_nobody(house: House, campaign: Path) -> None:
    say(campaign, 'thanks = "none"')
    add_person(house, email="ana@example.org")
    act(house, "ana@example.org")
    assert thanked(house) == []


def test_a_campaign_without_its_folder_thanks_nobody(house: House, campaign: Path) -> None:
    with house.db.transaction() as session:
        session.add(Campaign(slug="budget", title="Gone", level="state"))
    add_person(house, email="ana@example.org")
    campaign.rename(campaign.with_name("elsewhere"))
    assert act(house, "ana@example.org") is Became.RECORDED
    assert thanked(house) == []


def test_thanks_are_for_a_screen_that_others_see() -> None:
    for language in ("en", "es", "pl", "ar"):
        words = words_for(KIND, language)
        assert words.language == language
        assert "DACA" not in f"{words.subject}{words.email}{words.sms}"
        if language != "ar":
            assert sms.segments(words.sms.format(org="ICIRR alerts")) == 1
