"""The page: whole by itself, in words too, and nothing in it but what was meant."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from past_alerts import BEGAN, Told, act, past_alert
from people import add_list, add_people
from reports_desk import reporting

from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.report.charts import funnels, languages, rates, times
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.page import as_page, columns_of, of_sent
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.report.timeline import Slot, Timeline

EMAIL, SMS = Channel.EMAIL, Channel.SMS


@pytest.fixture
def made(house: House) -> Report:
    """The second of two alerts, by both channels, in two languages, to two domains, with an error."""
    add_list(house)
    people = add_people(house, 14, domain="gmail.com") + add_people(house, 11, domain="yahoo.com")
    past_alert(house, [Told(one) for one in people])
    told = [Told(one, language="en" if nth % 2 else "es") for nth, one in enumerate(people)]
    told[0] = Told(people[0], Status.FAILED, error="smtp 550 5.7.1 <script>")
    began = BEGAN + timedelta(days=5)
    texts = [Told(one, Status.SENT, SMS, segments=1) for one in people[:3]]
    past_alert(house, [*told, *texts], began=began, name="<b>two</b>")
    act(house, people[1], at=began + timedelta(hours=1))
    found = reporting(house, 2)
    slots = (
        Slot(datetime(2026, 3, 7, 15, tzinfo=UTC), 20, 4, 1),
        Slot(datetime(2026, 3, 7, 16, tzinfo=UTC), 0, 1, 0),
    )
    return replace(found, timeline=Timeline(True, slots, later=3))


class _Tags(HTMLParser):
    """Every tag with its attributes, and what was never closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def tags(page: str) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Tags()
    reader.feed(page)
    return reader.tags


def test_the_page_needs_nothing_from_anywhere(made: Report) -> None:
    page = as_page(made, named=True)
    found = tags(page)
    assert not {"script", "img", "link", "iframe", "a", "form"} & {tag for tag, _ in found}
    assert not [1 for _, attributes in found if {"src", "href", "style", "onload", "onclick"} & {*attributes}]
    assert not re.search(r"url\(|@import|https?:", page)


def test_its_own_style_is_the_one_that_its_policy_allows(made: Report) -> None:
    page = as_page(made, named=True)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    (policy,) = (a["content"] for _, a in tags(page) if a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


def test_nothing_in_it_is_taken_for_markup(made: Report) -> None:
    page = as_page(replace(made, title="<img src=x onerror=y>"), named=True)
    assert "<b>two" not in page
    assert "<script>" not in page
    assert "&lt;img" in page


def test_every_chart_says_its_numbers_in_words(made: Report) -> None:
    page = as_page(made, named=True)
    charts = [attributes for tag, attributes in tags(page) if tag == "svg"]
    assert len(charts) == 2 + 1 + 1 + 1  # funnels; time; languages of emails; who acted on emails
    for chart in charts:
        assert chart["role"] == "img"
        for name in (chart["aria-labelledby"] or "").split():
            assert page.count(f'id="{name}"') == 1
    assert "<desc" in page
    assert page.count("<table") >= 6


def test_a_sensitive_campaign_is_a_number(made: Report) -> None:
    page = as_page(replace(made, sensitive=True), named=False)
    assert made.title not in page
    assert "two" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert "<h1>Alert 2</h1>" in page


def test_practice_says_so(made: Report) -> None:
    assert "PRACTICE" in as_page(replace(made, practice=True), named=True)
    assert "PRACTICE" not in as_page(made, named=True)


def test_a_page_without_anything_to_tell_is_a_page(made: Report) -> None:
    empty = replace(
        made,
        began=None,
        channels={},
        languages={},
        domains=[],
        troubles=(),
        texts={},
        earlier=(),
        compared=(),
    )
    page = as_page(replace(empty, timeline=Timeline(False, ())), named=True)
    assert "hasn&#39;t begun yet" in page
    assert "<svg" not in page


def test_bars_are_as_long_as_their_numbers(made: Report) -> None:
    email, text = funnels(made)
    assert [(bar.label, bar.words) for bar in email.bars] == [
        ("audience", "25"),
        ("sent", "24"),
        ("delivered", "24 · 100%"),
        ("acted", "1 · 4%"),
    ]
    assert [bar.length for bar in email.bars] == [300.0, 288.0, 288.0, 12.0]
    assert [(bar.label, bar.length, bar.words) for bar in text.bars if bar.length is None] == [
        ("delivered", None, "not told")
    ]


def test_languages_have_their_names_and_what_arrived_of_them(made: Report) -> None:
    (emails,) = languages(made)
    assert [(bar.label, bar.words) for bar in emails.bars] == [
        ("English", "13 · 1 acted"),
        ("Spanish", "12 · 0 acted"),
    ]
    assert emails.bars[0].inner < (emails.bars[0].length or 0)
    unknown = dict.fromkeys(Measure) | {Measure.AUDIENCE: 5}
    rows = [Row("other", unknown), Row("tlh-xx", unknown)]
    (chart,) = languages(replace(made, languages={EMAIL: rows}))
    assert [(bar.label, bar.words) for bar in chart.bars] == [
        ("other", "5 · acts not known"),
        ("tlh-xx", "5 · acts not known"),
    ]


def test_time_has_a_row_of_bars_for_what_happened(made: Report) -> None:
    chart = times(made.timeline)
    assert chart
    assert [(panel.name, panel.most, len(panel.bars)) for panel in chart.panels] == [
        ("sent", "20", 1),
        ("delivered", "4", 2),
        ("acted", "1", 1),
    ]
    assert [words for _, words, _ in chart.ticks] == ["Mar 7, 15:00", "Mar 7, 16:00"]
    day = times(Timeline(False, (Slot(date(2026, 3, 7), 1, 0, 0),)))
    assert day
    assert [words for _, words, _ in day.ticks] == ["Mar 7"]
    assert times(Timeline(False, ())) is None


def test_rates_stand_on_one_axis_with_their_ranges(made: Report) -> None:
    (acted,) = rates(made)
    this, earlier = acted.points
    assert (this.this, earlier.this) == (True, False)
    assert this.words == "4% · 1 of 24"
    for point in acted.points:
        assert 0 <= point.low <= point.at <= point.high <= 300 + 1e-9
    assert rates(replace(made, earlier=())) == []


def test_tables_have_the_columns_that_are_known(made: Report) -> None:
    row = made.channels[EMAIL]
    assert Measure.CLICKED not in columns_of([row])
    both = Row("x", {**row.numbers, Measure.CLICKED: 1, Measure.VISITS: 3})
    assert Measure.CLICKED in columns_of([both])
    assert Measure.VISITS not in columns_of([both])
    assert Measure.VISITS in columns_of([Row("x", {**row.numbers, Measure.VISITS: 3})])
    assert (of_sent(row, Measure.ACTED), of_sent(row, Measure.FAILED)) == ("4%", "")


def test_what_is_many_is_cut(made: Report) -> None:
    many = [replace(made.domains[0], label=f"d{nth}.example") for nth in range(20)]
    page = as_page(replace(made, domains=many), named=True)
    assert "And 5 more domains with 70 emails." in page
