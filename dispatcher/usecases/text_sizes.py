"""How many segments one language's text takes for each reader: rendered once for all who are alike."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, null
from sqlalchemy.orm import InstrumentedAttribute

from dispatcher.content.context import Person
from dispatcher.content.personal import personal_names
from dispatcher.content.render import Compiled
from dispatcher.errors import RenderFailed
from dispatcher.models import Subscriber

_REMEMBERED = 10_000  # different readers
_OF_A_COLUMN: dict[str, tuple[InstrumentedAttribute[str | None], frozenset[str]]] = {
    "first_name": (Subscriber.first_name, frozenset({"first_name", "name"})),
    "last_name": (Subscriber.last_name, frozenset({"last_name"})),
    "attributes": (Subscriber.attributes, frozenset({"attributes"})),
}
_LINK = frozenset({"leave_url"})
_SAME_LIST = frozenset({"list_name"})  # one alert, one list's name


class Reader(NamedTuple):
    """What of a person can change the size of their text; None where this text doesn't say it."""

    first_name: str | None
    last_name: str | None
    attributes: str | None  # JSON
    leave_url: str | None
    stop_due: bool


class TextSizes:
    """Sizes of one language's text."""

    def __init__(
        self,
        compiled: Compiled,
        language: str,
        list_name: str,
        leave_link: Callable[[int], str],
        *,
        remembers: int = _REMEMBERED,
    ) -> None:
        """`leave_link` gives a subscriber's link to leave; so many readers at most are kept in memory."""
        named = personal_names(compiled.frozen, language)
        known = frozenset().union(_LINK, _SAME_LIST, *(names for _, names in _OF_A_COLUMN.values()))
        self._compiled = compiled
        self._language = language
        self._list_name = list_name
        self._leave_link = leave_link if named & _LINK or named - known else None
        self._columns: list[ColumnElement[Any]] = [
            column.expression if named & names or named - known else null()
            for column, names in _OF_A_COLUMN.values()
        ]
        self._remembers = remembers
        self._known: dict[Reader, int | None] = {}

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """First name, last name, attributes: NULL for what the text doesn't say: it needn't be decrypted."""
        return self._columns

    def reader(
        self, subscriber_id: int, first: str | None, last: str | None, attributes: str | None, *, due: bool
    ) -> Reader:
        """Somebody, by what `columns` gave."""
        link = self._leave_link(subscriber_id) if self._leave_link else None
        return Reader(first, last, attributes, link, due)

    def segments(self, reader: Reader) -> int | None:
        """How many segments their text takes; None when it can't be written for them."""
        if reader not in self._known:
            if len(self._known) >= self._remembers:
                self._known.clear()
            self._known[reader] = self._rendered(reader)
        return self._known[reader]

    def _rendered(self, reader: Reader) -> int | None:
        person = Person(
            message_id=0,
            to="",
            first_name=reader.first_name,
            last_name=reader.last_name,
            language=self._language,
            attributes=json.loads(reader.attributes) if reader.attributes else {},
            leave_url=reader.leave_url or "",
            one_click_url=reader.leave_url or "",
            list_name=self._list_name,
            stop_due=reader.stop_due,
        )
        try:
            return self._compiled.sms(person).segments
        except RenderFailed:
            return None
