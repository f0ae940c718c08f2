"""What a report of a sensitive alert doesn't tell: counts so small that they say something of a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dispatcher.rules.small_counts import LEAST, OTHER, too_small_alone
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.rows import largest_first

# What is told of a language or domain. The other measures are parts of these and of one another: a small one
# could be reckoned from two that are told.
TOLD = (Measure.AUDIENCE, Measure.VISITS, Measure.ACTED, Measure.LEFT)


def without_small(rows: Iterable[Row]) -> list[Row]:
    """The rows of languages or domains with nothing small in them, nor anything that sums would give away.

    They add up as before: what is hidden is counted under `other`. A row of few people is all of it there;
    so is the only one, if anything of it is small: its numbers are those of the channel.
    """
    found = [_told(row) for row in rows]
    small = too_small_alone(_column(found, Measure.AUDIENCE))
    if small:
        small.add(OTHER)  # there may be such a row already
    found = [row for row in found if row.label not in small] + _together(
        row for row in found if row.label in small
    )
    if _all_are_of_one(found):
        return _together(found)
    for measure in TOLD[1:]:
        found = _hidden_in(found, measure)
    return largest_first(found)


def _told(row: Row) -> Row:
    return Row(row.label, {measure: row[measure] if measure in TOLD else None for measure in Measure})


def _all_are_of_one(rows: Sequence[Row]) -> bool:
    """Whether all people are in one row, so that each sum is that row's, and one of them is small."""
    peopled = [row for row in rows if row.count(Measure.AUDIENCE)]
    return len(peopled) == 1 and any(0 < peopled[0].count(measure) < LEAST for measure in TOLD)


def _column(rows: Sequence[Row], measure: Measure) -> dict[str, int]:
    return {row.label: row.count(measure) for row in rows}


def _together(rows: Iterable[Row]) -> list[Row]:
    """The rows as one; none of none."""
    sums = Counter[Measure]()
    known = set()
    for row in rows:
        for measure in TOLD:
            sums[measure] += row.count(measure)
            known |= {measure} if row[measure] is not None else set()
    return [Row(OTHER, {one: sums[one] if one in known else None for one in Measure})] if known else []


def _hidden_in(rows: Sequence[Row], measure: Measure) -> list[Row]:
    """One column without its small numbers."""
    small = too_small_alone(_column(rows, measure)) - {OTHER}
    if not small:
        return list(rows)
    moved = sum(row.count(measure) for row in rows if row.label in small)
    kept = [
        replace(row, numbers={**row.numbers, measure: 0}, hidden=row.hidden | {measure})
        if row.label in small
        else row
        for row in rows
        if row.label != OTHER
    ]
    others = [row for row in rows if row.label == OTHER] or [_nobody(rows[0])]
    return kept + [
        replace(row, numbers={**row.numbers, measure: row.count(measure) + moved}) for row in others
    ]


def _nobody(like: Row) -> Row:
    """An `other` with nobody in it yet, which knows what the rest knows."""
    return Row(OTHER, {measure: None if like[measure] is None else 0 for measure in Measure})
