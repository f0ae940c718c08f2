"""What staff ask of an import, and what it did."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dispatcher.rules.alert import Channel
from dispatcher.usecases.importing.applying import Applied, Verdict
from dispatcher.usecases.importing.columns import Columns
from dispatcher.usecases.importing.files import PeopleFile
from dispatcher.usecases.importing.rejecting import RowRejected


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What staff ask for. `disclosure`: the words that people were shown when they agreed."""

    path: Path
    list_slug: str
    source: str
    channels: frozenset[Channel] = frozenset({Channel.EMAIL})
    disclosure: str | None = None
    keep: tuple[str, ...] = ()
    consent_column: str | None = None
    rejects_path: Path | None = None  # by default beside the file, as people.rejects.csv

    @property
    def rejects(self) -> Path:
        """Where the rejected rows go."""
        return self.rejects_path or self.path.with_name(f"{self.path.stem}.rejects.csv")


@dataclass(frozen=True, slots=True)
class PreparedImport:
    """A file that was looked over, and which of its columns is what: to be shown before anything happens."""

    order: ImportOrder
    file: PeopleFile
    columns: Columns

    @property
    def texts_by_column(self) -> bool:
        """Whether a column says who agreed to texts."""
        return "sms_consent" in self.columns.fields


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of rows by what became of them, and of consents."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)  # each row counts once
    problems: Counter[str] = field(default_factory=Counter)  # rejected rows by the problem's code
    joined: Counter[Channel] = field(default_factory=Counter)  # new on the list
    withheld: Counter[Channel] = field(default_factory=Counter)  # consents not taken: left, or suppressed

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return self.verdicts.total()

    @property
    def counts(self) -> dict[str, int]:
        """The numbers that the contract names."""
        return {str(verdict): self.verdicts[verdict] for verdict in Verdict}

    def plus(self, applied: Applied, unreadable: Iterable[RowRejected]) -> "Tally":
        """With one more batch: the rows that were applied, and those that could not be read."""
        rejected = [*applied.rejected.values(), *unreadable]
        verdicts = self.verdicts + Counter(applied.verdicts)
        verdicts[Verdict.REJECTED] = self.verdicts[Verdict.REJECTED] + len(rejected)
        return Tally(
            verdicts,
            self.problems + Counter(one.code for one in rejected),
            self.joined + applied.joined,
            self.withheld + applied.withheld,
        )


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do."""

    dry_run: bool
    batch_id: int | None = None  # for `--undo`; None for a dry run
    tally: Tally = field(default_factory=Tally)
    rejects_file: Path | None = None  # None when nothing was rejected
    seconds: float = 0.0
