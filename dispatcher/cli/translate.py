"""`dispatch campaigns translate`: out to translators and back, and who has read the result."""

from pathlib import Path

import click

from dispatcher.cli.channels import only_channels
from dispatcher.cli.out import emit, json_option, note, say
from dispatcher.cli.whole_help import Group
from dispatcher.rules.alert import Channel

_LANGUAGE = click.option("--language", required=True, metavar="LANGUAGE", help="Such as es, pl or zh-Hans.")


@click.group(cls=Group)
def translate() -> None:
    """Translations: a campaign out to a workbook and back, its native readers, and the words around it."""


@translate.command("words")
@click.argument("language")
@click.option("--unknown", is_flag=True, help="Also where CLDR knows no language of this code.")
@json_option
def words(language: str, unknown: bool, as_json: bool) -> None:
    """Begin a language: a catalogue for the words around every message, to be translated."""
    from dispatcher.usecases.begin_language import begin_language

    path = begin_language(language, unknown=unknown)
    if as_json:
        emit({"language": language, "file": str(path)})
    else:
        say(f"{path} is there. Translate it; docs/adding-a-language.md says how it comes into use.")


@translate.command("export")
@click.argument("slug")
@click.option(
    "--language", "languages", multiple=True, metavar="LANGUAGE", help="May be new; all there are otherwise."
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.xlsx", help="Where to.")
@json_option
def export(slug: str, languages: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Write a workbook for translators: one sheet a language, one row a paragraph."""
    from dispatcher.usecases.translate import export_sheets

    path = out or Path(f"{slug}-{'-'.join(languages) or 'translations'}.xlsx")
    written = export_sheets(slug, languages, path)
    if as_json:
        emit({"file": str(path), "languages": written})
        return
    say(f"{path}: {', '.join(written)}. Translate in the third column, then:")
    say(f"  dispatch campaigns translate import {slug} {path}")


@translate.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def take_back(slug: str, file: Path, as_json: bool) -> None:
    """Write what has come back into the languages' folders, with a record of what it was translated from."""
    from dispatcher.usecases.translate import import_sheets

    imported = import_sheets(slug, file)
    for one in imported:
        for words in one.named_less:
            note(f"{one.language}: {words}")
        for kept in one.kept:
            note(f"{one.language}: {kept} stays: the sheet has nothing for it. Delete it to leave it out.")
    if as_json:
        emit({"campaign": slug, "languages": {one.language: list(one.parts) for one in imported}})
        return
    for one in imported:
        say(f"{one.language}: {', '.join(one.parts) or 'nothing was translated'}")
    say(f"Now: dispatch check {slug}")


@translate.command()
@click.argument("slug")
@_LANGUAGE
@json_option
def accept(slug: str, language: str, as_json: bool) -> None:
    """Write down that a translation fits the campaign's own words as they are now."""
    from dispatcher.usecases.translate import accept as accept_translation

    parts = accept_translation(slug, language)
    if as_json:
        emit({"campaign": slug, "language": language, "parts": list(parts)})
    else:
        say(f"{language}: {', '.join(parts)}")


@translate.command()
@click.argument("slug")
@_LANGUAGE
@click.option("--by", required=True, metavar="INITIALS", help="Who has read it, such as H.")
@only_channels
@json_option
def ok(slug: str, language: str, by: str, channels: tuple[str, ...], as_json: bool) -> None:
    """Write down that a native speaker has read the words as they are now, and found them right."""
    from dispatcher.cli.opening import open_house
    from dispatcher.cli.sign_off_words import sign_off_json, sign_off_lines
    from dispatcher.usecases.translate import note_read

    read = note_read(open_house(), slug, language, by, tuple(map(Channel, channels)))
    if as_json:
        emit({"campaign": slug, "read": sign_off_json(read)})
        return
    for one in read:
        for line in sign_off_lines([one]):
            say(f"{one.channel}: {line}")
