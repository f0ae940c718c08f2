"""`dispatch send` looks everything over first: what it says, and what it refuses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import messages_of, write_campaign
from conftest import OpenHouse
from people import add_list, add_people

from dispatcher.errors import (
    AlertNotRunning,
    BrokenCampaign,
    ContentChanged,
    SenderNotReady,
    StartsOtherwise,
    UnknownCampaign,
    WrongSettings,
)
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.send_campaign import Plan, Request, carry_out, plan
from dispatcher.usecases.status import progress
from dispatcher.usecases.steer import pause
from fakes.smtp import SmtpServer
from fakes.twilio import TwilioServer

EMAIL, SMS = Channel.EMAIL, Channel.SMS
WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.org"}


@pytest.fixture
def budget(house: House, tmp_path: Path) -> Request:
    """The request for a campaign that three people should get."""
    add_list(house)
    add_people(house, 3)
    write_campaign(tmp_path)
    return Request("budget")


def test_a_plan_says_who_gets_what_by_which_senders_and_changes_nothing(
    any_house: House, tmp_path: Path
) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    planned = plan(any_house, Request("budget"))
    assert {channel: part.total for channel, part in planned.survey.channels.items()} == {EMAIL: 3, SMS: 3}
    assert planned.senders == {EMAIL: "outbox var/outbox", SMS: "outbox var/outbox"}
    assert (planned.database, planned.alert_id) == (any_house.db.shown, None)
    assert (planned.opening.practice, planned.opening.practice_channels) == (True, "")
    assert planned.survey.channels[SMS].segments == 3
    assert not messages_of(any_house)


def test_what_was_planned_is_carried_out(any_house: House, tmp_path: Path) -> None:
    add_list(any_house)
    add_people(any_house, 3)
    write_campaign(tmp_path)
    planned = plan(any_house, Request("budget"))
    add_people(any_house, 1)  # while staff were reading
    assert carry_out(any_house, planned).added == 8
    assert plan(any_house, Request("budget")).survey.total == 0


@pytest.mark.usefixtures("budget")
def test_staff_choose_channels_lists_and_how_many(house: House) -> None:
    add_list(house, "rents")
    add_people(house, 4, lists=["rents"])
    planned = plan(house, Request("budget", channels=(EMAIL,), lists=("rents",), limit=2))
    assert list(planned.survey.channels) == [EMAIL]
    assert planned.survey.total == 2
    assert planned.opening.choice.lists == ("rents",)


def test_with_real_senders_the_alert_is_real(
    open_house_with: OpenHouse, budget: Request, smtp_server: SmtpServer, fake_twilio: TwilioServer
) -> None:
    house = open_house_with(email_url=smtp_server.url, sms_url=fake_twilio.url, **WHO)
    planned = plan(house, budget)
    assert (planned.opening.practice, planned.opening.practice_channels) == (False, "")
    assert planned.senders[EMAIL] == f"SMTP relay 127.0.0.1:{smtp_server.port}"
    assert planned.senders[SMS].startswith("Twilio")
    assert planned.frozen.organisation.name == "Tenants United"
    assert not smtp_server.received
    assert not fake_twilio.texts


def test_with_one_real_sender_the_other_channel_is_named_as_practice(
    open_house_with: OpenHouse, budget: Request, smtp_server: SmtpServer
) -> None:
    planned = plan(open_house_with(email_url=smtp_server.url, **WHO), budget)
    assert (planned.opening.practice, planned.opening.practice_channels) == (False, "sms")


def test_a_practice_alert_and_the_real_one_after_it_are_two(
    house: House, open_house_with: OpenHouse, budget: Request, smtp_server: SmtpServer
) -> None:
    by_email = replace(budget, channels=(EMAIL,))
    practised = carry_out(house, plan(house, by_email))
    real_house = open_house_with(email_url=smtp_server.url, **WHO)
    real = carry_out(real_house, plan(real_house, by_email))
    assert (practised.alert_id, practised.added, real.alert_id, real.added) == (1, 3, 2, 3)
    with house.db.reading() as session:
        assert [progress(session, alert).practice for alert in (1, 2)] == [True, False]


@pytest.mark.parametrize("missing", WHO)
def test_real_messages_are_refused_without_saying_who_we_are(
    open_house_with: OpenHouse, budget: Request, smtp_server: SmtpServer, missing: str
) -> None:
    who = {name: value for name, value in WHO.items() if name != missing}
    with pytest.raises(WrongSettings, match=f"DISPATCH_{missing.upper()}"):
        plan(open_house_with(email_url=smtp_server.url, **who), budget)


def test_a_relay_that_is_not_there_is_refused_before_anything_is_opened(
    open_house_with: OpenHouse, budget: Request
) -> None:
    house = open_house_with(email_url="smtp://127.0.0.1:1", **WHO)
    with pytest.raises(SenderNotReady, match=r"SMTP relay 127\.0\.0\.1:1"):
        plan(house, budget)


def test_a_channel_without_any_words_is_refused(house: House, tmp_path: Path) -> None:
    add_list(house)
    write_campaign(tmp_path, channels=[SMS])
    with pytest.raises(BrokenCampaign, match=r"nothing to send by email: add subject\.txt, body\.html and"):
        plan(house, Request("budget", channels=(EMAIL,)))
    write_campaign(tmp_path, "letters", channels=[EMAIL])
    with pytest.raises(BrokenCampaign, match=r"nothing to send by sms: add sms\.txt, or choose"):
        plan(house, Request("letters", channels=(SMS,)))


def test_an_unknown_campaign_is_refused_with_the_nearest_name(house: House) -> None:
    with pytest.raises(UnknownCampaign, match="Did you mean daca"):
        plan(house, Request("dacca"))


def test_a_plan_names_the_alert_that_it_continues(house: House, budget: Request) -> None:
    carry_out(house, plan(house, budget))
    add_people(house, 1)
    planned = plan(house, budget)
    assert (planned.alert_id, planned.survey.total) == (1, 2)
    assert planned.survey.channels[EMAIL].left_out == {"has it already": 3}
    again = plan(house, Request("budget", again="next"))
    assert (again.alert_id, again.survey.total) == (None, 8)


def test_what_could_not_be_continued_is_refused_before_the_question(
    house: House, budget: Request, tmp_path: Path
) -> None:
    carry_out(house, plan(house, budget))
    with pytest.raises(StartsOtherwise):
        plan(house, Request("budget", starts_at=house.db.now() + timedelta(hours=1)))
    (write_campaign(tmp_path) / "sms.txt").write_text("ICIRR: corrected. Reply STOP to stop.")
    with pytest.raises(ContentChanged, match=r"\+ICIRR: corrected"):
        plan(house, budget)
    with house.db.transaction() as session:
        pause(session, 1)
    with pytest.raises(AlertNotRunning, match="dispatch resume 1"):
        plan(house, budget)


def test_a_deadline_that_the_last_message_would_miss_is_told(
    open_house_with: OpenHouse, tmp_path: Path
) -> None:
    house = open_house_with(rate_email="1/m")
    add_list(house)
    add_people(house, 30, channels=[EMAIL])
    early, late = (house.db.now() + timedelta(minutes=minutes) for minutes in (20, 40))
    assert not planned_with_deadline(house, tmp_path, None).misses_deadline
    assert not planned_with_deadline(house, tmp_path, late).misses_deadline
    planned = planned_with_deadline(house, tmp_path, early)
    assert planned.misses_deadline
    assert planned.last_departure
    assert early < planned.last_departure < late


def planned_with_deadline(house: House, folder: Path, deadline: datetime | None) -> Plan:
    write_campaign(folder, deadline=deadline)
    return plan(house, Request("budget"))


def test_nobody_misses_no_deadline(house: House, tmp_path: Path) -> None:
    add_list(house)
    planned = planned_with_deadline(house, tmp_path, datetime(2099, 1, 1, tzinfo=UTC))
    assert (planned.last_departure, planned.misses_deadline) == (None, False)


def test_departures_are_told_from_the_time_of_a_later_start(
    open_house_with: OpenHouse, fake_twilio: TwilioServer, tmp_path: Path
) -> None:
    house = open_house_with(sms_url=fake_twilio.url, **WHO)
    add_list(house)
    add_people(house, 2, channels=[SMS], quiet_zones="Pacific/Honolulu")
    write_campaign(tmp_path)
    night = datetime(2030, 12, 1, 12, 0, tzinfo=UTC)  # 2 am in Honolulu
    planned = plan(house, Request("budget", channels=(SMS,), starts_at=night))
    departures = planned.survey.channels[SMS].departures
    assert departures
    assert departures.first == night + timedelta(hours=6)
