"""What every check looks at: the files, the edition that they make, and what sample people would get."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from dispatcher.content.checks.text_facts import TextFacts
from dispatcher.content.checks.trial import FILES, Stage, Trial
from dispatcher.content.edition import Frozen
from dispatcher.content.load import CampaignSource
from dispatcher.content.parts import Organisation
from dispatcher.content.samples import is_ordinary, sample_people
from dispatcher.content.trace import Place

__all__ = ["FILES", "Draft", "Finding", "Severity", "Trial"]


class Severity(StrEnum):
    """An error blocks sending; a warning is shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that isn't right: where, what, and what to do about it."""

    file: str
    line: int | None
    severity: Severity
    problem: str
    mend: str


@dataclass(frozen=True)
class Draft:
    """A campaign about to be sent."""

    source: CampaignSource
    organisation: Organisation
    frozen: Frozen
    now: datetime
    text_facts: TextFacts = field(default_factory=TextFacts)

    @cached_property
    def trials(self) -> list[Trial]:
        """Every sample person in every language."""
        return [
            self._stage.trial(written, person)
            for written in self.source.languages.values()
            for person in sample_people(written.language, written.files.values(), every_shape=True)
        ]

    @cached_property
    def readings(self) -> list[Trial]:
        """As few trials as show every line and branch that any of them shows, nobody's odd name among them.

        What an author wrote is looked at in these: in the others it only stands once more.
        """
        chosen: list[Trial] = []
        seen: set[tuple[str, Place | None]] = set()
        for trial in self.trials:
            places = [place for traced in trial.traced.values() for place in traced.places]
            shown = {(trial.written.language, place) for place in (None, *places)}
            if trial.traced and is_ordinary(trial.person) and not shown <= seen:
                chosen.append(trial)
                seen |= shown
        return chosen

    @cached_property
    def branches(self) -> tuple[set[Place], set[Place]]:
        """The beginnings of all branches in the campaign's files, and those that somebody's message took."""
        taken = {
            place for trial in self.trials for traced in trial.traced.values() for place in traced.places
        }
        return {place for place in self._stage.marks.places if place.branch}, taken

    def place(self, needle: str, *names: str) -> tuple[str, int | None]:
        """The file (its path to show) and line where `needle` first stands; else the first file and None."""
        for name in names if needle else ():
            for number, line in enumerate(self.source.sources.get(name, "").splitlines(), start=1):
                if needle in line:
                    return self.source.shown(name), number
        return self.source.shown(names[0]), None

    def spot(self, trial: Trial, part: str, offset: int) -> tuple[str, int | None]:
        """The file and line where what stands at `offset` of a traced part was written."""
        found = trial.traced[part].at(offset)
        return (
            (found.file, found.line)
            if found
            else (self.source.shown(trial.written.folder + FILES[part]), None)
        )

    @cached_property
    def _stage(self) -> Stage:
        return Stage(self.source, self.frozen)
