"""Dates, numbers and plurals in the reader's language, and what is said for nothing."""

from collections.abc import Callable
from datetime import datetime

import pytest

from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.content.locales import direction, locale_of
from dispatcher.content.render import Compiled, Person
from dispatcher.content.templating import Words, compile_part, render_part
from dispatcher.errors import RenderFailed

DEADLINE = datetime.fromisoformat("2026-12-05T17:00:00-06:00")


def rendered(source: str, language: str = "en", /, **values: object) -> str:
    return render_part(compile_part(source, "body.txt"), {"language": language, **values})


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "December 5, 2026"),
        ("es", "5 de diciembre de 2026"),
        ("pl", "5 grudnia 2026"),
        ("ar", "5 ديسمبر 2026"),
        ("zh-Hans", "2026年12月5日"),
    ],
)
def test_a_date_is_written_as_the_reader_writes_it(language: str, words: str) -> None:
    assert rendered("{{ deadline|date }}", language, deadline=DEADLINE) == words
    assert rendered("{{ '2026-12-05'|date }}", language) == words


def test_a_date_has_longer_and_shorter_forms() -> None:
    assert rendered("{{ deadline|date('full') }}", deadline=DEADLINE) == "Saturday, December 5, 2026"
    assert rendered("{{ deadline|date('medium') }}", "es", deadline=DEADLINE) == "5 dic 2026"


def test_a_time_is_on_the_clock_that_it_was_written_by() -> None:
    same_moment = datetime.fromisoformat("2026-12-05T23:00:00+00:00")
    assert rendered("{{ deadline|time }}", deadline=DEADLINE).split() == ["5:00", "PM"]
    assert rendered("{{ deadline|time }}", deadline=same_moment).split() == ["11:00", "PM"]
    assert rendered("{{ deadline|time }}", "pl", deadline=DEADLINE) == "17:00"
    assert rendered("{{ '2026-12-05 09:30'|time }}", "pl") == "09:30"


@pytest.mark.parametrize("filtered", ["date", "time", "number", "money"])
def test_what_is_no_date_or_number_stays_as_it_was_typed(filtered: str) -> None:
    assert rendered("{{ typed|" + filtered + " }}", typed=" next Tuesday ") == "next Tuesday"
    assert rendered("{{ typed|" + filtered + " }}", typed="<b>") == "<b>"


def test_a_day_has_no_time() -> None:
    assert rendered("{{ '2026-12-05'|time }}") == "2026-12-05"


@pytest.mark.parametrize(("language", "words"), [("en", "1,204.5"), ("es", "1,204.5"), ("pl", "1204,5")])
def test_a_number_is_written_as_the_reader_writes_it(language: str, words: str) -> None:
    for value in (1204.5, "1204.5", "1,204.5"):
        assert rendered("{{ value|number }}", language, value=value).replace("\u00a0", "") == words


def test_not_a_number_stays_text() -> None:
    assert rendered("{{ 'NaN'|number }} {{ 'Infinity'|number }}") == "NaN Infinity"


def test_money_has_cents_only_where_there_are_some() -> None:
    assert rendered("{{ 1204|money }} {{ 9.6|money }}") == "$1,204 $9.60"
    assert rendered("{{ '1204'|money }}", "es") == "$1,204"  # as Spanish is written in the United States
    assert rendered("{{ 1204|money('EUR') }}", "pl").replace("\u00a0", "") == "1204€"


@pytest.mark.parametrize(
    ("number", "words"), [(1, "1 telefon"), (2, "2 telefony"), (5, "5 telefonów"), (22, "22 telefony")]
)
def test_a_plural_follows_the_languages_own_rules(number: int, words: str) -> None:
    source = '{{ n|plural(one="# telefon", few="# telefony", many="# telefonów", other="# telefonu") }}'
    assert rendered(source, "pl", n=number) == words


def test_a_plural_form_that_is_not_given_is_the_other() -> None:
    source = '{{ n|plural(one="# call", other="# calls") }}'
    assert [rendered(source, n=n) for n in (1, 0, 1200, "2")] == [
        "1 call",
        "0 calls",
        "1,200 calls",
        "2 calls",
    ]
    assert rendered(source, n="many") == "many calls"


def test_a_plural_needs_the_form_for_all_others() -> None:
    with pytest.raises(RenderFailed, match="TypeError"):
        rendered('{{ 1|plural(one="# call") }}')


def test_something_stands_in_for_what_is_missing_or_blank() -> None:
    source = "{{ attributes.city|otherwise('your town') }}"
    for attributes, words in (
        ({}, "your town"),
        ({"city": " "}, "your town"),
        ({"city": "Cicero"}, "Cicero"),
    ):
        assert rendered(source, attributes=Words(attributes)) == words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("MARIA", "Maria"),
        ("josé luis", "José Luis"),
        ("DeShawn", "DeShawn"),
        ("JP", "JP"),
        (" ", "friend"),
        ("李", "李"),
    ],
)
def test_a_name_is_said_as_one_writes_it(typed: str, said: str) -> None:
    assert rendered("{{ first_name|name('friend') }}", first_name=typed) == said


def test_a_missing_value_is_named() -> None:
    with pytest.raises(RenderFailed, match="undefined variable: deadline"):
        rendered("{{ deadline|date }}")


def test_a_wrong_form_fails_the_message_in_words() -> None:
    with pytest.raises(RenderFailed, match="template error"):
        rendered("{{ '2026-12-05'|date('lengthy') }}")


def test_a_language_that_nobody_knows_counts_as_in_english() -> None:
    assert str(locale_of("xx")) == "en"
    assert direction("xx") == "ltr"


@pytest.mark.parametrize("language", ["ar", "ur", "fa", "he", "ar-EG"])
def test_what_runs_from_right_to_left_is_known_for_every_language(language: str) -> None:
    assert direction(language) == "rtl"


def test_a_campaigns_deadline_and_the_greeting_are_in_the_readers_language(
    write_campaign: Callable[..., CampaignSource], organisation: Organisation, person: Callable[..., Person]
) -> None:
    text = "{{ greeting }} {{ deadline|date }} {{ deadline|time }}\n"
    files = {
        "campaign.toml": 'title = "x"\nlevel = "state"\nlists = ["x"]\naction_url = "https://p2a.co/x"\n'
        "deadline = 2026-12-05T17:00:00-06:00\n",
        **{f"{folder}{name}": text for folder in ("", "es/", "pl/") for name in ("body.txt", "body.html")},
        **{f"{folder}subject.txt": "x" for folder in ("es/", "pl/")},
    }
    compiled = Compiled(freeze(write_campaign(files=files), organisation))
    for language, first_name, words in (
        ("en", "Ana", "Hello Ana, December 5, 2026"),
        ("en", None, "Hello, December 5, 2026"),
        ("es", "Ana", "Hola, Ana: 5 de diciembre de 2026"),
        ("pl", "Ana", "Dzień dobry! 5 grudnia 2026 17:00"),
    ):
        assert words in compiled.preview_text(person(language=language, first_name=first_name))
    assert "Hello &lt;b&gt;," in compiled.preview_html(person(first_name="<b>"))
    assert "Hello {x}," in compiled.preview_text(person(first_name="{x}"))
