"""One alert after another: what a `send` opens, continues, and refuses to continue."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import select

from dispatcher.content.edition import Frozen
from dispatcher.errors import AlertNotRunning, ContentChanged, SenderChanged, StartsOtherwise
from dispatcher.house import House
from dispatcher.models import Alert, Campaign
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.open_alert import edition_of, lay_out_scheduled
from dispatcher.usecases.steer import cancel, correct, pause, resume


@pytest.fixture
def frozen(house: House, tmp_path: Path) -> Frozen:
    """The budget campaign, with two people on its list."""
    return budget(house, tmp_path)


def budget(house: House, folder: Path) -> Frozen:
    add_list(house)
    add_people(house, 2)
    write_campaign(folder)
    return frozen_campaign()


def alert_of(house: House, alert_id: int = 1) -> Alert:
    with house.db.reading() as session:
        return session.get_one(Alert, alert_id)


def test_the_first_send_opens_an_alert_with_its_edition(any_house: House, tmp_path: Path) -> None:
    frozen = replace(budget(any_house, tmp_path), deadline=any_house.db.now())
    opened = send(any_house, opening(frozen))
    alert = alert_of(any_house, opened.alert_id)
    assert (alert.state, alert.name, alert.practice, alert.edition_number) == (
        AlertState.RUNNING,
        "",
        True,
        1,
    )
    assert alert.deadline == frozen.deadline
    assert alert.laid_out_at is not None
    with any_house.db.reading() as session:
        assert edition_of(session, alert) == frozen
        campaign = session.scalars(select(Campaign)).one()
    assert (campaign.slug, campaign.title, campaign.level) == ("budget", "Keep the budget whole", "state")


def test_a_later_send_continues_it_and_keeps_what_it_means(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    add_list(any_house, "rents")
    send(any_house, opening(frozen, channels=[Channel.SMS]))
    first = alert_of(any_house)
    send(any_house, opening(frozen, channels=[Channel.EMAIL], lists=["rents"], fallback=True, limit=1))
    second = alert_of(any_house)
    assert Choice.from_json(second.audience) == Choice(tuple(Channel), ("daca", "rents"), True, 1)
    assert second.laid_out_at == first.laid_out_at


def test_another_campaign_has_alerts_of_its_own(house: House, frozen: Frozen, tmp_path: Path) -> None:
    write_campaign(tmp_path, "rents")
    assert send(house, opening(frozen)).alert_id == 1
    assert send(house, opening(frozen_campaign("rents"))).alert_id == 2
    assert send(house, opening(frozen)).alert_id == 1


def test_only_again_opens_the_next_alert_and_its_name_continues_it(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    send(any_house, opening(frozen))
    again = opening(frozen, again="the vote is tomorrow")
    second = send(any_house, again)
    assert (second.alert_id, second.added) == (2, 4)
    assert alert_of(any_house, 2).name == "the vote is tomorrow"
    assert send(any_house, again).added == 0
    assert send(any_house, opening(frozen)).alert_id == 2  # without a name: the newest


def test_practising_keeps_no_real_alert_from_anybody(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    practised = send(any_house, opening(frozen, practice=True))
    real = send(any_house, opening(frozen, practice=False))
    assert (practised.alert_id, real.alert_id, practised.added, real.added) == (1, 2, 4, 4)
    assert send(any_house, opening(frozen, practice=True)).alert_id == 1


def test_a_channel_that_was_on_practice_and_is_real_now_is_refused(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen, practice=False, practice_channels="sms"))
    with pytest.raises(SenderChanged, match=r"Alert 1 was opened with sms on practice.*--again NAME"):
        send(house, opening(frozen, practice=False))
    send(house, opening(frozen, practice=False, again="next"))
    with pytest.raises(SenderChanged, match="opened with no channel on practice"):
        send(house, opening(frozen, practice=False, practice_channels="sms"))


def test_changed_content_is_refused_with_the_lines_that_differ(
    house: House, frozen: Frozen, tmp_path: Path
) -> None:
    send(house, opening(frozen))
    (write_campaign(tmp_path) / "subject.txt").write_text("Keep the budget hole")
    with pytest.raises(ContentChanged) as refused:
        send(house, opening(frozen_campaign()))
    words = str(refused.value)
    assert "-[en] Keep the budget whole" in words
    assert "+Keep the budget hole" in words
    assert "dispatch resume 1 --corrected" in words
    assert len(messages_of(house)) == 4


def test_after_a_correction_the_corrected_content_goes_on(any_house: House, tmp_path: Path) -> None:
    send(any_house, opening(budget(any_house, tmp_path)))
    (write_campaign(tmp_path) / "subject.txt").write_text("Corrected")
    with any_house.db.transaction() as session:
        correct(session, any_house.settings, 1, frozen_campaign())
    add_people(any_house, 1)
    assert send(any_house, opening(frozen_campaign())).added == 2
    assert {message.edition_number for message in messages_of(any_house)} == {2}


def test_a_paused_alert_says_how_to_go_on(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    with house.db.transaction() as session:
        pause(session, 1)
    with pytest.raises(AlertNotRunning, match=r"Alert 1 is paused\. Go on with `dispatch resume 1`"):
        send(house, opening(frozen))


def test_a_cancelled_alert_says_how_to_open_the_next(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen))
    with house.db.transaction() as session:
        cancel(session, 1)
    with pytest.raises(AlertNotRunning, match=r"Alert 1 is cancelled\. .*--again NAME"):
        send(house, opening(frozen))
    assert send(house, opening(frozen, again="next")).added == 4


def test_a_refused_send_changes_nothing(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    send(any_house, opening(frozen, channels=[Channel.SMS]))
    with pytest.raises(ContentChanged):
        send(any_house, opening(replace(frozen, title="Another", sources={})))
    assert Choice.from_json(alert_of(any_house).audience).channels == (Channel.SMS,)
    with any_house.db.reading() as session:
        assert session.scalars(select(Campaign.title)).one() == "Keep the budget whole"


def test_a_scheduled_alert_has_no_messages_until_its_time_comes(any_house: House, tmp_path: Path) -> None:
    frozen = budget(any_house, tmp_path)
    starts_at = any_house.db.now() + timedelta(hours=1)
    opened = send(any_house, opening(frozen, starts_at=starts_at, limit=2))
    alert = alert_of(any_house)
    assert (opened.added, alert.state, alert.starts_at) == (0, AlertState.SCHEDULED, starts_at)
    assert not messages_of(any_house)
    late = add_people(any_house, 3)
    assert send(any_house, opening(frozen, lists=["daca"])).added == 0  # widens it: everybody, not two
    with any_house.db.transaction() as session:
        assert lay_out_scheduled(session, any_house.settings, 1) == 10
        assert lay_out_scheduled(session, any_house.settings, 1) == 0
    assert alert_of(any_house).state is AlertState.RUNNING
    assert set(late) < {message.subscriber_id for message in messages_of(any_house)}


def test_a_scheduled_alert_that_was_paused_waits(house: House, frozen: Frozen) -> None:
    send(house, opening(frozen, starts_at=house.db.now()))
    with house.db.transaction() as session:
        pause(session, 1)
        assert lay_out_scheduled(session, house.settings, 1) == 0
        resume(session, 1)
        assert lay_out_scheduled(session, house.settings, 1) == 4


def test_a_start_is_not_changed_by_sending_again(house: House, frozen: Frozen) -> None:
    starts_at = house.db.now() + timedelta(hours=1)
    send(house, opening(frozen, starts_at=starts_at))
    assert send(house, opening(frozen, starts_at=starts_at)).added == 0
    with pytest.raises(StartsOtherwise, match=r"Alert 1 is scheduled already; --at"):
        send(house, opening(frozen, starts_at=starts_at + timedelta(hours=1)))


def test_a_running_alert_does_not_take_people_on_now_who_were_meant_for_later(
    house: House, frozen: Frozen
) -> None:
    send(house, opening(frozen))
    add_people(house, 1)
    with pytest.raises(StartsOtherwise, match=r"Alert 1 is running already.*--again NAME"):
        send(house, opening(frozen, starts_at=house.db.now() + timedelta(hours=1)))
    assert len(messages_of(house)) == 4
