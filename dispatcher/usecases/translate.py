"""`dispatch campaigns translate`: a campaign out to translators as a workbook, and back as files."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatcher.content.edition import freeze
from dispatcher.content.files import read_text
from dispatcher.content.load import CampaignSource, load_campaign
from dispatcher.content.manifest import LANGUAGE, MANIFEST
from dispatcher.content.record import marks_of, read_record, write_record
from dispatcher.content.translated import FACTS, current_record, file_of, own_words, translatable
from dispatcher.content.translation import TakenIn, rows, take_in
from dispatcher.errors import BrokenCampaign, TranslationRefused
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.sign_offs import SignedOff, sign_off, signed_off
from dispatcher.usecases.translation_sheet import read_sheets, write_sheets

_MOST_PROBLEMS = 10  # said at once; the others come up when these are mended


@dataclass(frozen=True, slots=True)
class Imported:
    """What one sheet has become."""

    language: str
    parts: tuple[str, ...]  # written, by name
    named_less: tuple[str, ...]  # rows that leave the reader's name out, in words
    kept: tuple[str, ...] = ()  # files of parts that the sheet has nothing for, which stay as they were


def export_sheets(slug: str, languages: Sequence[str], path: Path) -> list[str]:
    """Write the workbook; the campaign's translations all, or those that are named, which may be new ones.

    Returns the languages. Raises UnknownCampaign, BrokenCampaign, or TranslationRefused for a wrong language.
    """
    source = load_campaign(slug)
    own = source.manifest.language
    wanted = list(languages) or [language for language in source.languages if language != own]
    if not wanted:
        problem = f"{slug} is in no other language than {own} yet. Name one: --language es."
        raise TranslationRefused(file=path.name, problems=problem)
    for language in wanted:
        _refuse_wrong_language(source, language, path)
    write_sheets(path, own, {language: rows(source, language) for language in wanted})
    return wanted


def import_sheets(slug: str, path: Path) -> list[Imported]:
    """Write what has come back into the languages' folders, with a record of what it was translated from.

    All sheets or none. Raises TranslationRefused with the rows that can't be taken, ImportRefused for what is
    no workbook.
    """
    source = load_campaign(slug)
    _refuse_foreign_folder(source, path)
    taken: dict[str, TakenIn] = {}
    for language, came_back in read_sheets(path).items():
        _refuse_wrong_language(source, language, path)
        taken[language] = take_in(source, came_back)
    problems = [f"{language}: {problem}" for language, found in taken.items() for problem in found.problems]
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        rest = [f"And {more} more."] if more > 0 else []
        raise TranslationRefused(
            file=path.name,
            problems="\n  ".join(["Mend these rows first:", *problems[:_MOST_PROBLEMS], *rest]),
        )
    return [_write(source, language, found) for language, found in taken.items()]


def accept(slug: str, language: str) -> tuple[str, ...]:
    """Write down that a language's parts fit the campaign's own words as they are now. Returns the parts."""
    source = load_campaign(slug)
    _refuse_no_translation(source, language)
    record = current_record(source, language)
    write_record(source.folder / language, record)
    return tuple(record)


def note_read(
    house: House, slug: str, language: str, reader: str, channels: Sequence[Channel] = ()
) -> list[SignedOff]:
    """Write down that somebody has read a translation as it is now and found it right, on these channels.

    Raises BrokenCampaign where there is no such translation.
    """
    source = load_campaign(slug)
    _refuse_no_translation(source, language)
    frozen = freeze(source, organisation_of(house.settings, practice=True))
    with house.db.transaction() as session:
        for channel in channels or frozen.channels:
            if language in frozen.languages_for(channel):
                sign_off(session, frozen, language, channel, reader)
        return [
            one for channel in frozen.channels for one in signed_off(session, frozen, channel, [language])
        ]


def _refuse_no_translation(source: CampaignSource, language: str) -> None:
    if language not in source.languages or language == source.manifest.language:
        there = ", ".join(name for name in source.languages if name != source.manifest.language) or "none"
        problem = f"there is no translation into {language!r}. There are: {there}."
        raise BrokenCampaign(file=source.shown(""), place="", problem=problem)


def _refuse_wrong_language(source: CampaignSource, language: str, path: Path) -> None:
    if not LANGUAGE.fullmatch(language) or language == source.manifest.language:
        problem = (
            f"{language!r} can't be a translation of {source.slug}: give a code such as es, pl or zh-Hans."
        )
        raise TranslationRefused(file=path.name, problems=problem)


def _refuse_foreign_folder(source: CampaignSource, path: Path) -> None:
    """The shipped campaigns of an installation aren't ours to change."""
    if not source.folder.resolve().is_relative_to(Path.cwd().resolve()):
        problem = f"{source.slug} comes with Dispatcher. Copy {source.folder} to templates/campaigns/ first."
        raise TranslationRefused(file=path.name, problems=problem)


def _write(source: CampaignSource, language: str, taken: TakenIn) -> Imported:
    folder = source.folder / language
    folder.mkdir(exist_ok=True)
    originals = translatable(own_words(source))
    facts = {name: text for name, text in taken.files.items() if name in FACTS}
    for name, text in taken.files.items():
        if name not in facts:
            (folder / name).write_text(text, encoding="utf-8")
    if facts:
        _write_facts(folder / MANIFEST, facts)
    marks = {part: marks_of(part, originals[part]) for part in taken.files}
    write_record(folder, read_record(folder) | marks)
    return Imported(language, tuple(taken.files), tuple(taken.named_less), _kept(source, language, taken))


def _kept(source: CampaignSource, language: str, taken: TakenIn) -> tuple[str, ...]:
    """What the language had before of parts that came back empty, as staff know the files."""
    own = current_record(source, language) if language in source.languages else {}
    return tuple(
        source.shown(f"{language}/{file_of(part)}") + (f" ({part})" if part in FACTS else "")
        for part in taken.empty
        if part in own
    )


def _write_facts(path: Path, facts: dict[str, str]) -> None:
    """Title and button in a language's campaign.toml, whose other lines stay as they are."""
    manifest = read_text(path) if path.is_file() else ""
    for name, text in facts.items():
        line = f"{name} = {json.dumps(text, ensure_ascii=False)}"
        written = re.compile(rf"^{name}\s*=.*$", re.MULTILINE)
        if written.search(manifest):
            manifest = written.sub(line.replace("\\", r"\\"), manifest, count=1)
        else:
            manifest = f"{manifest.rstrip()}\n{line}\n".lstrip()
    path.write_text(manifest, encoding="utf-8")
