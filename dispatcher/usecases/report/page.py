"""A report as one page to read and to print: no script, and nothing from anywhere else."""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from dispatcher.paths import shipped
from dispatcher.rules.shares import percent
from dispatcher.rules.small_counts import OTHER
from dispatcher.usecases.report.charts import NAMES, funnels, language_name, languages, rates, times
from dispatcher.usecases.report.comparing import RATES, Judgement, rate
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.report.words import cost, lead, of_channel, remarks, shown, to_do, when

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_COMMAND = re.compile("`([^`]+)`")
_OPTION = re.compile(r"--[a-z]+")
_OTHERS = "others together"
_MOST_DOMAINS = 15
_BREAKDOWN = (
    *(Measure.AUDIENCE, Measure.SENT, Measure.DELIVERED, Measure.CLICKED, Measure.ACTED, Measure.LEFT),
    *(Measure.BOUNCED, Measure.VISITS),
)
_HEADINGS = {
    Measure.VISITS: "links opened",
    Measure.COMPLAINED: "reported as spam",
    Measure.WAITING: "still waiting",
}


def as_page(report: Report, *, named: bool) -> str:
    """The page. `named`: with the campaign's title and the alert's name; else the alert's number alone."""
    stylesheet = shipped("templates", "report", "report.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            named=named,
            stylesheet=stylesheet,
            # The one style that the page may have is its own: CSP level 2, hash-source.
            style_hash=b64encode(sha256(stylesheet.encode()).digest()).decode(),
            lead=lead(report),
            to_do=to_do(report),
            remarks=[words for words in (cost(report), *remarks(report)) if words],
            funnels=funnels(report),
            languages=languages(report),
            times=times(report.timeline),
            rates=rates(report),
            measures=[one for one in Measure if any(row[one] for row in report.channels.values())],
            compared=[one for one in report.compared if one.judgement is not Judgement.UNKNOWN],
            columns_of=columns_of,
            domains=report.domains[:_MOST_DOMAINS],
            more_domains=[row.count(Measure.AUDIENCE) for row in report.domains[_MOST_DOMAINS:]],
            channel_names=NAMES,
            heading=lambda measure: _HEADINGS.get(measure, str(measure)),
            language_name=lambda label: _OTHERS if label == OTHER else language_name(label),
            domain_name=lambda label: _OTHERS if label == OTHER else label,
            shown=shown,
            of_sent=of_sent,
            percent=percent,
            number_of=lambda share: f"{share.number:,} of {share.of:,}",
            moment=lambda moment: when(moment, report.zone),
            of_channel=of_channel,
        )
    )


def with_code(words: str) -> "Markup":
    """Words in which `commands` stand in backticks, as HTML."""
    from markupsafe import Markup, escape

    coded = _COMMAND.sub(r"<code>\1</code>", str(escape(words)))
    return Markup(_OPTION.sub(r'<span class="nowrap">\g<0></span>', coded))  # noqa: S704 - escaped just now


def columns_of(rows: Sequence[Row]) -> list[Measure]:
    """Those that are known of any of these; who clicked, or else how often."""
    known = [one for one in _BREAKDOWN if any(row[one] is not None for row in rows)]
    return [one for one in known if one is not Measure.VISITS or Measure.CLICKED not in known]


def of_sent(row: Row, measure: Measure) -> str:
    """A measure's share of the sent; nothing where it is no part of them."""
    share = rate(row, measure) if measure in RATES else None
    return "" if share is None else percent(share)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped("templates", "report")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code"] = with_code
    return environment
