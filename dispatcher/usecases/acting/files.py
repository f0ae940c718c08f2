"""A file of acts that a site has exported: which column is what, and which act is whose campaign's."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from dispatcher.errors import ImportRefused
from dispatcher.rules.formulas import restored
from dispatcher.usecases.acting.fields import spellings
from dispatcher.usecases.importing.files import PeopleFile, Row, open_people_file
from dispatcher.usecases.importing.spellings import plain

_MOST_NAMED, _LONGEST_NAME = 10, 60  # campaigns that a refusal names, and characters of each


@dataclass(frozen=True, slots=True)
class ActsOrder:
    """What staff ask for."""

    path: Path
    campaign: str | None = None  # whose acts they are, where the file is about one campaign alone
    mapped: Mapping[str, str] = field(default_factory=dict)  # what the site calls a campaign -> its slug
    service: str | None = None  # None: whichever fits
    zone: str = ""  # of moments that name none; "": the organisation's
    day: date | None = None  # of acts that have none
    thanks: bool = True
    rejects_path: Path | None = None  # by default beside the file, as acts.rejects.csv

    @property
    def rejects(self) -> Path:
        """Where the rejected rows go."""
        return self.rejects_path or self.path.with_name(f"{self.path.stem}.rejects.csv")


@dataclass(frozen=True, slots=True)
class ActsFile:
    """A file that was looked over: to be shown before anything happens."""

    order: ActsOrder
    file: PeopleFile
    places: Mapping[str, int]  # field -> its column

    @property
    def shown(self) -> dict[str, str]:
        """Field -> the file's own heading."""
        return {name: self.file.header[place] for name, place in self.places.items()}

    @property
    def dropped(self) -> list[str]:
        """The headings of columns that aren't read."""
        read = set(self.places.values())
        return [name for place, name in enumerate(self.file.header) if name.strip() and place not in read]

    def rows(self) -> Iterator[Row]:
        return self.file.rows()

    def cell(self, row: Row, name: str) -> str:
        """What a row says of a field; "" without such a column."""
        place = self.places.get(name)
        return "" if place is None or place >= len(row.cells) else restored(row.cells[place].strip())

    def kept_cells(self, row: Row) -> list[str]:
        """The cells that were read: a rejects file has no others."""
        return [self.cell(row, name) for name in self.places]

    def campaign_of(self, row: Row) -> str | None:
        """The slug that the row's act is for; None: of a campaign that nobody asked for."""
        if not self.order.mapped:
            return self.order.campaign
        return self.order.mapped.get(plain(self.cell(row, "campaign")), self.order.campaign)


def open_acts(order: ActsOrder) -> ActsFile:
    """Look a file over; changes nothing. Raises ImportRefused, saying how to mend it."""
    names = spellings(order.service)

    def names_columns(cells: Sequence[str]) -> bool:
        words = set(map(plain, cells))
        return bool(words & {*names["email"], *names["phone"]})

    file = open_people_file(order.path, names_columns)
    words = [plain(heading) for heading in file.header]
    places = {
        name: words.index(next(word for word in known if word in words))
        for name, known in names.items()
        if set(known) & set(words)
    }
    acts = ActsFile(order, file, places)
    if "at" not in places and order.day is None:
        raise _refused(order, "no column says when people acted. Say the day with --on, such as 2026-11-05.")
    if order.mapped and "campaign" not in places:
        raise _refused(order, "no column names a campaign, so --map can't tell them apart. Say --campaign.")
    if order.rejects.absolute() == order.path.absolute():
        raise _refused(
            order, "rejected rows can't be written over the file itself. Say where with --rejects."
        )
    _refuse_several(acts)
    return acts


def _refuse_several(acts: ActsFile) -> None:
    """A file about several campaigns mustn't count for one of them."""
    if acts.order.mapped or "campaign" not in acts.places:
        return
    named: dict[str, str] = {}
    for row in acts.rows():
        name = acts.cell(row, "campaign")
        named.setdefault(plain(name), name)
        if len(named) > _MOST_NAMED:
            break
    if len(named) > 1:
        some = ", ".join(repr(name[:_LONGEST_NAME]) for name in list(named.values())[:_MOST_NAMED])
        mend = f'Say which is which: --map "{next(iter(named.values()))}=SLUG", once for each that you want.'
        raise _refused(acts.order, f"it has acts for several campaigns: {some}. {mend}")


def _refused(order: ActsOrder, problem: str) -> ImportRefused:
    return ImportRefused(file=order.path.name, problem=problem)
