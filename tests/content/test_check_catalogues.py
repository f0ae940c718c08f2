"""The words around a campaign are looked over in each of its languages: every entry by file and line."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatcher.content.catalogue import catalogues
from dispatcher.content.check import Check, Finding, Severity
from dispatcher.content.checks.catalogues import costly_frame_words, missing_words, slips_in_catalogues
from dispatcher.content.checks.draft import Draft
from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource

WriteCampaign = Callable[..., CampaignSource]
Found = Callable[..., list[Finding]]
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"X-Reviewer: B. Lima\\n"\n\n'
FILE = "templates/locale/pt.po"


def entry(key: str, words: str | None = None, mark: str = "") -> str:
    english = catalogues()["en"].words[key]
    said = english if words is None else words
    return f'{mark}msgctxt "{key}"\nmsgid {quoted(english)}\nmsgstr {quoted(said)}\n\n'


def quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def whole(*changed: tuple[str, str], without: tuple[str, ...] = ()) -> str:
    """Every entry, in English, with some words changed."""
    words = dict(changed)
    keys = [key for key in catalogues()["en"].words if key not in without]
    return "".join(entry(key, words.get(key)) for key in keys)


@pytest.fixture
def found(write_campaign: WriteCampaign, organisation: Organisation, tmp_path: Path) -> Found:
    """What a check says of a campaign in English and Portuguese, whose catalogue has this body."""

    def look(
        check: Check, body: str, language: str = "pt", files: tuple[str, ...] = ("sms.txt",)
    ) -> list[Finding]:
        path = tmp_path / "templates" / "locale" / f"{language}.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + body, encoding="utf-8")
        source = write_campaign(files={f"{language}/{name}": "Coalition: STOP" for name in files})
        return list(check(Draft(source, organisation, freeze(source, organisation), NOW)))

    return look


def line_of(key: str) -> int:
    """Where an entry's English stands in the catalogue that was written last."""
    lines = Path(FILE).read_text(encoding="utf-8").splitlines()
    return lines.index(f'msgctxt "{key}"') + 2


def test_a_whole_catalogue_has_no_finding(found: Found) -> None:
    for number, check in enumerate((slips_in_catalogues, missing_words, costly_frame_words)):
        assert found(check, whole(), ("pt", "so", "sw")[number]) == []


def test_every_missing_or_fuzzy_word_is_named_with_its_line(found: Found) -> None:
    body = whole(
        ("chrome.why", ""), ("email.ask", ""), ("email.done", ""), without=("chrome.leave", "sms.ask")
    )
    findings = found(missing_words, entry("chrome.leave", "Sair", "#, fuzzy\n") + body)
    ask = line_of("email.ask")
    in_english = "Pages and answers say this in English, for it is not translated:"
    assert [(one.file, one.line, str(one.severity), one.problem) for one in findings] == [
        (FILE, line_of("chrome.why"), "error", "chrome.why is not translated."),
        (FILE, line_of("chrome.leave"), "error", "chrome.leave is marked fuzzy."),
        (
            FILE,
            ask,
            "warning",
            f"{in_english} email.ask (line {ask}), email.done (line {line_of('email.done')}).",
        ),
        (FILE, None, "warning", f"{in_english} sms.ask."),
    ]
    mends = [one.mend for one in findings]
    assert mends[0] == "Translate it."
    assert mends[1] == "Look at what is marked fuzzy, a tool's guess, and take the mark away."
    assert mends[3].startswith("Copy what isn't there from ")


def test_a_section_may_have_both_guesses_and_gaps(found: Found) -> None:
    guess = entry("sms.done", "Fim {lists}", "#, fuzzy\n")
    (finding,) = found(missing_words, guess + whole(("sms.ask", ""), without=("sms.done",)))
    assert "for it is not translated or marked fuzzy: sms.ask (line" in finding.problem
    assert finding.line == line_of("sms.done")
    assert finding.mend.startswith("Translate it. Look at what is marked fuzzy")


def test_a_guess_over_shipped_words_is_told_and_stops_nothing(found: Found) -> None:
    (finding,) = found(missing_words, entry("chrome.leave", "Salida", "#, fuzzy\n"), "es")
    assert finding.severity is Severity.WARNING
    assert finding.problem == "chrome.leave is marked fuzzy: the shipped words are used."


def test_a_lost_gap_and_a_word_that_carriers_listen_for_are_errors(found: Found) -> None:
    changed = (
        ("chrome.why", "Por isto."),
        ("text.stop", "{org}: {nome}."),
        ("chrome.reply_stop", "Responda PARE"),
    )
    findings = found(slips_in_catalogues, whole(*changed))
    assert [(one.line, one.problem) for one in findings] == [
        (line_of("chrome.why"), "chrome.why has lost {list_name}."),
        (
            line_of("chrome.reply_stop"),
            "chrome.reply_stop has lost the word STOP, which carriers and we listen for in every language.",
        ),
        (
            line_of("text.stop"),
            "text.stop has {nome}, which its English hasn't: nothing would stand there.",
        ),
    ]
    assert {one.severity for one in findings} == {Severity.ERROR}
    assert all(one.mend for one in findings)


def test_letters_that_make_texts_dearer_are_told_with_what_they_cost(found: Found) -> None:
    long = "{org}: " + "a" * 80 + " Á START"
    changed = (
        ("chrome.reply_stop", "Responda STOP já"),
        ("text.stop", long),
        ("text.ask_ok", "{org}: TEST só OK"),
    )
    stop_line, answer = found(costly_frame_words, whole(*changed))
    assert stop_line.problem == (
        "chrome.reply_stop: á forces UCS-2. "
        "A text of 160 characters that ends with it takes 3 segments instead of 1."
    )
    assert stop_line.mend == "Look for other words in place of those with á; don't misspell them."
    assert (answer.line, answer.severity) == (line_of("text.stop"), Severity.WARNING)
    assert answer.problem == "text.stop: Á forces UCS-2. Each takes 2 segments instead of 1."


def test_a_language_in_other_letters_or_without_a_text_costs_what_it_costs(found: Found) -> None:
    changed = (("chrome.reply_stop", "Щоб відмовитися, надішліть STOP"),)
    assert found(costly_frame_words, whole(*changed), "uk") == []
    dear = (("chrome.reply_stop", "Responda STOP já"),)
    assert found(costly_frame_words, whole(*dear), "so", ("subject.txt", "body.html")) == []
