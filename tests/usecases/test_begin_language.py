"""A language begins with an empty catalogue of its own."""

import re

import pytest

from dispatcher.content.catalogue import catalogue_for
from dispatcher.errors import LanguageRefused
from dispatcher.usecases.begin_language import begin_language


def test_a_new_catalogue_has_every_word_to_translate_and_no_reviewer() -> None:
    path = begin_language("pt")
    assert path.read_text().startswith("# Portuguese: the words around")
    found, english = catalogue_for("pt-BR"), catalogue_for("en")
    assert found is not None
    assert english is not None
    assert (found.language, found.reviewer, dict(found.words)) == ("pt", "", {})
    assert dict(found.english) == dict(english.words)
    assert '"Language: pt\\n"' in path.read_text()


def test_one_that_is_there_is_not_written_over() -> None:
    begin_language("pt")
    with pytest.raises(
        LanguageRefused, match=r"'pt' can't be begun: it has a catalogue: templates/locale/pt.po"
    ):
        begin_language("pt")
    with pytest.raises(LanguageRefused, match=r"it has a catalogue: .*ko\.po"):
        begin_language("ko")


@pytest.mark.parametrize("language", ["Portuguese", "../x", ""])
def test_what_is_no_code_is_refused(language: str) -> None:
    with pytest.raises(LanguageRefused, match="give a code"):
        begin_language(language)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("zz", "Did you mean zu (Zulu) or zh (Chinese) or za (Zhuang)?"),
        ("jp", "Did you mean ja (Japanese)?"),
        ("kr", "Did you mean ko (Korean)?"),
        ("Somali", "Did you mean so (Somali)?"),
        ("PT", "Did you mean pt (Portuguese)?"),
        ("pt_BR", "Did you mean pt (Portuguese)?"),
    ],
)
def test_what_is_no_language_is_refused_with_what_may_be_meant(wanted: str, meant: str) -> None:
    with pytest.raises(LanguageRefused, match=re.escape(meant)):
        begin_language(wanted)


def test_a_language_that_cldr_does_not_know_can_be_begun_all_the_same() -> None:
    with pytest.raises(LanguageRefused, match="add --unknown: dates and numbers are written as in English"):
        begin_language("mam")
    assert begin_language("mam", unknown=True).read_text().startswith("# mam: the words around")
