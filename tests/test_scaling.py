"""docs/scaling.md: what it says about PostgreSQL is true of our schema."""

import re
from pathlib import Path

import psycopg
import pytest
from campaigns import frozen_campaign, real, send, write_campaign
from people import add_list, add_people
from town import Town

import dispatcher
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from houses import migrate, opened
from servers.postgres import PostgresServer

PAGE = (Path(dispatcher.__file__).parent.parent / "docs" / "scaling.md").read_text(encoding="utf-8")
(BY_MONTH,) = re.findall(r"^```sql\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
AUTOVACUUM = re.findall(r"^ALTER TABLE \w+ SET \(.*\);$", PAGE, re.MULTILINE)


def indexes(connection: psycopg.Connection) -> set[str]:
    """What is indexed in the delivery log, and how."""
    found = connection.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'delivery_log'")
    return {re.sub(r"^.* (?:ONLY )?public\.delivery_log ", "", definition) for (definition,) in found}


def names(connection: psycopg.Connection) -> set[str]:
    """What the delivery log's indexes are called: migrations know them by these names."""
    found = connection.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'delivery_log'")
    return {name for (name,) in found}


def test_the_delivery_log_can_be_partitioned_as_the_page_says(
    postgres: PostgresServer, redis_url: str, tmp_path: Path
) -> None:
    with postgres.database(postgres.template("migrated", migrate)) as url, opened(database_url=url) as house:
        add_list(house)
        write_campaign(tmp_path)
        town = Town(house, Limiter(parse_service_url(redis_url)))
        add_people(house, 5, channels=[Channel.EMAIL])
        send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
        town.turn()
        with psycopg.connect(url, autocommit=True) as connection:
            before = indexes(connection), names(connection)
            connection.execute(BY_MONTH.encode())
            assert (indexes(connection), names(connection)) == before
            months = connection.execute("SELECT count(*) FROM pg_inherits").fetchone()
        add_people(house, 5, channels=[Channel.EMAIL])
        send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
        town.turn()
        assert town.statuses() == {"sent": 10}
        assert len(town.log()) == 10
        assert months
        assert months[0] > 24


@pytest.mark.parametrize("statement", AUTOVACUUM)
def test_the_tables_that_the_page_tunes_are_there(postgres: PostgresServer, statement: str) -> None:
    with (
        postgres.database(postgres.template("migrated", migrate)) as url,
        psycopg.connect(url, autocommit=True) as connection,
    ):
        connection.execute(statement.encode())
