"""The archive as pages read it; what was rendered once is kept, for an edition never changes."""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen, pick_language
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.same_words import Said, Verdict, compare, is_enough, reduced
from dispatcher.tokens import Signer
from dispatcher.usecases.archive.published import Published, contents, published, published_alert
from dispatcher.usecases.archive.wording import EditionWords, Wording, email_page, words_of
from dispatcher.usecases.short_links import as_written, short_links_of

LONGEST = 5000  # characters of what somebody pastes
_COMPARED = 200  # alerts: years of them
_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One public alert and its words, the newest edition first."""

    alert: Published
    editions: tuple[tuple[int, EditionWords], ...]  # (number, words)

    def wording(self, reader: str) -> Wording | None:
        """The newest words for a reader: in their language, else in the campaign's own."""
        wordings = {one.language: one for one in self.editions[0][1].wordings}
        found = pick_language(reader, wordings) or next(iter(wordings), None)
        return wordings[found] if found else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to somebody who asks whether a text is ours, and of which alert it is."""

    verdict: Verdict
    alert: Published | None = None


class Archive:
    """Threads may share it."""

    def __init__(
        self, house: House, signer: Signer, *, compared: int = _COMPARED, at_once: int = _AT_ONCE
    ) -> None:
        """`compared`: with so many alerts a text is compared, `at_once` at a time."""
        self._house = house
        self._signer = signer
        self._compared = compared
        self._at_once = at_once
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, frozenset[Channel]], EditionWords] = OrderedDict()

    def page(self, *, limit: int, before: int | None = None) -> list[Entry]:
        """The newest alerts, of those older than alert `before` where it is given."""
        with self._house.db.reading() as session:
            found = published(session, self._house.settings, limit=limit, before=before)
            return self._entries(session, found)

    def alert(self, alert_id: int) -> Entry | None:
        """One public alert."""
        with self._house.db.reading() as session:
            found = published_alert(session, self._house.settings, alert_id)
            return self._entries(session, [found])[0] if found else None

    def email(self, alert_id: int, number: int, language: str) -> str | None:
        """The HTML of one edition in one language, as nobody in particular gets it."""
        with self._house.db.reading() as session:
            found = published_alert(session, self._house.settings, alert_id)
            editions = dict(found.editions) if found and Channel.EMAIL in found.channels else {}
            kept = contents(session, [editions[number]]) if number in editions else {}
        pages = (
            email_page(Frozen.from_json(content), language, self._house.settings.public_url)
            for content in kept.values()
        )
        return next(pages, None)

    def compare(self, text: str) -> Answer:
        """Whether we sent these words. They are neither kept nor logged."""
        said = reduced(text[:LONGEST])
        enough = is_enough(said)
        if not enough and not said.links:  # however few the words: a link that we never sent isn't ours
            return Answer(Verdict.TOO_SHORT)
        host = self._house.settings.public_url.partition("://")[2]
        best, before = Answer(Verdict.NOT_OURS), None
        for _ in range(0, self._compared, self._at_once):
            entries = self.page(limit=self._at_once, before=before)
            for entry in entries:
                verdict = _best(compare(said, ours, host) for ours in _compared(entry))
                if verdict is Verdict.OURS:
                    return Answer(verdict, entry.alert) if enough else Answer(Verdict.TOO_SHORT)
                if verdict is Verdict.OTHER_LINK and best.alert is None:
                    best = Answer(verdict, entry.alert)
            if len(entries) < self._at_once:
                break
            before = entries[-1].alert.alert_id
        return best

    def _entries(self, session: Session, alerts: Sequence[Published]) -> list[Entry]:
        with self._lock:
            missing = [
                edition_id
                for alert in alerts
                for _, edition_id in alert.editions
                if (edition_id, alert.channels) not in self._kept
            ]
            found = contents(session, missing) if missing else {}
            for alert in alerts:
                for number, edition_id in alert.editions:
                    if edition_id in found:
                        words = self._words(session, alert, number, found[edition_id])
                        self._kept[edition_id, alert.channels] = words
            entries = [
                Entry(alert, tuple((n, self._kept[key, alert.channels]) for n, key in alert.editions))
                for alert in alerts
            ]
            while len(self._kept) > 2 * self._compared:  # some have several editions
                self._kept.popitem(last=False)
            return entries

    def _words(self, session: Session, alert: Published, number: int, content: str) -> EditionWords:
        settings = self._house.settings
        links = as_written(short_links_of(session, alert.alert_id, number), settings, self._signer)
        return words_of(Frozen.from_json(content), alert.channels, links, settings.public_url)


def _compared(entry: Entry) -> Iterator[Said]:
    for _, words in entry.editions:
        for wording in words.wordings:
            yield from wording.compared


def _best(verdicts: Iterable[Verdict]) -> Verdict:
    found = set(verdicts)
    return next((verdict for verdict in Verdict if verdict in found), Verdict.NOT_OURS)
