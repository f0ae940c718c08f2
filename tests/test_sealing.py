"""A database that knew lists and campaigns by name is sealed, both ways, and nothing stays behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, func, select, text

from dispatcher.db import Database
from dispatcher.errors import WrongDataKey
from dispatcher.keyring import Keyring
from dispatcher.models import (
    Alert,
    ConsentEvent,
    Disclosure,
    Edition,
    ImportBatch,
    JournalEntry,
    List,
    ShortLink,
    SignOff,
    Suppression,
)
from dispatcher.rules.journal import Highest, LaidOut, read_facts
from dispatcher.settings import Settings, load_settings
from dispatcher.usecases.journal.names import opened
from dispatcher.usecases.migrate import alembic_config, upgrade
from dispatcher.usecases.rewriting import rewrite, tables_left_behind
from houses import DATA_KEY

KEYS = Keyring(DATA_KEY)
AT = "2026-05-12 20:30:00.000000"
JOURNAL = [["laid_out", 1, AT, "xylodaca", "Xylo two", False, 6], ["highest", "alerts", 1]]
_AN_ALERT = "campaign_id, state, state_reason, practice_channels, edition_number, audience, chunk_count"
_ITS = """1, 'paused', 'xylo refused', '', 1, '{"lists": ["xylodaca"]}', 0"""
# As release 0004 kept it; each row ends with its moment.
ROWS = (
    ("lists", "id, slug, public_name, sensitive, created_at", "7, 'xylodaca', 'Xylo alerts ¡sí!', true"),
    ("campaigns", "id, slug, title, level, created_at", "1, 'xylodaca', 'Keep Xylo', 'federal'"),
    ("disclosures", "sha256, words, created_at", "'xylosum', 'Xylo words'"),
    ("alerts", f"id, name, practice, {_AN_ALERT}, created_at", f"1, '', false, {_ITS}"),
    ("alerts", f"id, name, practice, {_AN_ALERT}, created_at", f"2, 'Xylo two', false, {_ITS}"),
    ("alerts", f"id, name, practice, {_AN_ALERT}, created_at", f"9, '', true, {_ITS}"),
    ("editions", "alert_id, number, sha256, content, created_at", f"1, 1, 'xylosum', '{'xylo ' * 9000}'"),
    ("short_links", "edition_id, language, url, created_at", "1, 'en', 'https://p2a.co/xylo'"),
    (
        "sign_offs",
        "slug, language, channel, words_sha256, reader, asked_at",
        "'xylodaca', 'es', 'sms', 'x', 'M.'",
    ),
    (
        "import_batches",
        "file_name, list_id, source, counts, created_at",
        "'xylo.csv', 7, 'xylo rally', '{}'",
    ),
)


def fill(connection: Connection) -> None:
    for table, names, values in ROWS:
        words = values.replace("%", "%%").replace(":", "\\:")
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({words}, '{AT}')"))
    of_people = "(channel, address_key, reason, source, created_at)"
    connection.execute(
        text(f"INSERT INTO suppressions {of_people} VALUES ('sms', :key, 'stop', :source, '{AT}')"),
        [
            {"key": bytes([n]) * 16, "source": source}
            for n, source in enumerate(("text XYLO", "", "text XYLO"))
        ],
    )
    of_acts = "(list_id, channel, address_key, act, source, at)"
    connection.execute(
        text(f"INSERT INTO consent_events {of_acts} VALUES (7, 'sms', :key, 'joined', :source, '{AT}')"),
        [{"key": b"k" * 16, "source": f"xylo {n % 450}"} for n in range(900)],
    )
    connection.execute(
        text(f"INSERT INTO journal_entries (mark, at, host, words) VALUES (:mark, '{AT}', 'web', :words)"),
        {"mark": b"markmark", "words": json.dumps(JOURNAL, separators=(",", ":"))},
    )
    connection.execute(text("DELETE FROM alerts WHERE id = 9"))
    key = f"INSERT INTO installation (data_key_fingerprint, created_at) VALUES ('{KEYS.fingerprint}', '{AT}')"
    connection.execute(text(key))


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'old.db'}" if on_sqlite else request.getfixturevalue("postgres_url")
    return load_settings(database_url=url, data_key=DATA_KEY)


@pytest.fixture
def old(settings: Settings) -> Iterator[Database]:
    """A database of the release before, in which much says what a list is about."""
    database = Database(settings, KEYS)
    with database.migrating() as connection:
        command.upgrade(alembic_config(connection), "0004")
        fill(connection)
    yield database
    database.close()


def everything_kept(database: Database) -> bytes:
    """The bytes of SQLite's files; of PostgreSQL every row as text and as the text of its bytes."""
    if database.sqlite:
        file = Path(database_url_of(database))
        return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
    with database.reading() as session:
        tables = session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        rows = [row for t in tables for row in session.scalars(text(f"SELECT CAST({t} AS text) FROM {t}"))]
    return "\n".join(rows).encode()


def database_url_of(database: Database) -> str:
    return database.url.database or ""


def says_xylo(database: Database) -> bool:
    kept = everything_kept(database).lower()
    assert b"journal_entries" in kept or b"markmark".hex().encode() in kept  # so this is where the rows are
    return b"xylo" in kept or b"xylo".hex().encode() in kept


def test_what_names_a_list_is_sealed_and_nothing_of_it_stays_in_the_files(
    old: Database, settings: Settings
) -> None:
    assert says_xylo(old)
    old.close()
    new = upgrade(settings, KEYS, to="0005")
    assert not says_xylo(new)
    with new.reading() as session:
        sealed = session.execute(select(List.id, List.slug, List.public_name)).one()
        assert sealed == (7, "xylodaca", "Xylo alerts ¡sí!")
        assert session.scalars(select(Alert.name).order_by(Alert.id)).all() == ["", "Xylo two"]
        assert session.scalars(select(Alert.id).where(Alert.name == "")).all() == [1]
        assert len(session.scalars(select(Edition.content)).one()) == 45_000
        assert session.scalars(select(ShortLink.id).where(ShortLink.url == "https://p2a.co/xylo")).one() == 1
        assert session.scalars(select(SignOff.words_sha256).where(SignOff.slug == "xylodaca")).one() == "x"
        assert session.scalars(select(ImportBatch.source)).one() == "xylo rally"
        assert session.scalars(select(Disclosure.words)).one() == "Xylo words"
        assert sorted(session.scalars(select(Suppression.source))) == ["", "text XYLO", "text XYLO"]
        of_source = select(func.count()).where(ConsentEvent.source == "xylo 449")
        assert session.scalar(of_source) == 2
        if new.sqlite:  # the table was made anew: numbers that were given out before aren't given again
            table = session.scalars(text("SELECT sql FROM sqlite_master WHERE name = 'alerts'")).one()
            assert "AUTOINCREMENT" in table
            assert session.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = 'alerts'")) == 9
        laid_out, highest = read_facts(session.scalars(select(JournalEntry.words)).one())
    assert isinstance(laid_out, LaidOut)
    assert opened(laid_out) == LaidOut(1, AT, "xylodaca", "Xylo two", practice=False, messages=6)
    assert highest == Highest("alerts", 1)
    new.close()


def test_going_back_brings_the_names_back(old: Database, settings: Settings) -> None:
    tables = [table for table, *_ in ROWS] + ["suppressions", "consent_events", "journal_entries"]
    with old.reading() as session:
        before = {t: sorted(map(str, session.execute(text(f"SELECT * FROM {t}")))) for t in tables}
    old.close()
    new = upgrade(settings, KEYS, to="0005")
    with new.migrating() as connection:
        command.downgrade(alembic_config(connection), "0004")
    with new.reading() as session:
        assert {t: sorted(map(str, session.execute(text(f"SELECT * FROM {t}")))) for t in tables} == before
    new.close()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_wrong_key_is_refused_before_anything_is_sealed(old: Database, settings: Settings) -> None:
    with pytest.raises(WrongDataKey):
        upgrade(settings, Keyring("another key that is as long as it has to be"))
    with old.reading() as session:
        assert session.scalar(text("SELECT slug FROM lists")) == "xylodaca"
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "0004"


def test_only_who_crosses_the_sealing_has_anything_left_behind() -> None:
    assert "lists" in tables_left_behind("0004", "0011")
    assert tables_left_behind("0005", "0011") == tables_left_behind(None, "0011") == []
    assert tables_left_behind("0002", "0004") == tables_left_behind("0004", None) == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_where_nothing_was_left_behind_nothing_is_written_anew(old: Database) -> None:
    before = everything_kept(old)
    rewrite(old, [])
    assert everything_kept(old) == before
