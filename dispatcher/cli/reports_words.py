"""A report in a terminal of 80 columns: sentences first, then tables, then what to do."""

from collections.abc import Iterable, Sequence
from textwrap import fill
from typing import TYPE_CHECKING

from dispatcher.cli.out import marked, say, table
from dispatcher.rules.alert import Channel
from dispatcher.rules.shares import Share, percent
from dispatcher.usecases.report.comparing import RATES, Judgement, rate
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.words import NOT_KNOWN, cost, lead, of_channel, remarks, shown, to_do, when

if TYPE_CHECKING:
    from dispatcher.usecases.report.errors import Trouble
    from dispatcher.usecases.report.report import Report

_WIDTH = 80
_MOST = 10  # rows of a table; --json and --csv have all
_CODES = 3
_NAMES = {Channel.EMAIL: "email", Channel.SMS: "text"}
_ROWS: Sequence[tuple[Measure, str]] = (
    (Measure.AUDIENCE, "audience"),
    (Measure.SENT, "sent"),
    (Measure.DELIVERED, "delivered"),
    (Measure.CLICKED, "people who clicked"),
    (Measure.VISITS, "times links were opened"),
    (Measure.ACTED, "people who acted"),
    (Measure.LEFT, "left"),
    (Measure.BOUNCED, "bounced"),
    (Measure.COMPLAINED, "reported as spam"),
    (Measure.FAILED, "failed"),
    (Measure.UNCERTAIN, "uncertain"),
    (Measure.SKIPPED, "skipped"),
    (Measure.CANCELLED, "cancelled"),
    (Measure.WAITING, "still waiting"),
)
_ALWAYS = {Measure.AUDIENCE, Measure.SENT, Measure.DELIVERED, Measure.ACTED, Measure.LEFT}
_COLUMNS = (
    *(Measure.AUDIENCE, Measure.SENT, Measure.DELIVERED, Measure.CLICKED, Measure.ACTED, Measure.LEFT),
    Measure.BOUNCED,
)


def tell(report: "Report") -> None:
    """Say everything, on stdout."""
    with marked(say, practice=report.practice):
        began = f", {when(report.began, report.zone)}" if report.began else ""
        _paragraph(f"Alert {report.alert_id}{began}: {report.title}")
        say()
        _paragraph(lead(report))
        if report.channels:
            _channels(report)
            _breakdowns(report)
        _troubles(report.troubles)
        _beside_earlier(report)
        _closing_words(report)


def _channels(report: "Report") -> None:
    """Measures down, channels across; each with its share of the sent."""
    rows = [
        (words, *(_with_share(row, measure) for row in report.channels.values()))
        for measure, words in _ROWS
        if measure in _ALWAYS or any(row[measure] for row in report.channels.values())
    ]
    say()
    table(("", *(_NAMES[channel] for channel in report.channels)), rows)


def _with_share(row: Row, measure: Measure) -> str:
    number, whole = shown(row, measure), rate(row, measure)
    return f"{number} ({percent(whole)} of sent)" if whole and measure in RATES else number


def _breakdowns(report: "Report") -> None:
    for channel, rows in report.languages.items():
        if len(rows) > 1:
            _breakdown(f"language ({_NAMES[channel]})", rows)
    if len(report.domains) > 1:
        _breakdown("domain", report.domains)


def _breakdown(what: str, rows: Sequence[Row]) -> None:
    columns = [measure for measure in _COLUMNS if any(row[measure] is not None for row in rows)]
    taken = sum(2 + max(len(one), *(len(shown(row, one)) for row in rows[:_MOST])) for one in columns)
    say()
    table(
        (what, *columns),
        [
            (_cut(row.label, _WIDTH - taken), *(shown(row, measure) for measure in columns))
            for row in rows[:_MOST]
        ],
    )
    if more := rows[_MOST:]:
        people = sum(row.count(Measure.AUDIENCE) for row in more)
        say(f"and {len(more):,} more with {people:,} (--json has all)")


def _troubles(troubles: "Iterable[Trouble]") -> None:
    for nth, trouble in enumerate(troubles):
        if nth == 0:
            say()
            say("What went wrong")
        often = ", ".join(
            f"{code} ({number:,})" for code, number in trouble.codes.most_common(_CODES) if code
        )
        codes = f" [{often}]" if often else ""
        words = f"{of_channel(trouble.channel, trouble.number)}: {trouble.explained.words}{codes}."
        _paragraph(words, first="  ", others="    ")


def _beside_earlier(report: "Report") -> None:
    compared = [one for one in report.compared if one.judgement is not Judgement.UNKNOWN]
    if not compared:
        return
    numbers = ", ".join(str(one.alert_id) for one in report.earlier)
    say()
    _paragraph(f"Beside the campaign's earlier {_alerts(len(report.earlier))} ({numbers}); of the sent")
    rows = []
    for channel, row in report.channels.items():
        own = [one for one in compared if one.channel is channel]
        rows += [(f"{_NAMES[channel]} sent", shown(row, Measure.SENT), "", "")] if own else []
        rows += [(f"  {one.measure}", _short(one.now), _share(one.before), str(one.judgement)) for one in own]
    table(("", "now", "before", ""), rows)
    _paragraph(
        "Better or worse is said only where chance alone hardly makes such a difference: the ranges in which "
        "the true rates lie, at 95%, don't overlap."
    )


def _alerts(number: int) -> str:
    return "alert" if number == 1 else f"{number} alerts together"


def _short(share: Share | None) -> str:
    return NOT_KNOWN if share is None else f"{percent(share)} ({share.number:,})"


def _share(share: Share | None) -> str:
    return NOT_KNOWN if share is None else f"{percent(share)} ({share.number:,} of {share.of:,})"


def _closing_words(report: "Report") -> None:
    said = [words for words in (cost(report), *remarks(report)) if words]
    if said:
        say()
    for words in said:
        _paragraph(words)
    for nth, words in enumerate(to_do(report), 1):
        if nth == 1:
            say()
            say("What to do")
        _paragraph(words, first=f"  {nth}. ", others="     ")


def _paragraph(words: str, *, first: str = "", others: str = "") -> None:
    say(fill(words, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False))


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"
