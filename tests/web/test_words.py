"""The words of pages and of answers by text, in every language."""

import string
from pathlib import Path
from typing import Any

import pytest

from dispatcher.rules.sms import segments
from dispatcher.usecases.record_inbound import Answer
from dispatcher.web.words import load_words

ORG, CONTACT = "ICIRR alerts", "alerts@icirr.example.org"
FACTS = {
    *("address", "channel", "code", "contact", "date", "host", "hotline", "link", "list", "lists"),
    *("number", "org", "programme", "time", "time_sensitive", "words"),
}


def flat(table: dict[str, Any], path: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        found |= flat(value, f"{path}{name}.") if isinstance(value, dict) else {f"{path}{name}": value}
    return found


def facts_in(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize("language", ["es", "pl", "ar"])
def test_every_language_says_everything_with_the_same_facts(language: str) -> None:
    english, other = flat(load_words()["en"]), flat(load_words()[language])
    assert other["email.ask"] != english["email.ask"]
    assert set(other) == set(english)
    assert {name: facts_in(words) for name, words in other.items()} == {
        name: facts_in(words) for name, words in english.items()
    }
    assert all(facts_in(words) <= FACTS for words in english.values())


@pytest.mark.parametrize("language", sorted(load_words()))
@pytest.mark.parametrize("answer", Answer)
def test_an_answer_by_text_is_short(language: str, answer: Answer) -> None:
    words = load_words()[language]["text"][answer].format(org=ORG, contact=CONTACT)
    assert words.startswith(ORG)
    assert segments(words) <= (1 if language != "ar" else 2)


def test_a_language_that_nobody_has_read_is_not_spoken(tmp_path: Path) -> None:
    assert "ko" not in load_words()
    own = tmp_path / "templates" / "locale" / "ko.po"
    own.parent.mkdir(parents=True)
    own.write_text('msgid ""\nmsgstr "X-Reviewer: J. Park\\n"\n', encoding="utf-8")
    assert load_words()["ko"]["left"]["title"] == "완료되었습니다"


def test_only_arabic_is_written_from_right_to_left() -> None:
    assert {language: words["dir"] for language, words in load_words().items()} == {
        "en": "ltr",
        "es": "ltr",
        "pl": "ltr",
        "ar": "rtl",
    }
