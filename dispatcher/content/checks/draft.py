"""What every check looks at: the files, the edition that they make, and what sample people would get."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from dispatcher.content.context import Person
from dispatcher.content.edition import Frozen
from dispatcher.content.load import CampaignSource, LanguageSource
from dispatcher.content.parts import Organisation
from dispatcher.content.render import Compiled
from dispatcher.content.samples import sample_people
from dispatcher.errors import RenderFailed
from dispatcher.rules.alert import Channel


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


# Which file a rendered part is written in.
FILES = {"subject": "subject.txt", "html": "body.html", "text": "body.txt", "sms": "sms.txt"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What one sample person would get in one language: the parts by their name in FILES."""

    written: LanguageSource
    parts: dict[str, str]
    failures: dict[str, RenderFailed]  # those that can't be written for this person


@dataclass(frozen=True)
class Draft:
    """A campaign about to be sent."""

    source: CampaignSource
    organisation: Organisation
    frozen: Frozen
    now: datetime

    @cached_property
    def trials(self) -> list[Trial]:
        """Every sample person in every language."""
        compiled = Compiled(self.frozen)
        return [
            _trial(compiled, written, person)
            for written in self.source.languages.values()
            for person in sample_people(written.language, written.files.values())
        ]

    def place(self, needle: str, *names: str) -> tuple[str, int | None]:
        """The file (its path to show) and line where `needle` first stands; else the first file and None."""
        for name in names if needle else ():
            for number, line in enumerate(self.source.sources.get(name, "").splitlines(), start=1):
                if needle in line:
                    return self.source.shown(name), number
        return self.source.shown(names[0]), None


def _trial(compiled: Compiled, written: LanguageSource, person: Person) -> Trial:
    """Everything that one person would get. A text goes through `sms`, which knows what is too long."""
    writers: dict[str, Callable[[Person], str]] = {
        "subject": compiled.preview_subject,
        "html": compiled.preview_html,
        "text": compiled.preview_text,
        "sms": lambda someone: compiled.sms(someone).body,
    }
    parts, failures = {}, {}
    for name, write in writers.items():
        channel = Channel.SMS if name == "sms" else Channel.EMAIL
        if written.language in compiled.frozen.languages_for(channel):
            try:
                parts[name] = write(person)
            except RenderFailed as error:
                failures[name] = error
    return Trial(written, parts, failures)
