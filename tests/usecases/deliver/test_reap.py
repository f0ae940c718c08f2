"""What a killed worker leaves behind: uncertain ones are said, the others go on, poison ends alone."""

import pytest
from campaigns import frozen_campaign, real, send
from people import add_people
from sqlalchemy import select, update
from town import Town

from dispatcher.channels.base import Outcome, Result
from dispatcher.channels.memory import MemorySender, Point
from dispatcher.db import db_now
from dispatcher.models import Chunk, Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.rendered import Rendered
from dispatcher.usecases import deliver
from dispatcher.usecases.deliver.claim import TRYING, mark_trying
from dispatcher.usecases.deliver.lease import Lease, lease_chunk
from dispatcher.usecases.deliver.pages import occasion_of, read_page
from dispatcher.usecases.deliver.prepare import Ready
from dispatcher.usecases.deliver.settle import Answer, settle


class Killed(BaseException):
    """Stands for kill -9: nothing behind it runs."""


def open_with(town: Town, people: int) -> None:
    add_people(town.house, people, channels=[Channel.EMAIL])
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))


def lose_the_lease(town: Town) -> None:
    with town.house.db.transaction() as session:
        leased = Chunk.lease_token.is_not(None)
        session.execute(update(Chunk).where(leased).values(lease_until=db_now(-1)))


def take(town: Town, seconds: float = 60) -> Lease | None:
    with town.house.db.transaction() as session:
        return lease_chunk(session, Channel.EMAIL, seconds, practice=False)


def kill_in_the_middle(town: Town, after: int) -> None:
    """A worker that dies while its provider has `after` messages already."""

    def die(point: Point, _message: Rendered) -> None:
        if point is Point.TAKEN and len(town.email.taken) == after:
            raise Killed

    town.email = MemorySender(Channel.EMAIL, connections=1, at=die)
    with pytest.raises(Killed):
        town.turn()


def test_what_was_on_its_way_becomes_uncertain_and_the_rest_goes_on(town: Town) -> None:
    open_with(town, 20)
    kill_in_the_middle(town, after=5)
    taken_before = town.email.recipients
    assert town.statuses() == {"sent": 4, "sending": 1, "queued": 15}
    lose_the_lease(town)
    assert deliver.sweep(town.house) == {Channel.EMAIL}
    assert town.statuses() == {"sent": 4, "uncertain": 1, "queued": 15}
    town.email = MemorySender(Channel.EMAIL)
    town.turn()
    assert town.statuses() == {"sent": 19, "uncertain": 1}
    assert len(taken_before) + len(town.email.recipients) == 20
    assert not set(taken_before) & set(town.email.recipients)
    (line,) = [entry for entry in town.log() if entry.status is Status.UNCERTAIN]
    assert line.error == "the worker was lost before the provider's answer was written"


def test_a_lease_that_has_not_run_out_is_left_alone(town: Town) -> None:
    open_with(town, 3)
    assert take(town) is not None
    assert deliver.sweep(town.house) == set()
    assert town.leased() == 1
    assert take(town) is None


def test_a_worker_that_comes_back_late_settles_what_had_been_given_up(town: Town) -> None:
    open_with(town, 1)
    lease = take(town)
    assert lease is not None
    with town.house.db.transaction() as session:
        occasion = occasion_of(session, lease)
        assert occasion is not None
        (due,) = read_page(session, lease, 1, after=0, size=10)
        session.execute(update(Message).values(status=Status.SENDING, attempt=1))
    lose_the_lease(town)
    deliver.sweep(town.house)
    assert town.statuses() == {"uncertain": 1}
    answer = Answer(Ready(due, None), Outcome(due.message_id, Result.ACCEPTED, provider_ref="R1"))
    with town.house.db.transaction() as session:
        settle(session, lease, occasion, [answer])
    assert [(m.status, m.provider_ref) for m in town.messages()] == [(Status.SENT, "R1")]


def test_a_worker_whose_lease_was_taken_over_hands_nothing_over(town: Town) -> None:
    open_with(town, 3)
    others: list[Lease | None] = []

    def reaped_meanwhile(*_: object) -> None:
        if not others:
            lose_the_lease(town)
            deliver.sweep(town.house)
            others.append(take(town))

    town.email = MemorySender(Channel.EMAIL, connections=1, at=reaped_meanwhile)
    assert town.turn() is False
    assert len(town.email.taken) == 1
    assert others[0] is not None
    assert town.leased() == 1  # the other's lease, which we didn't end
    assert town.statuses() == {"sent": 1, "queued": 2}


def test_a_message_that_kills_its_workers_fails_and_the_others_go_on(town: Town) -> None:
    open_with(town, 4)
    for _ in range(2):
        assert take(town) is not None
        lose_the_lease(town)
        deliver.sweep(town.house)
    lease = take(town)
    assert lease is not None
    assert lease.one_by_one
    with town.house.db.transaction() as session:
        culprit = read_page(session, lease, 1, after=0, size=10)[1]
        mark_trying(session, culprit)
    lose_the_lease(town)
    deliver.sweep(town.house)
    while town.turn():
        pass
    assert town.statuses() == {"sent": 3, "failed": 1}
    assert town.status_of(culprit.message_id) is Status.FAILED
    assert "its worker died rendering it" in town.errors()


def test_a_suspected_chunk_that_goes_well_is_suspected_no_longer(town: Town) -> None:
    open_with(town, 4)
    for _ in range(2):
        take(town)
        lose_the_lease(town)
        deliver.sweep(town.house)
    town.stop = lambda: bool(town.email.taken)
    town.turn()
    assert len(town.email.taken) == 1  # one by one
    assert TRYING not in town.errors()
    with town.house.db.reading() as session:
        assert session.scalars(select(Chunk.leases_lost)).one() == 0
