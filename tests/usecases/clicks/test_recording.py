"""Visits are counted, and kept beside their message where they name one."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import select, update

from dispatcher.house import House
from dispatcher.models import Message, ShortLink, Visit
from dispatcher.rules.alert import Channel
from dispatcher.rules.visits import ACTION, PICTURE, Visitor
from dispatcher.usecases.clicks.recording import Opened, record_visits
from dispatcher.usecases.clicks.tally import AlertClicks, clicks_of

PERSON, MACHINE = Visitor.PERSON, Visitor.MACHINE
SENT = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
LATER = SENT + timedelta(minutes=5)
BODY = "".join(f'<a href="https://example.org/{n}">Page {n}</a>' for n in (1, 2, 3))


@pytest.fixture
def sent(open_house_with: OpenHouse, any_database_url: str, tmp_path: Path) -> House:
    """Two people's emails, sent at noon, with an action, three more links, and the picture."""
    house = open_house_with(database_url=any_database_url, public_url="https://go.example.org")
    add_list(house)
    add_people(house, 2, channels=[Channel.EMAIL])
    folder = write_campaign(tmp_path, channels=[Channel.EMAIL])
    with (folder / "body.html").open("a") as body:
        body.write(BODY)
    with (folder / "campaign.toml").open("a") as facts:
        facts.write("count_opens = true\n")
    send(house, opening(frozen_campaign()))
    with house.db.transaction() as session:
        session.execute(update(Message).values(changed_at=SENT))
    return house


def link(house: House, place: int) -> int:
    with house.db.reading() as session:
        return session.scalars(select(ShortLink.id).where(ShortLink.place == place)).one()


def visit(house: House, *visits: tuple[int, Visitor, datetime] | tuple[int, Visitor, datetime, int]) -> None:
    """Note visits of a place, by a visitor, at a moment, in a message."""
    with house.db.transaction() as session:
        record_visits(session, [Opened(link(house, place), *rest) for place, *rest in visits])  # type: ignore[arg-type]


def tally(house: House) -> AlertClicks:
    with house.db.reading() as session:
        return clicks_of(session, 1)


def counts(house: House) -> dict[int, tuple[int, int]]:
    return {one.place: (one.by_people, one.by_machines) for one in tally(house).links}


def kept(house: House) -> Sequence[tuple[int, int, Visitor]]:
    with house.db.reading() as session:
        rows = session.execute(
            select(Visit.message_id, ShortLink.place, Visit.visitor)
            .join(ShortLink, ShortLink.id == Visit.link_id)
            .order_by(Visit.message_id, ShortLink.place)
        )
        return [(message, place, visitor) for message, place, visitor in rows]


def test_people_and_machines_are_counted_apart(sent: House) -> None:
    visit(
        sent, (ACTION, PERSON, LATER), (ACTION, PERSON, LATER), (ACTION, MACHINE, LATER), (2, PERSON, LATER)
    )
    assert counts(sent) == {PICTURE: (0, 0), ACTION: (2, 1), 1: (0, 0), 2: (1, 0), 3: (0, 0)}
    assert (tally(sent).by_people, tally(sent).people) == (3, 0)
    assert kept(sent) == []


def test_a_message_keeps_its_first_visit_and_a_persons_before_a_machines(sent: House) -> None:
    visit(sent, (ACTION, MACHINE, LATER, 1), (PICTURE, PERSON, LATER, 2))
    visit(sent, (ACTION, PERSON, LATER + timedelta(hours=1), 1))
    visit(sent, (ACTION, MACHINE, LATER + timedelta(hours=2), 1))
    assert kept(sent) == [(1, ACTION, PERSON), (2, PICTURE, PERSON)]
    assert counts(sent)[ACTION] == (1, 2)
    assert (tally(sent).by_people, tally(sent).people) == (1, 1)


def test_a_visit_seconds_after_the_message_was_handed_over_is_a_machines(sent: House) -> None:
    visit(sent, (ACTION, PERSON, SENT + timedelta(seconds=4), 1))
    assert kept(sent) == [(1, ACTION, MACHINE)]
    assert counts(sent)[ACTION] == (0, 1)


def test_all_links_at_once_are_a_scanners_also_those_already_counted(sent: House) -> None:
    visit(sent, (1, PERSON, LATER, 1), (1, PERSON, LATER, 2))
    visit(sent, (2, PERSON, LATER + timedelta(seconds=1), 1), (PICTURE, PERSON, LATER, 1))
    assert counts(sent)[1] == (2, 0)
    visit(sent, (3, PERSON, LATER + timedelta(seconds=2), 1))
    visit(sent, (ACTION, PERSON, LATER + timedelta(seconds=2), 1))
    assert kept(sent) == [
        (1, PICTURE, PERSON),
        *((1, place, MACHINE) for place in (ACTION, 1, 2, 3)),
        (2, 1, PERSON),
    ]
    assert counts(sent) == {PICTURE: (1, 0), ACTION: (0, 1), 1: (1, 1), 2: (0, 1), 3: (0, 1)}


def test_a_message_that_the_link_does_not_stand_in_is_not_believed(sent: House) -> None:
    visit(sent, (ACTION, PERSON, LATER, 4711))
    assert kept(sent) == []
    assert counts(sent)[ACTION] == (1, 0)


def test_visits_go_with_their_message_and_the_counts_stay(sent: House) -> None:
    visit(sent, (ACTION, PERSON, LATER, 1))
    with sent.db.transaction() as session:
        session.delete(session.get(Message, 1))
    assert kept(sent) == []
    assert counts(sent)[ACTION] == (1, 0)
