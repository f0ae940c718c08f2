"""Files of people, and imports of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from importing_desk import Desk
from people import add_list

from dispatcher.house import House


@pytest.fixture
def desk(any_house: House, tmp_path: Path) -> Desk:
    """A desk on SQLite, and again on PostgreSQL."""
    add_list(any_house)
    return Desk(any_house, tmp_path)


@pytest.fixture
def sqlite_desk(house: House, tmp_path: Path) -> Desk:
    """A desk on SQLite alone, for what no database decides."""
    add_list(house)
    return Desk(house, tmp_path)


@pytest.fixture
def people_file(tmp_path: Path) -> Callable[[bytes | str], Path]:
    """Writes a file called people.csv: text as UTF-8, bytes as they are."""

    def write(content: bytes | str) -> Path:
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
