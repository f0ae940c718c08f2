"""A worker's turn: who gets a message, what a provider's answer means, and what waits."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people, add_person, leave, suppress_person
from sqlalchemy import select, update
from time_machine import TimeMachineFixture
from town import REAL, Town

from dispatcher.channels.base import OUT_OF_TIME, Result
from dispatcher.channels.memory import Answer, MemorySender
from dispatcher.channels.smtp import SmtpSender
from dispatcher.channels.smtp_relay import relay_of
from dispatcher.db import db_now
from dispatcher.limiter import Limiter
from dispatcher.models import Alert, DeliveryLogEntry, Message, Subscriber, Suppression
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.rendered import RenderedEmail, RenderedSms
from dispatcher.rules.urls import parse_service_url
from dispatcher.usecases import deliver, steer
from fakes.smtp import SmtpServer


def test_everybody_gets_one_email_and_nothing_stays_leased(town: Town) -> None:
    add_people(town.house, 30)
    send(town.house, real(frozen_campaign()))
    assert town.turn() is False
    assert len(town.email.taken) == len(set(town.email.recipients)) == 30
    assert town.statuses() == {"sent": 30, "queued": 30}  # the texts are another turn's
    assert town.leased() == 0
    assert {entry.status for entry in town.log()} == {Status.SENT}
    assert all(message.attempt == 1 for message in town.messages() if message.status is Status.SENT)


_NIGHT = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)  # 11 pm in Chicago
_DAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)


def test_texts_are_billed_by_their_segments_and_carry_the_time_they_may_be_held(
    town: Town, time_machine: TimeMachineFixture
) -> None:
    add_person(town.house, phone="+13125550101", first_name="Ana", time_zone="America/Chicago")
    send(town.house, real(frozen_campaign(), channels=[Channel.SMS]))
    time_machine.move_to(_DAY, tick=False)
    town.turn(Channel.SMS)
    assert [message.segments for message in town.messages()] == [1]
    (taken,) = town.sms.taken
    assert isinstance(taken, RenderedSms)
    assert taken.valid_for == 11 * 3600 - 300  # until five minutes to 9 pm in Chicago


def test_a_text_waits_for_the_morning(town: Town, time_machine: TimeMachineFixture) -> None:
    add_person(town.house, phone="+13125550101", time_zone="America/Chicago")
    send(town.house, real(frozen_campaign(), channels=[Channel.SMS]))
    time_machine.move_to(_NIGHT, tick=False)
    town.turn(Channel.SMS)
    (message,) = town.messages()
    assert (message.status, message.error) == (Status.QUEUED, "quiet hours")
    assert message.due_at == datetime(2026, 12, 1, 14, 0, tzinfo=UTC)
    assert town.sms.taken == []
    assert town.leased() == 0


def test_a_number_whose_zones_share_no_hour_is_skipped(town: Town, time_machine: TimeMachineFixture) -> None:
    zones = "Pacific/Guam@8-12,America/Chicago@8-12"
    add_person(town.house, phone="+13125550101", quiet_zones=zones)
    send(town.house, real(frozen_campaign(), channels=[Channel.SMS]))
    time_machine.move_to(_DAY, tick=False)
    town.turn(Channel.SMS)
    assert town.errors() == {"no hour suits all the zones that the number may be in"}


def test_who_leaves_between_the_audience_and_the_intent_is_skipped_with_the_reason(town: Town) -> None:
    stays, leaves, stops = add_people(town.house, 3, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    leave(town.house, leaves, Channel.EMAIL)
    suppress_person(town.house, stops, Channel.EMAIL)
    town.turn()
    by_person = {message.subscriber_id: (message.status, message.error) for message in town.messages()}
    assert by_person == {
        stays: (Status.SENT, None),
        leaves: (Status.SKIPPED, "left the list"),
        stops: (Status.SKIPPED, "suppressed"),
    }
    assert len(town.log()) == 3


def test_who_leaves_while_their_email_is_offered_to_the_relay_gets_none(town: Town) -> None:
    *stay, leaves = add_people(town.house, 12, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    leave(town.house, leaves, Channel.EMAIL)
    with SmtpServer(pipelining=True) as server:
        relay = SmtpSender(relay_of(parse_service_url(server.url), 5.0))
        deliver.run(town.house, Channel.EMAIL, {Channel.EMAIL: relay}, town.limiter, lambda: False, 20.0)
        relay.close()
        assert len(server.recipients) == len(set(server.recipients)) == len(stay)
    assert town.statuses() == {"sent": 11, "skipped": 1}


def test_a_person_who_was_removed_is_skipped(town: Town) -> None:
    (person,) = add_people(town.house, 1, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    with town.house.db.transaction() as session:
        session.delete(session.get_one(Subscriber, person))
    town.turn()
    assert [(m.status, m.error) for m in town.messages()] == [(Status.SKIPPED, "no address any more")]


def test_a_template_that_fails_for_one_person_fails_that_message_alone(town: Town, tmp_path: Path) -> None:
    folder = write_campaign(tmp_path, "fragile", channels=[Channel.EMAIL])
    (folder / "body.txt").write_text("{{ attributes.ward }}")
    with_ward, _without = add_people(town.house, 2, channels=[Channel.EMAIL])
    with town.house.db.transaction() as session:
        session.get_one(Subscriber, with_ward).attributes = '{"ward": "12"}'
    send(town.house, real(frozen_campaign("fragile")))
    town.turn()
    assert town.statuses() == {"sent": 1, "failed": 1}
    assert {message.error for message in town.messages()} == {None, "template"}
    assert len(town.email.taken) == 1


@pytest.mark.parametrize(
    ("answer", "status", "suppressed"),
    [
        (Answer(Result.REFUSED, "smtp 550 5.1.1"), Status.BOUNCED, True),
        (Answer(Result.DROPPED, "smtp 554"), Status.FAILED, False),
        (Answer(Result.UNCERTAIN, "timeout"), Status.UNCERTAIN, False),
        (Answer(Result.RETRY, "smtp 451"), Status.QUEUED, False),
        (Answer(Result.SLOW_DOWN, "smtp 421"), Status.QUEUED, False),
    ],
)
def test_an_answer_decides_about_its_message_and_nobody_elses(
    town: Town, answer: Answer, status: Status, suppressed: bool
) -> None:
    one = add_person(town.house, email="one@example.org")
    add_people(town.house, 20, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.email.answer("one@example.org", answer)
    began = datetime.now(UTC)
    while town.turn():  # whom it asked to slow down gets the others slowly
        pass
    theirs = next(message for message in town.messages() if message.subscriber_id == one)
    assert theirs.status is status
    assert theirs.error == answer.code
    assert town.statuses()["sent"] == 20
    with town.house.db.reading() as session:
        assert bool(session.scalars(select(Suppression)).all()) is suppressed
    if status is Status.QUEUED:
        assert theirs.chunk_number is None
        assert theirs.due_at is not None
        assert theirs.due_at > began


def test_a_message_that_was_put_back_goes_again_when_it_is_due(town: Town) -> None:
    add_person(town.house, email="one@example.org")
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.email.answer("one@example.org", Answer(Result.RETRY, "smtp 451"))
    town.turn()
    assert deliver.sweep(town.house) == set()  # not due yet
    make_due(town)
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    town.turn()
    assert town.statuses() == {"sent": 1}
    assert [(entry.status, entry.attempt) for entry in town.log()] == [(Status.QUEUED, 1), (Status.SENT, 2)]
    (taken,) = town.email.taken
    assert isinstance(taken, RenderedEmail)
    assert taken.reference.startswith(f"{taken.message_id}.")  # the same on every attempt: see test_render


def make_due(town: Town) -> None:
    with town.house.db.transaction() as session:
        session.execute(update(Message).where(Message.due_at.is_not(None)).values(due_at=db_now(-1)))


def test_a_message_is_given_up_after_two_days_of_trying(town: Town) -> None:
    add_person(town.house, email="one@example.org")
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.email.answer("one@example.org", *[Answer(Result.RETRY, "smtp 451")] * 2)
    town.turn()
    with town.house.db.transaction() as session:
        session.execute(update(DeliveryLogEntry).values(at=db_now(-48 * 3600)))
    make_due(town)
    deliver.sweep(town.house)
    town.turn()
    assert [(m.status, m.error) for m in town.messages()] == [
        (Status.FAILED, "tried for 48 hours (smtp 451)")
    ]


def test_our_own_fault_pauses_the_alert_and_loses_nobody(town: Town) -> None:
    people = add_people(town.house, 40, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    first = person_email(town, people[0])
    town.email.answer(first, Answer(Result.BROKEN, "smtp 535", "authentication failed"))
    town.turn()
    with town.house.db.reading() as session:
        alert = session.scalars(select(Alert)).one()
    assert alert.state is AlertState.PAUSED
    assert "smtp 535: authentication failed" in alert.state_reason
    assert "resume" in alert.state_reason
    statuses = town.statuses()
    assert statuses.keys() == {"sent", "queued"}
    assert statuses["sent"] < 2 * town.email.connections  # what was on its way beside it, or about to be
    with town.house.db.transaction() as session:
        steer.resume(session, alert.id)
    make_due(town)
    deliver.sweep(town.house)
    town.turn()
    assert town.statuses() == {"sent": 40}
    assert len(set(town.email.recipients)) == 40


def person_email(town: Town, person: int) -> str:
    with town.house.db.reading() as session:
        return str(session.get_one(Subscriber, person).email)


def test_an_answer_of_our_own_fault_after_a_cancellation_changes_no_state(town: Town) -> None:
    people = add_people(town.house, 3, channels=[Channel.EMAIL])
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.email.answer(person_email(town, people[0]), Answer(Result.BROKEN, "smtp 535"))

    def cancel_at_the_first(*_: object) -> None:
        with town.house.db.transaction() as session:
            steer.cancel(session, opened.alert_id)

    town.email = MemorySender(Channel.EMAIL, connections=1, at=cancel_at_the_first)
    town.email.answer(person_email(town, people[0]), Answer(Result.BROKEN, "smtp 535"))
    town.turn()
    with town.house.db.reading() as session:
        assert session.scalars(select(Alert.state)).one() is AlertState.CANCELLED


def test_a_provider_that_cannot_be_reached_is_left_alone_for_a_while(town: Town) -> None:
    people = add_people(town.house, 40, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    for person in people:
        town.email.answer(person_email(town, person), Answer(Result.RETRY, "unreachable"))
    assert town.turn() is False
    assert sum(message.attempt for message in town.messages()) == town.email.connections
    assert town.statuses() == {"queued": 40}


def test_a_pause_holds_from_the_next_mini_batch_on(town: Town) -> None:
    add_people(town.house, 30, channels=[Channel.EMAIL])
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))

    def pause_at_the_fourth(*_: object) -> None:
        if len(town.email.taken) == 4:
            with town.house.db.transaction() as session:
                steer.pause(session, opened.alert_id)

    town.email = MemorySender(Channel.EMAIL, connections=1, at=pause_at_the_fourth)
    assert town.turn() is False
    assert town.statuses() == {"sent": 4, "queued": 26}
    assert town.leased() == 0


def test_nothing_of_a_paused_alert_is_looked_at(town: Town) -> None:
    add_people(town.house, 3, channels=[Channel.EMAIL])
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    with town.house.db.transaction() as session:
        steer.pause(session, opened.alert_id)
    assert town.turn() is False
    assert town.email.taken == []
    assert deliver.sweep(town.house) == set()


def test_a_worker_that_is_stopping_finishes_its_mini_batch_and_gives_the_lease_back(town: Town) -> None:
    add_people(town.house, 30, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.stop = lambda: bool(town.email.taken)
    assert town.turn() is True  # there is more, for somebody else
    assert town.statuses() == {"sent": 8, "queued": 22}
    assert town.leased() == 0


def test_a_corrected_edition_reaches_those_still_queued(town: Town, tmp_path: Path) -> None:
    add_people(town.house, 16, channels=[Channel.EMAIL])
    opened = send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    (tmp_path / "templates/campaigns/budget/subject.txt").write_text("Corrected")

    def correct_in_the_middle(*_: object) -> None:
        if len(town.email.taken) == 1:
            with town.house.db.transaction() as session:
                steer.correct(session, town.house.settings, opened.alert_id, frozen_campaign())

    town.email = MemorySender(Channel.EMAIL, connections=2, at=correct_in_the_middle)
    while town.turn():
        pass
    subjects = [b"Corrected" in sent.mime for sent in town.email.taken]  # type: ignore[union-attr]
    assert len(subjects) == 16
    assert 0 < sum(subjects) < 16
    assert len(set(town.email.recipients)) == 16


def test_practice_addresses_never_reach_a_real_provider(town: Town) -> None:
    add_people(town.house, 2, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.email = MemorySender(Channel.EMAIL, beyond_loopback=True)
    town.turn()
    assert town.email.taken == []
    assert town.errors() == {"an address for practice"}


def test_nothing_leaves_after_the_deadline(town: Town, tmp_path: Path) -> None:
    write_campaign(
        tmp_path, "late", deadline=datetime.now(UTC) + timedelta(hours=1), channels=[Channel.EMAIL]
    )
    add_people(town.house, 3, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign("late")))
    with town.house.db.transaction() as session:
        session.execute(update(Alert).values(deadline=db_now(-1)))
    town.turn()
    assert town.errors() == {"the deadline had passed"}
    assert town.email.taken == []


def test_a_limit_is_kept_within_a_turn(
    open_house_with: OpenHouse, redis_url: str, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, rate_email="5/s")
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 40, channels=[Channel.EMAIL])
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town = Town(house, Limiter(parse_service_url(redis_url)))
    assert town.turn(seconds=3) is True
    assert 1 <= len(town.email.taken) <= 5 * 5  # a slot each 0.2 s; the turn ends with the mini-batch in hand
    assert town.statuses() == {"sent": len(town.email.taken), "queued": 40 - len(town.email.taken)}


def test_without_the_limiter_nothing_leaves_and_the_chunk_is_given_back(
    open_house_with: OpenHouse, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, rate_email="5/s")
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 3, channels=[Channel.EMAIL])
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town = Town(house, Limiter(parse_service_url(f"redis+socket://{tmp_path}/nobody.sock")))
    assert town.turn(seconds=0.5) is True
    assert town.statuses() == {"queued": 3}
    assert town.leased() == 0


def test_a_limited_domain_waits_by_its_chunk_and_the_others_go_on(
    open_house_with: OpenHouse, redis_url: str, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, rate_domains="slow.example=20/m")
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 20, channels=[Channel.EMAIL], domain="slow.example")
    add_people(house, 20, channels=[Channel.EMAIL], domain="quick.example")
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town = Town(house, Limiter(parse_service_url(redis_url)))
    assert town.turn() is False
    domains = [recipient.partition("@")[2] for recipient in town.email.recipients]
    assert domains.count("quick.example") == 20
    assert domains.count("slow.example") <= 2
    assert town.leased() == 0


def test_a_message_that_was_not_begun_in_time_is_due_again_at_once(town: Town) -> None:
    add_person(town.house, email="one@example.org")
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town.email.answer("one@example.org", Answer(Result.RETRY, OUT_OF_TIME))
    town.turn()
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    town.turn()
    assert town.statuses() == {"sent": 1}


def test_results_are_written_before_a_long_wait_for_a_limit(
    open_house_with: OpenHouse, redis_url: str, any_database_url: str, tmp_path: Path
) -> None:
    house = open_house_with(database_url=any_database_url, rate_email="30/m")
    add_list(house)
    write_campaign(tmp_path)
    add_people(house, 3, channels=[Channel.EMAIL])
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    town = Town(house, Limiter(parse_service_url(redis_url)))
    town.stop = lambda: "sent" in town.statuses()
    town.turn()
    assert len(town.email.taken) == 1  # else it would have gone on to the second
    assert town.statuses() == {"sent": 1, "queued": 2}


def test_practice_and_real_alerts_are_sent_by_their_own_kind_of_sender_alone(town: Town) -> None:
    add_people(town.house, 3)
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    send(town.house, opening(frozen_campaign()))
    town.turn()
    assert len(town.email.taken) == 3  # the real alert's
    assert town.statuses() == {"sent": 3, "queued": 6}
    assert deliver.idle(town.house, REAL)
    assert not deliver.idle(town.house, dict.fromkeys(Channel, True))
    town.email = MemorySender(Channel.EMAIL)
    town.email.practice = True
    town.turn()
    assert len(town.email.taken) == 3  # the practice alert's
    assert town.statuses() == {"sent": 6, "queued": 3}


def test_a_channel_that_only_practised_stays_practice(town: Town) -> None:
    add_people(town.house, 2)
    send(town.house, real(frozen_campaign(), practice_channels="sms"))
    town.turn()
    assert town.turn(Channel.SMS) is False
    assert town.sms.taken == []
    assert town.statuses() == {"sent": 2, "queued": 2}
    town.sms.practice = True
    town.turn(Channel.SMS)
    assert town.statuses() == {"sent": 4}
