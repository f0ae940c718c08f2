"""What is rendered tells where it was written, and leaves no mark behind."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from shipped_campaigns import CASES, ORGANISATION, compiled

from dispatcher.content.checks.draft import Draft
from dispatcher.content.load import load_campaign
from dispatcher.content.page import read_page
from dispatcher.content.templating import compile_part, render_part
from dispatcher.content.trace import MarkingShelf, Marks, Place, Traced

BODY = """<p>Hello {{ name }}.</p>
{% if name == "Ana" %}
<p>You again</p>
{% else %}
<p>You</p>
{% endif %}
{% include "preheader.txt" %}
"""


@pytest.fixture
def marks() -> Marks:
    return Marks()


def traced(marks: Marks, files: dict[str, str], part: str, **values: Any) -> Traced:
    """A part of a folder `es/`, rendered."""
    shelf = MarkingShelf(Path("budget/es"), files, "es/", marks)
    return marks.read(render_part(compile_part(shelf.part(part), part), values))


def line_of(found: Traced, words: str) -> tuple[str, int | None]:
    place = found.at(found.text.index(words))
    assert place is not None
    return place.file, place.line


def test_words_are_traced_to_the_line_that_they_were_written_in(marks: Marks) -> None:
    found = traced(marks, {"body.html": BODY}, "body.html", name="Ana", org={"name": "ICIRR"})
    assert line_of(found, "Hello") == ("budget/es/body.html", 1)
    assert line_of(found, "Ana") == ("budget/es/body.html", 1)
    assert line_of(found, "You again") == ("budget/es/body.html", 3)


def test_what_is_included_from_the_layouts_counts_as_the_line_that_includes_it(marks: Marks) -> None:
    found = traced(marks, {"body.html": BODY}, "body.html", name="Ana", org={"name": "ICIRR"})
    assert line_of(found, "ICIRR") == ("budget/es/body.html", 7)


def test_what_is_included_from_the_same_folder_keeps_its_own_lines(marks: Marks) -> None:
    files = {"body.txt": 'One\n{% include "end.txt" %} and\n', "end.txt": "\nTwo {{ name }}"}
    found = traced(marks, files, "body.txt", name="Ana")
    assert line_of(found, "Two") == ("budget/es/end.txt", 2)
    assert line_of(found, "and") == ("budget/es/body.txt", 2)


def test_nothing_is_left_of_the_marks(marks: Marks) -> None:
    plain = render_part(compile_part("<p>Hello {{ name }}.</p>\n", "x.html"), {"name": "Ana"})
    assert traced(marks, {"body.html": "<p>Hello {{ name }}.</p>\n"}, "body.html", name="Ana").text == plain


def test_the_branches_that_were_taken_are_told(marks: Marks) -> None:
    found = traced(marks, {"body.html": BODY}, "body.html", name="Li", org={"name": "ICIRR"})
    branches = {place for place in marks.places if place.branch}
    assert {(place.line, place.branch) for place in branches} == {
        (2, '{% if name == "Ana" %}'),
        (4, "{% else %}"),
    }
    assert [place.line for place in branches & set(found.places)] == [4]


def test_space_that_an_author_takes_away_stays_away(marks: Marks) -> None:
    found = traced(marks, {"sms.txt": "Hello {{- name -}} \n, call"}, "sms.txt", name="Ana")
    assert found.text == "HelloAna, call"


def test_nobody_knows_where_unmarked_words_were_written(marks: Marks) -> None:
    assert marks.read("plain").at(0) is None
    marks.mark(Place("a", 1))
    assert marks.read("\U0010fffd is somebody's own sign").text == "\U0010fffd is somebody's own sign"


@pytest.mark.parametrize("slug", sorted({slug for slug, _ in CASES}))
def test_a_shipped_campaign_reads_the_same_with_marks_and_each_line_is_there(slug: str) -> None:
    source = load_campaign(slug)
    draft = Draft(source, ORGANISATION, compiled(slug).frozen, datetime(2026, 12, 1, tzinfo=UTC))
    lines = {source.shown(name): text.count("\n") + 1 for name, text in source.sources.items()}
    for trial in draft.trials:
        assert trial.failures == {}
        for part in ("subject", "text", "sms"):
            assert trial.traced[part].text.split() == trial.parts[part].split()
        assert [words.text.split() for words in trial.page.words] == [
            words.text.split() for words in read_page(trial.parts["html"]).words
        ]
        for place in (place for traced in trial.traced.values() for place in traced.places):
            assert place.line is not None
            assert place.line <= lines.get(place.file, place.line)
