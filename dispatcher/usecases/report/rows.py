"""The rows of a report: a channel's numbers, and those of its languages and domains, which add up to them."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.small_counts import OTHER, too_small
from dispatcher.usecases.report.answers import Answers
from dispatcher.usecases.report.counting import Cell, Counts
from dispatcher.usecases.report.measures import Measure, Row, measured

K = TypeVar("K", bound=Hashable)
_NONE: Counter[Status] = Counter()
_Visits = Mapping[Channel, Mapping[str, int]]


class Rows:
    """Makes the rows of one alert from what was counted."""

    def __init__(self, counts: Counts, answers: Answers, visits: _Visits) -> None:
        """`visits`: openings of links by people, by channel and language; a channel without links of ours has
        none.
        """
        self._counts = counts
        self._visits = visits
        self._told = {of: statuses[Status.DELIVERED] > 0 for of, statuses in counts.channels.items()}
        self._clicks_known = answers.clicks_known
        self._by_channel = _folded(answers, lambda cell: cell.channel)
        self._by_language = _folded(answers, lambda cell: (cell.channel, cell.language))
        self._by_domain = _folded(answers, lambda cell: cell.domain)

    def channels(self) -> dict[Channel, Row]:
        """One a channel that the alert went by."""
        found = {}
        for channel in (one for one in Channel if one in self._counts.channels):
            visits = self._visits.get(channel)
            further = _of(self._by_channel, channel)
            further[Measure.VISITS] = None if visits is None else sum(visits.values())
            found[channel] = self._row(channel, channel, self._counts.channels[channel], further)
        return found

    def languages(self, channel: Channel) -> list[Row]:
        """One a language of the channel, the largest first."""
        visits = self._visits.get(channel)
        found = {language for of, language in self._counts.languages if of is channel}
        rows = []
        for language in found | {*(visits or ())}:
            further = _of(self._by_language, (channel, language))
            further[Measure.VISITS] = None if visits is None else visits.get(language, 0)
            statuses = self._counts.languages.get((channel, language), _NONE)
            rows.append(self._row(channel, language, statuses, further))
        return largest_first(rows)

    def domains(self) -> list[Row]:
        """One a domain of the emails, the largest first; those with few messages together as `other`: such a
        one may be somebody's own. A link doesn't say the domain of who opens it.
        """
        sizes = {domain: statuses.total() for domain, statuses in self._counts.domains.items()}
        small = too_small(sizes, together=str) | ({OTHER} & {*sizes})
        found = {
            domain: (statuses, _of(self._by_domain, domain))
            for domain, statuses in self._counts.domains.items()
            if domain not in small
        }
        if small:
            together = sum((self._counts.domains[domain] for domain in small), Counter[Status]())
            further: dict[Measure, int | None] = {
                measure: sum(by_domain[domain] for domain in small)
                for measure, by_domain in self._by_domain.items()
            }
            found[OTHER] = together, further
        return largest_first(self._row(Channel.EMAIL, domain, *rest) for domain, rest in found.items())

    def _row(
        self,
        channel: Channel,
        label: str,
        statuses: Mapping[Status, int],
        further: Mapping[Measure, int | None],
    ) -> Row:
        if channel not in self._clicks_known:
            further = {**further, Measure.CLICKED: None}
        return Row(str(label), measured(statuses, told=self._told[channel], further=further))


def largest_first(rows: Iterable[Row]) -> list[Row]:
    """By audience, `other` last."""
    return sorted(rows, key=lambda row: (row.label == OTHER, -row.count(Measure.AUDIENCE), row.label))


def _folded(answers: Answers, by: Callable[[Cell], K]) -> dict[Measure, Counter[K]]:
    folded = {measure: Counter[K]() for measure in answers.cells}
    for measure, cells in answers.cells.items():
        for cell, number in cells.items():
            folded[measure][by(cell)] += number
    return folded


def _of(folded: Mapping[Measure, Counter[K]], key: K) -> dict[Measure, int | None]:
    return {measure: numbers[key] for measure, numbers in folded.items()}
