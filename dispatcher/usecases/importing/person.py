"""A subscriber while an import looks at them: what a row changes, and what it must leave alone."""

import json
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Self

from dispatcher.addresses import quiet_zones_for
from dispatcher.usecases.importing.cells import RowPerson
from dispatcher.usecases.importing.rejecting import RowFault, RowRejected

# Rows say these as they are; addresses and attributes have rules of their own.
_PLAIN_FIELDS = ("first_name", "last_name", "language", "time_zone", "postal_code")
STORED = (  # in the order of a Person's fields
    *("email", "email_key", "email_domain", "phone", "phone_key"),
    *("first_name", "last_name", "attributes", "language", "time_zone", "quiet_zones", "postal_code"),
)
DEFAULT_LANGUAGE = "en"
_stored = attrgetter(*STORED)
_ATTRIBUTES = STORED.index("attributes")


@dataclass(slots=True, eq=False)
class Person:
    """A subscriber as the batch sees it. `id` is None until it is written."""

    id: int | None = None
    email: str | None = field(default=None, repr=False)
    email_key: bytes | None = None
    email_domain: str | None = None
    phone: str | None = field(default=None, repr=False)
    phone_key: bytes | None = None
    first_name: str | None = field(default=None, repr=False)
    last_name: str | None = field(default=None, repr=False)
    attributes: dict[str, str] = field(default_factory=dict, repr=False)
    language: str = DEFAULT_LANGUAGE
    time_zone: str | None = None
    quiet_zones: str | None = None
    postal_code: str | None = None
    seen: bool = False  # a row of this file was theirs already
    changed: bool = False

    @classmethod
    def known(cls, person_id: int, *stored: Any) -> Self:
        """Somebody who is here, from the values of the columns STORED."""
        values = list(stored)
        values[_ATTRIBUTES] = json.loads(values[_ATTRIBUTES]) if values[_ATTRIBUTES] else {}
        return cls(person_id, *values)

    @classmethod
    def new(cls, row: RowPerson) -> Self:
        """Somebody who comes with this row: what `take` would make of nobody, in a third of the time."""
        return cls(
            None,
            row.email.address if row.email else None,
            row.email_key,
            row.email.domain if row.email else None,
            row.phone,
            row.phone_key,
            row.first_name,
            row.last_name,
            dict(row.attributes),
            row.language or DEFAULT_LANGUAGE,
            row.time_zone,
            quiet_zones_for(row.time_zone, row.postal_code, row.phone) if row.phone else None,
            row.postal_code,
        )

    def take(self, row: RowPerson) -> bool:
        """Apply what the row says; whether anything changed. Blank cells erase nothing."""
        before = (self.phone_key, self.time_zone, self.postal_code)
        changed = self._take_email(row) | self._take_phone(row)
        for name in _PLAIN_FIELDS:
            changed |= self._take(name, getattr(row, name))
        attributes = row.attributes | self.attributes if self.seen else self.attributes | row.attributes
        if attributes != self.attributes:
            self.attributes = attributes
            changed = True
        if self.phone and (
            self.quiet_zones is None or before != (self.phone_key, self.time_zone, self.postal_code)
        ):
            self.quiet_zones = quiet_zones_for(self.time_zone, self.postal_code, self.phone)
        self.changed |= changed
        return changed

    def _take(self, name: str, value: str | None) -> bool:
        known = getattr(self, name)
        if value is None or value == known or (self.seen and known is not None):
            return False
        setattr(self, name, value)
        return True

    def _take_email(self, row: RowPerson) -> bool:
        if row.email is None or self.email_key is not None:
            return False
        self.email, self.email_key, self.email_domain = row.email.address, row.email_key, row.email.domain
        return True

    def _take_phone(self, row: RowPerson) -> bool:
        if row.phone is None or row.phone_key == self.phone_key:
            return False
        if self.seen and self.phone_key is not None:
            raise RowRejected.because(RowFault.DUPLICATE)
        self.phone, self.phone_key = row.phone, row.phone_key
        return True

    def stored(self) -> tuple[Any, ...]:
        """The values of the columns STORED."""
        values = list(_stored(self))
        values[_ATTRIBUTES] = json.dumps(self.attributes, ensure_ascii=False) if self.attributes else None
        return tuple(values)
