"""Which column of a file is what: guessed from its heading, and shown to staff before anything happens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from dispatcher.errors import ImportRefused
from dispatcher.usecases.importing.rejecting import COLUMNS as REJECTS_COLUMNS
from dispatcher.usecases.importing.spellings import COLUMNS, plain

_FIELDS = {spelling: field for field, spellings in COLUMNS.items() for spelling in spellings}
_OURS = frozenset(map(plain, REJECTS_COLUMNS))  # a mended rejects file: its own columns are no news


@dataclass(frozen=True, slots=True)
class Columns:
    """Field -> the place of its column; in `kept` the columns that become attributes, by their own names."""

    header: tuple[str, ...]
    fields: dict[str, int]
    kept: dict[str, int]
    dropped: tuple[str, ...]

    @property
    def shown(self) -> dict[str, str]:
        """Field -> the file's own heading."""
        return {field: self.header[place] for field, place in self.fields.items()}

    def without(self, field: str) -> "Columns":
        """The same file with one field's column dropped."""
        others = {name: place for name, place in self.fields.items() if name != field}
        dropped = [self.header[self.fields[field]]] if field in self.fields else []
        return replace(self, fields=others, dropped=(*self.dropped, *dropped))


def recognised(cells: Sequence[str]) -> set[str]:
    """The fields that a row of headings names."""
    return {_FIELDS[word] for word in map(plain, cells) if word in _FIELDS}


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row names a column of addresses."""
    return bool(recognised(cells) & {"email", "phone"})


def guess(
    file: str, header: Sequence[str], *, keep: Iterable[str] = (), consent_column: str | None = None
) -> Columns:
    """Tell the columns apart. ImportRefused when `keep` or `consent_column` names one that isn't there."""
    header = tuple(name.strip() for name in header)
    words = [plain(name) for name in header]
    fields: dict[str, int] = {}
    for field, spellings in COLUMNS.items():
        places = [words.index(spelling) for spelling in spellings if spelling in words]
        if places:
            fields[field] = places[0]
    if consent_column is not None:
        fields["sms_consent"] = _place(file, header, consent_column)
    kept = {header[place]: place for place in (_place(file, header, name) for name in keep)}
    used = {*fields.values(), *kept.values()}
    dropped = (name for place, name in enumerate(header) if place not in used and words[place] not in _OURS)
    return Columns(header, fields, kept, tuple(filter(None, dropped)))


def _place(file: str, header: Sequence[str], name: str) -> int:
    for place, heading in enumerate(header):
        if plain(heading) == plain(name):
            return place
    there = ", ".join(filter(None, header))
    raise ImportRefused(file=file, problem=f"there is no column {name!r}. There are: {there}.")
