"""Begin a language: a copy of the English catalogue in the working folder, its translations empty."""

import re
from pathlib import Path

from dispatcher.content.catalogue import SOURCE, catalogues
from dispatcher.content.files import read_text
from dispatcher.content.locales import is_known, locale_of, near_languages
from dispatcher.content.manifest import LANGUAGE
from dispatcher.errors import LanguageRefused
from dispatcher.paths import shipped

_HEAD = """\
# {name}: the words around every campaign, on the pages behind its links, and in answers by text.
# How to translate them, and what makes them used: docs/adding-a-language.md.
"""


def begin_language(language: str, *, unknown: bool = False) -> Path:
    """Make `./templates/locale/<language>.po`; returns its path. With `unknown`, CLDR needn't know it.

    Raises LanguageRefused for what is no language's code, or one that has a catalogue.
    """
    if not LANGUAGE.fullmatch(language):
        problem = f"give a code, such as pt, so or zh-Hans.{_did_you_mean(language)}"
        raise LanguageRefused(language=language, problem=problem)
    if not is_known(language) and not unknown:
        problem = (
            f"CLDR, which knows how languages write dates, has none of that code.{_did_you_mean(language)} "
            "If it is right, add --unknown: dates and numbers are written as in English then."
        )
        raise LanguageRefused(language=language, problem=problem)
    if there := catalogues().get(language):
        raise LanguageRefused(language=language, problem=f"it has a catalogue: {there.file}.")
    english = read_text(shipped("templates", "locale") / f"{SOURCE}.po")
    messages = english[english.index('msgid ""') :]
    messages = messages.replace(f'"Language: {SOURCE}\\n"', f'"Language: {language}\\n"')
    messages = re.sub(r'^"X-Reviewer:.*"$', r'"X-Reviewer:\\n"', messages, flags=re.MULTILINE)
    path = Path("templates", "locale", f"{language}.po")
    path.parent.mkdir(parents=True, exist_ok=True)
    name = locale_of(language).get_display_name("en") if is_known(language) else language
    path.write_text(_HEAD.format(name=name) + messages, encoding="utf-8")
    return path


def _did_you_mean(language: str) -> str:
    near = near_languages(language)
    return f" Did you mean {' or '.join(near)}?" if near else ""
