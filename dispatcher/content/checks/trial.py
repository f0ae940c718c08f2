"""What a sample person would get: every part as it would leave, and once more with where it was written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from dispatcher.content.context import Person
from dispatcher.content.edition import Frozen, resolved
from dispatcher.content.load import CampaignSource, LanguageSource
from dispatcher.content.page import Page, read_page
from dispatcher.content.parts import LanguageContent
from dispatcher.content.render import Compiled
from dispatcher.content.trace import MarkingShelf, Marks, Traced
from dispatcher.errors import BrokenCampaign, RenderFailed
from dispatcher.rules.alert import Channel

# Which file a rendered part is written in.
FILES = {"subject": "subject.txt", "html": "body.html", "text": "body.txt", "sms": "sms.txt"}

_CHANNELS = {"subject": Channel.EMAIL, "html": Channel.EMAIL, "text": Channel.EMAIL, "sms": Channel.SMS}
_WRITERS: dict[str, Callable[[Compiled, Person], str]] = {
    "subject": Compiled.preview_subject,
    "html": Compiled.preview_html,
    "text": Compiled.preview_text,
    "sms": lambda compiled, person: compiled.sms(person).body,  # which knows what is too long
}


@dataclass(frozen=True)
class Trial:
    """What one sample person would get in one language: the parts by their name in FILES."""

    written: LanguageSource
    person: Person
    parts: dict[str, str]
    traced: dict[str, Traced]  # the same parts, CSS not inlined, with where each word was written
    failures: dict[str, RenderFailed]  # those that can't be written for this person

    @cached_property
    def page(self) -> Page:
        """The HTML part, taken apart; an empty one where there is none."""
        return read_page(self.traced["html"].text if "html" in self.traced else "")

    def spoken(self) -> Iterator[tuple[str, int, str]]:
        """What a reader can meet: part, offset and words. Of HTML without its tags and styles."""
        for part, traced in self.traced.items():
            if part == "html":
                yield from (("html", words.offset, words.text) for words in self.page.words)
            else:
                yield part, 0, traced.text


class Stage:
    """Where trials are held: the edition compiled as it is, and compiled with every line marked."""

    def __init__(self, source: CampaignSource, frozen: Frozen) -> None:
        self.marks = Marks()
        self._source = source
        self._real = Compiled(frozen)
        marked = {language: self._marked(written, frozen) for language, written in source.languages.items()}
        self._traced = Compiled(replace(frozen, languages=marked, inline_each=False))

    def trial(self, written: LanguageSource, person: Person) -> Trial:
        """Everything of the campaign's channels that one person would get."""
        trial = Trial(written, person, {}, {}, {})
        for name, channel in _CHANNELS.items():
            meant = channel in self._source.manifest.channels
            if meant and written.language in self._real.frozen.languages_for(channel):
                try:
                    trial.parts[name] = _WRITERS[name](self._real, person)
                except RenderFailed as error:
                    trial.failures[name] = error
                else:
                    trial.traced[name] = self._trace(name, person, trial.parts[name])
        return trial

    def _trace(self, name: str, person: Person, plain: str) -> Traced:
        """The part with its marks read; without them where they make a text too long."""
        try:
            return self.marks.read(_WRITERS[name](self._traced, person))
        except RenderFailed:
            return Traced(plain)

    def _marked(self, written: LanguageSource, frozen: Frozen) -> LanguageContent:
        folder = self._source.folder / written.folder
        shelf = MarkingShelf(folder, written.files, written.folder, self.marks)
        try:
            return resolved(written, self._source, shelf, frozen.organisation)
        except BrokenCampaign:  # a proof that marks get into the way of: then without lines
            return frozen.languages[written.language]
