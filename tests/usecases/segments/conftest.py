"""A small town, and who of it a segment means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from importing_desk import Desk
from people import add_list
from sqlalchemy import select, update

from dispatcher.house import House
from dispatcher.models import Subscriber
from dispatcher.usecases.segments import wanted

ATTRIBUTES = (
    '[union]\ntype = "yes_no"\n[age]\ntype = "number"\n[city]\ntype = "text"\n[born]\ntype = "date"\n'
)
PEOPLE = """
    email,phone,first_name,language,zip,tz,union,age,city,born
    ana@example.org,312-555-0101,Ana,es,60608-1234,America/Chicago,yes,17,Park Ridge,2009-05-01
    ben@example.org,,Ben,en,60622,America/Chicago,no,65,chicago,1961-03-02
    cai@example.org,,Cai,zh,,,,,,
    ,312-555-0104,Dov,es-MX,60609,America/New_York,Sí,40,CHICAGO,
    eva@example.org,312-555-0105,Eva,est,06060,,n/a,old,"O'Fallon; DROP TABLE",
"""


@dataclass
class Town:
    """Five people on the list `daca`, by both channels where they have them."""

    house: House
    joined: datetime = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)

    def id_of(self, name: str) -> int:
        """The number of the person of this name."""
        return "Ana Ben Cai Dov Eva".split().index(name) + 1

    def who(self, text: str) -> str:
        """The first names of whom the expression means, in the order in which they came."""
        with self.house.db.reading() as session:
            found = select(Subscriber.first_name).where(wanted(session, text)).order_by(Subscriber.id)
            return " ".join(name or "" for name in session.scalars(found))


def _built(house: House, folder: Path) -> Town:
    (folder / "attributes.toml").write_text(ATTRIBUTES)
    add_list(house)
    town = Town(house)
    Desk(house, folder).bring_with_texts(PEOPLE, keep=("union", "age", "city", "born"))
    with house.db.transaction() as session:
        session.execute(update(Subscriber).values(created_at=town.joined))
    return town


@pytest.fixture
def town(any_house: House, tmp_path: Path) -> Town:
    """The town on SQLite, and again on PostgreSQL."""
    return _built(any_house, tmp_path)


@pytest.fixture
def build_town(house: House, tmp_path: Path) -> Callable[[], Town]:
    """The town on SQLite alone."""
    return lambda: _built(house, tmp_path)
