"""Retention sees to every duty, a small transaction a time, and stops for a hold or when its time is up."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from people import add_list, add_person
from sqlalchemy import func, select

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import ProviderEvent, SignOff, StopTold, Strike, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.events import EventKind
from dispatcher.usecases.forget import forget
from dispatcher.usecases.hold import begin_hold, end_hold
from dispatcher.usecases.retention.duty import in_words
from dispatcher.usecases.retention.run import Done, forget_held, overview, run

from .conftest import Sent

TOLD = "when a number was told how to stop"


def told(house: House, number: int, days: float) -> None:
    with house.db.transaction() as session:
        then = db_now(-timedelta(days=days).total_seconds())
        session.add_all(StopTold(address_key=b"%016d" % nth, told_at=then) for nth in range(number))


def how_many(house: House, table: type) -> int:
    with house.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_rows_go_when_their_time_has_come(any_house: House) -> None:
    told(any_house, 2, 31)
    with any_house.db.transaction() as session:
        recent = StopTold(address_key=b"r" * 16, told_at=db_now())
        asked = {
            "slug": "budget",
            "language": "pl",
            "channel": Channel.SMS,
            "words_sha256": "",
            "reader": "M.",
        }
        then = db_now(-timedelta(days=400).total_seconds())
        session.add_all([recent, SignOff(**asked, asked_at=then), SignOff(**asked)])
    assert run(any_house).counts == {TOLD: 2, "native speakers' sign-offs": 1}
    assert (how_many(any_house, StopTold), how_many(any_house, SignOff)) == (1, 1)


def test_what_providers_told_goes_after_a_month_and_what_is_younger_stays(house: House) -> None:
    with house.db.transaction() as session:
        for nth, days in enumerate((29, 31)):
            then, key = db_now(-timedelta(days=days).total_seconds()), b"%016d" % nth
            session.add(ProviderEvent(provider="ses", event_key=key, kind=EventKind.DELIVERED, taken_at=then))
            session.add(Strike(channel=Channel.EMAIL, address_key=key, day=date(2026, 3, 4), at=then))
    assert run(house).counts == {"what providers told us": 1, "days on which addresses failed": 1}
    assert (how_many(house, ProviderEvent), how_many(house, Strike)) == (1, 1)


def test_the_overview_says_what_is_due_and_when_the_next_goes(house: House) -> None:
    told(house, 3, 29)
    kind = next(kind for kind in overview(house).kinds if kind.name == TOLD)
    assert (kind.kept, kind.waiting) == ("30 days", 0)
    assert kind.next_at is not None
    assert timedelta(hours=23) < kind.next_at - house.db.now() <= timedelta(days=1)


def test_an_alerts_next_moment_is_shown(house: House, sent: Sent) -> None:
    sent(house, days=80)
    (kind,) = (kind for kind in overview(house).kinds if kind.next_at)
    assert kind.next_at is not None
    assert timedelta(days=9) < kind.next_at - house.db.now() <= timedelta(days=10)


def test_a_worker_has_a_moment_only_and_goes_on_at_the_next_sweep(house: House, sent: Sent) -> None:
    sent(house)
    assert run(house, within=0) == Done({"messages of alerts, with their log": 1}, more=True)
    assert run(house, within=0).counts == {"messages of closed alerts": 6}
    assert run(house, within=0).counts == {"messages of closed alerts": 1}
    assert run(house, within=0) == Done()


def test_nothing_goes_while_a_hold_is_on(any_house: House) -> None:
    told(any_house, 2, 31)
    with any_house.db.transaction() as session:
        begin_hold(session, "a subpoena")
    assert run(any_house) == Done(held=True)
    assert how_many(any_house, StopTold) == 2
    with any_house.db.transaction() as session:
        end_hold(session)
    assert run(any_house).counts == {TOLD: 2}


def test_who_asks_to_be_forgotten_under_a_hold_is_erased_after_it(any_house: House) -> None:
    add_list(any_house)
    maria = add_person(any_house, email="maria@example.org")
    with any_house.db.transaction() as session:
        begin_hold(session, "a subpoena")
        assert forget(session, any_house.keys, str(maria)).held
        assert forget(session, any_house.keys, str(maria)).held  # asked twice
    run(any_house)
    assert how_many(any_house, Subscriber) == 1
    with any_house.db.transaction() as session:
        end_hold(session)
    assert forget_held(any_house) == 1
    assert how_many(any_house, Subscriber) == 0


@pytest.mark.parametrize(
    ("days", "words"), [(1, "a day"), (7, "7 days"), (365, "a year"), (700, "a year"), (1095, "3 years")]
)
def test_how_long_is_said_in_words(days: int, words: str) -> None:
    assert in_words(timedelta(days=days)) == words


def test_files_of_rejected_rows_are_named(house: House) -> None:
    Path("people.rejects.csv").write_text(
        "line,problem,what is wrong,email\n2,syntax,x,maria@\n", "utf-8-sig"
    )
    Path("people.csv").write_text("email\nmaria@example.org\n", "utf-8")
    Path("nobody.csv").mkdir()
    assert [path.name for path in overview(house).rejected_rows] == ["people.rejects.csv"]
