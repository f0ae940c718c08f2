"""Fill `attribute_values` from people's attributes: as they come; anew when attributes.toml has changed."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from dispatcher.house import House
from dispatcher.models import AttributeValue, Subscriber
from dispatcher.usecases.attributes.keys import name_key, value_key
from dispatcher.usecases.attributes.schema import Attribute, Schema
from dispatcher.usecases.attributes.values import comparable
from dispatcher.usecases.bulk import insert_rows, one_of
from dispatcher.usecases.importing.spellings import plain

_COLUMNS = ("subscriber_id", "name_key", "value_key", "number")
Row = tuple[int, bytes, bytes | None, float | None]
People = Iterable[tuple[int, Mapping[str, str]]]  # each person's id and attributes


@dataclass(slots=True)
class Indexed:
    """What a run over everybody found: people with each attribute, and values that aren't of its type."""

    people: int = 0
    found: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, int] = field(default_factory=dict)


class Indexer:
    """Writes people's attributes in the form that segments ask for; keeps the hashes of common values."""

    def __init__(self, schema: Schema) -> None:
        self._by_spelling = {spelling: one for one in schema.values() for spelling in one.spellings}
        self._names = {name: name_key(name) for name in schema}
        self._columns: dict[str, Attribute | None] = {}
        self.indexed = Indexed(found=dict.fromkeys(schema, 0), unreadable=dict.fromkeys(schema, 0))

    @property
    def has_work(self) -> bool:
        """Whether there are any attributes."""
        return bool(self._by_spelling)

    def write(self, session: Session, people: People, *, known: Sequence[int] = ()) -> None:
        """Write what these people's attributes say; of those `known` already, instead of what was there."""
        if known:
            old = delete(AttributeValue).where(one_of(session, AttributeValue.subscriber_id, known))
            session.execute(old.execution_options(synchronize_session=False))
        rows = [row for person, attributes in people for row in self._rows(person, attributes)]
        insert_rows(session, AttributeValue, _COLUMNS, rows, {})

    def _rows(self, person: int, attributes: Mapping[str, str]) -> Iterator[Row]:
        done: set[str] = set()
        for column, text in attributes.items():
            one = self._attribute(column)
            if one is None or one.name in done:  # called by its name in one file, by its label in another
                continue
            value = comparable(one.type, text)
            if value is None:
                self.indexed.unreadable[one.name] += 1
                continue
            done.add(one.name)
            self.indexed.found[one.name] += 1
            if isinstance(value, str):
                yield person, self._names[one.name], value_key(one.name, value), None
            else:
                yield person, self._names[one.name], None, value

    def _attribute(self, column: str) -> Attribute | None:
        if column not in self._columns:
            self._columns[column] = self._by_spelling.get(plain(column))
        return self._columns[column]


def index_everybody(house: House, schema: Schema, *, at_once: int = 1000) -> Indexed:
    """Write everybody's values anew, so many people at a time, each in a transaction."""
    indexer, last_id = Indexer(schema), 0
    while True:
        with house.db.transaction() as session:
            page = session.execute(
                select(Subscriber.id, Subscriber.attributes)
                .where(Subscriber.id > last_id)
                .order_by(Subscriber.id)
                .limit(at_once)
                .with_for_update()  # an import that changes one of them meanwhile comes after us
            ).all()
            people = [(person, json.loads(kept or "{}")) for person, kept in page]
            indexer.write(session, people, known=[person for person, _ in page])
        indexer.indexed.people += len(page)
        if len(page) < at_once:
            return indexer.indexed
        last_id = page[-1][0]


def count_indexed(session: Session, schema: Schema) -> dict[str, int]:
    """Attribute -> people of whom segments know it."""
    counted = select(AttributeValue.name_key, func.count()).group_by(AttributeValue.name_key)
    found = {bytes(key): number for key, number in session.execute(counted)}
    return {name: found.get(name_key(name), 0) for name in schema}
