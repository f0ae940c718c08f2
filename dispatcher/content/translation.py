"""A campaign as rows for a translator, and what comes back of them as a language's files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispatcher.content.kept import problem_with
from dispatcher.content.load import CampaignSource, LanguageSource
from dispatcher.content.manifest import MANIFEST
from dispatcher.content.record import fingerprint
from dispatcher.content.segments import Segments, is_link, segments
from dispatcher.content.templating import is_html, parse
from dispatcher.content.translated import FACTS, own_words, standing, translatable
from dispatcher.errors import BrokenCampaign


@dataclass(frozen=True, slots=True)
class Row:
    """One segment of one part."""

    part: str  # body.html, or title
    number: int  # of the segment within its part, from 1
    source: str
    translation: str = ""
    changed: bool = False  # since it was translated
    line: int = 0  # in the sheet that came back

    @property
    def place(self) -> str:
        """What the sheet's first column says: `body.html 3`, `campaign.toml title`."""
        return f"{MANIFEST} {self.part}" if self.part in FACTS else f"{self.part} {self.number}"


@dataclass(slots=True)
class TakenIn:
    """What the rows that came back make."""

    files: dict[str, str] = field(default_factory=dict)  # by name: the language's parts, title and button
    problems: list[str] = field(default_factory=list)  # in words, each with its row
    named_less: list[str] = field(default_factory=list)  # rows that leave the reader's name out
    empty: list[str] = field(default_factory=list)  # parts that nothing was translated of


def rows(source: CampaignSource, language: str) -> list[Row]:
    """Every segment of the campaign's own words, with what the language has for it already."""
    theirs = source.languages.get(language)
    stale = standing(source, theirs).stale if theirs else {}
    noted = theirs.translated_from if theirs else {}
    found = []
    for part in _parts(source):
        for row in _rows_of(part, own_words(source), theirs):
            followed = is_link(row.source) and fingerprint(row.translation) in noted.get(part, ())
            words = "" if followed else row.translation  # the source's link of then: it follows that of today
            found.append(replace(row, translation=words, changed=row.number in stale.get(part, ())))
    return found


def take_in(source: CampaignSource, came_back: Sequence[Row]) -> TakenIn:
    """The language's files out of a sheet's rows. A part without any translation is left alone.

    The frame is the campaign's own, so tags, layout and Jinja between segments can't be lost.
    """
    taken = TakenIn()
    by_place = {row.place: row for row in came_back}
    known = {row.place for row in rows(source, source.manifest.language)}
    for row in by_place.values():
        if row.place not in known and row.translation.strip():
            taken.problems.append(f"Row {row.line}: {row.place} isn't in the campaign any more.")
    for part in _parts(source):
        _take_in_part(part, source, by_place, taken)
    return taken


def _parts(source: CampaignSource) -> list[str]:
    """What a translator translates, in the order in which a reader meets it."""
    first = ("title", "button", "subject.txt", "preheader.txt", "body.html", "body.txt", "sms.txt")
    found = translatable(own_words(source))
    return sorted(found, key=lambda part: (first.index(part) if part in first else len(first), part))


def _split(part: str, text: str) -> Segments:
    return Segments(("", ""), (text,)) if part in FACTS else segments(part, text)


def _rows_of(part: str, own: LanguageSource, theirs: LanguageSource | None) -> list[Row]:
    originals = _split(part, translatable(own)[part]).texts
    there = translatable(theirs).get(part, "") if theirs and theirs is not own else ""
    known = _split(part, there).texts if there else ()
    if len(known) != len(originals):  # it has other paragraphs: nobody can say which is which
        known = ("",) * len(originals)
    if part in FACTS and known == originals:
        known = ("",)  # it has none of its own
    return [Row(part, n, *pair) for n, pair in enumerate(zip(originals, known, strict=True), start=1)]


def _take_in_part(part: str, source: CampaignSource, by_place: Mapping[str, Row], taken: TakenIn) -> None:
    original = _split(part, translatable(own_words(source))[part])
    wanted = [Row(part, number, text) for number, text in enumerate(original.texts, start=1)]
    there = [by_place.get(row.place) for row in wanted]
    if not any(row and row.translation.strip() and not is_link(row.source) for row in there):
        taken.empty += [part] if wanted else []
        return
    written = []
    for row, found in zip(wanted, there, strict=True):
        words = found.translation.strip() if found else ""
        if found and words:
            _compare(part, row, found, taken)
        elif not is_link(row.source):
            where = f"Row {found.line}: {row.place}" if found else row.place
            taken.problems.append(f"{where} has no translation: {_beginning(row.source)}")
        written.append(words or row.source)
    if not taken.problems:
        text = original.joined(written)
        _parse(part, text, there, taken)
        taken.files[part] = text


def _compare(part: str, row: Row, found: Row, taken: TakenIn) -> None:
    """Note what is wrong with one translated segment."""
    html = is_html(part)
    if found.source.strip() != row.source.strip():
        taken.problems.append(
            f"Row {found.line}: {row.place} has other words now than when this was exported."
        )
    elif problem := problem_with(row.source, found.translation, html=html):
        taken.problems.append(f"Row {found.line}: {problem}")
    elif problem_with(row.source, found.translation, html=html, nameless=False):
        taken.named_less.append(f"Row {found.line}: {row.place} leaves the reader's name out.")


def _parse(part: str, text: str, there: Sequence[Row | None], taken: TakenIn) -> None:
    try:
        parse(text, part)
    except BrokenCampaign as error:
        lines = [str(row.line) for row in there if row and row.translation.strip()]
        taken.problems.append(f"Rows {lines[0]} to {lines[-1]}: {error}")


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return f"{words[:60].rstrip()}…" if len(words) > 60 else words
