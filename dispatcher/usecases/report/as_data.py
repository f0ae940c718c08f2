"""A report for programs: one JSON object, or lines of CSV. Their names are a contract: docs/operating.md."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any

from dispatcher.rules.formulas import defused
from dispatcher.rules.shares import Share
from dispatcher.rules.text_cost import TextCost, in_all
from dispatcher.usecases.report.comparing import Compared, Earlier
from dispatcher.usecases.report.errors import Trouble
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.report.words import lead

COLUMNS = ("alert", "practice", "section", "channel", "value", "measure", "number", "of")


def as_json(report: Report, *, named: bool) -> dict[str, Any]:
    """The whole report. `null` is what nobody knows; `hidden` names what is too small to be told.

    `named`: with the campaign's name, and the alert's.
    """
    return {
        "alert": report.alert_id,
        "campaign": report.slug if named else None,
        "name": report.name if named else None,
        "state": report.state,
        "practice": report.practice,
        "sensitive": report.sensitive,
        "made": _iso(report.made),
        "began": _iso(report.began),
        "next_began": _iso(report.next_began),
        "summary": lead(report),
        "channels": {str(channel): _numbers(row) for channel, row in report.channels.items()},
        "people_acted": report.acted,
        "people_acted_at_all": report.acted_at_all,
        "languages": {
            str(channel): {row.label: _numbers(row) for row in rows}
            for channel, rows in report.languages.items()
        },
        "domains": {row.label: _numbers(row) for row in report.domains},
        "errors": [_trouble(report, one) for one in report.troubles],
        "texts": _cost(in_all(report.texts.values())),
        "timeline": {
            "by": "hour" if report.timeline.by_hour else "day",
            "slots": [
                {"begins": _iso(one.begins), "sent": one.sent, "delivered": one.delivered, "acted": one.acted}
                for one in report.timeline.slots
            ],
            "later": report.timeline.later,
        },
        "earlier": [_earlier(one, named=named) for one in report.earlier],
        "compared": [_compared(one) for one in report.compared],
    }


def write_csv(report: Report, file: IO[str], *, named: bool) -> None:
    """One number a line, so that a spreadsheet can turn it as it likes. What nobody knows isn't there."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    first = [report.alert_id, "yes" if report.practice else "no"]
    for line in _lines(report, named=named):
        cells = ["" if cell is None else cell for cell in line]
        writer.writerow([*first, *(defused(cell) if isinstance(cell, str) else cell for cell in cells)])


_Line = tuple[str, str, str, str, int | None, int | None]


def _lines(report: Report, *, named: bool) -> Iterator[_Line]:
    if named:
        yield "campaign", "", report.slug, "", None, None
    for channel, row in report.channels.items():
        yield from _of_rows("channel", channel, [row])
        yield from _of_rows("language", channel, report.languages[channel])
    yield from _of_rows("domain", "email", report.domains)
    yield "people", "", "", "acted", report.acted, None
    yield "people", "", "", "acted_at_all", report.acted_at_all, None
    for trouble in report.troubles:
        for code, number in sorted(trouble.codes.items()):
            yield "error", trouble.channel, trouble.meaning, code, number, None
    for slot in report.timeline.slots:
        for measure in report.timeline.measures:
            yield "time", "", slot.begins.isoformat(), measure, slot[measure], None
    for earlier in report.earlier:
        for channel, row in earlier.channels.items():
            yield from _of_rows("earlier", channel, [row], label=f"alert {earlier.alert_id}")


def _of_rows(section: str, channel: str, rows: Iterable[Row], label: str = "") -> Iterator[_Line]:
    """Of a hidden number nothing is said: not even that it is there."""
    for row in rows:
        for measure in Measure:
            if row[measure] is not None and measure not in row.hidden:
                yield section, channel, label or row.label, measure, row[measure], row[Measure.SENT]


def _numbers(row: Row) -> dict[str, Any]:
    numbers = {str(one): None if one in row.hidden else row[one] for one in Measure}
    return numbers | {"hidden": sorted(row.hidden)}


def _trouble(report: Report, one: Trouble) -> dict[str, Any]:
    return {
        "channel": str(one.channel),
        "meaning": str(one.meaning),
        "number": one.number,
        "words": one.explained.words,
        "whose": str(one.explained.whose),
        "to_do": one.explained.to_do.format(alert=report.alert_id),
        "codes": dict(sorted(one.codes.items())),
    }


def _cost(cost: TextCost) -> dict[str, Any]:
    return {
        "texts": cost.texts,
        "segments": cost.segments,
        "cost": str(cost.cost) if cost.currency else None,
        "currency": cost.currency or None,
        "segments_without_price": cost.unpriced if cost.currency else None,
    }


def _earlier(one: Earlier, *, named: bool) -> dict[str, Any]:
    return {
        "alert": one.alert_id,
        "name": one.name if named else None,
        "began": _iso(one.began),
        "closed": one.closed,
        "channels": {str(channel): _numbers(row) for channel, row in one.channels.items()},
    }


def _compared(one: Compared) -> dict[str, Any]:
    return {
        "channel": str(one.channel),
        "rate": str(one.measure),
        "now": _share(one.now),
        "before": _share(one.before),
        "judgement": one.judgement.name.lower(),
    }


def _share(share: Share | None) -> dict[str, int] | None:
    return None if share is None else {"number": share.number, "of": share.of}


def _iso(moment: datetime | date | None) -> str | None:
    return None if moment is None else moment.isoformat()
