"""attributes.toml in the working folder: which attributes there are, and what each holds."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dispatcher.errors import WrongAttributes
from dispatcher.usecases.attributes.values import AttributeType
from dispatcher.usecases.importing.spellings import plain

FILE = "attributes.toml"
TAKEN = frozenset(
    "language postal_code time_zone joined email phone first_name last_name everyone nobody "
    "and or not in since before after on left acted got clicked has".split()
)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_KEYS = {"type", "label", "choices"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. A column that an import kept is this one when it has the name or the label."""

    name: str
    type: AttributeType
    label: str
    choices: tuple[str, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """What its column may be called, as `plain` leaves it."""
        return frozenset({plain(self.name), plain(self.label)})


Schema = Mapping[str, Attribute]


def load_schema(folder: Path | None = None) -> Schema:
    """The attributes by name; none where there is no file. Raises WrongAttributes."""
    path = (folder or Path.cwd()) / FILE
    if not path.exists():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongAttributes(file=FILE, problem=f"can't be read: {error}.") from None
    schema = {name: _attribute(name, table) for name, table in tables.items()}
    _refuse_doubles(schema)
    return schema


def _attribute(name: str, table: Any) -> Attribute:
    if not _NAME.fullmatch(name):
        raise _wrong(name, "a name is small letters, digits and _, such as union_member.")
    if name in TAKEN:
        raise _wrong(name, "that word means something else in segments. Choose another name.")
    if not isinstance(table, dict) or not isinstance(table.get("type"), str):
        raise _wrong(name, f'write `[{name}]` and below it `type = "yes_no"`.')
    if unknown := table.keys() - _KEYS:
        raise _wrong(name, f"{min(unknown)} isn't known here. There are: type, label, choices.")
    if table["type"] not in set(AttributeType):
        raise _wrong(name, f"the type is one of {', '.join(AttributeType)}.")
    kind, label, choices = AttributeType(table["type"]), table.get("label", name), table.get("choices", [])
    if not isinstance(label, str) or not isinstance(choices, list):
        raise _wrong(name, 'a label is text, and choices are written as ["day", "night"].')
    if (kind is AttributeType.CHOICE) != bool(choices) or not all(isinstance(one, str) for one in choices):
        raise _wrong(name, 'choices, such as ["day", "night"], belong to the type choice, and to no other.')
    return Attribute(name, kind, label, tuple(choices))


def _refuse_doubles(schema: Schema) -> None:
    seen: dict[str, str] = {}
    for name, one in schema.items():
        for spelling in one.spellings:
            if seen.setdefault(spelling, name) != name:
                raise _wrong(name, f"a column of that name or label would be {seen[spelling]}, too.")


def _wrong(name: str, problem: str) -> WrongAttributes:
    return WrongAttributes(file=FILE, problem=f"[{name}]: {problem}")
