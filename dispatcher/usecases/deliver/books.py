"""What a turn writes into the database: answers, what was put aside, intents, and leases given back."""

import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dispatcher.errors import DATABASE_AWAY
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.usecases.daily import spend_today
from dispatcher.usecases.deliver.claim import claim, set_aside, unmark_trying
from dispatcher.usecases.deliver.granted import Batch
from dispatcher.usecases.deliver.in_hand import ChunkInHand, Slot
from dispatcher.usecases.deliver.lease import give_back
from dispatcher.usecases.deliver.pages import Due
from dispatcher.usecases.deliver.prepare import Aside
from dispatcher.usecases.deliver.settle import Answer, settle
from dispatcher.usecases.deliver.slowing import Slowing

_TRY_AGAIN = 0.5  # seconds between two tries to write what became of messages
_LATEST = 600.0  # seconds beyond the lease after which even answers are given up
_WRITTEN_WITHIN = 0.5  # seconds: a result waits so long at most for the next intent to take it along


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything that goes into one transaction. Nobody else touches it: it is written in another thread."""

    answers: dict[ChunkInHand, list[Answer]]
    asides: dict[ChunkInHand, list[Aside]]
    done: Sequence[ChunkInHand]  # to be given back
    batches: Sequence[Batch]  # to begin
    until: float  # a reading of time.monotonic(): the first of the leases ends


class Books:
    """Keeps answers until they are written, all of them with the next intents."""

    def __init__(self, house: House, limiter: Limiter) -> None:
        self._house = house
        self._slowing = Slowing(house, limiter)
        self._answers: defaultdict[ChunkInHand, list[Answer]] = defaultdict(list)
        self._since = 0.0  # a reading of time.monotonic(): how long something has waited to be written

    def add(self, chunk: ChunkInHand, answer: Answer) -> None:
        """Remember an answer."""
        self._answers[chunk].append(answer)
        self.note_news()

    def note_news(self) -> None:
        """There is something to write soon: an answer, or a chunk to give back."""
        self._since = self._since or time.monotonic()

    def overdue_in(self) -> float | None:
        """Seconds until the news must be written, whatever else is to do; None without any."""
        return self._since + _WRITTEN_WITHIN - time.monotonic() if self._since else None

    def entry(self, chunks: Iterable[ChunkInHand], batches: Sequence[Batch]) -> Entry:
        """All there is to write now, and what is to begin. The answers are the entry's from here on."""
        chunks = list(chunks)
        taken = Entry(
            answers=dict(self._answers),
            asides={chunk: chunk.take_asides() for chunk in chunks},
            done=[chunk for chunk in chunks if chunk.done],
            batches=batches,
            until=min((chunk.lease.until for chunk in chunks), default=0.0),
        )
        self._answers.clear()
        self._since = 0.0
        return taken

    def write(self, entry: Entry) -> list[set[int] | None]:
        """One transaction; while the database is away again and again, also beyond the end of the leases: no
        answer may be lost, and a late one settles what was given up.

        Of each batch the ids of those that may go; None when its chunk must be left alone.
        """
        while True:
            try:
                with self._house.db.transaction() as session:
                    return self._write(session, entry)
            except DATABASE_AWAY:
                if time.monotonic() >= entry.until + _LATEST:
                    raise
                time.sleep(_TRY_AGAIN)

    def _write(self, session: Session, entry: Entry) -> list[set[int] | None]:
        # First of all: nobody waits for the day's row who holds a message's.
        going = [self._allowed_today(session, chunk, slots) for chunk, slots in entry.batches]
        for chunk, answers in entry.answers.items():
            settle(session, chunk.lease, chunk.known_occasion, answers, self._slowing)
        for chunk, asides in entry.asides.items():
            set_aside(session, chunk.lease, asides)
        for chunk in entry.done:
            if chunk.lease.one_by_one:
                unmark_trying(session, chunk.lease)
            give_back(session, chunk.lease, wait=chunk.rest)
        return [claim(session, chunk.lease, chunk.known_occasion, dues) for chunk, dues in going]

    def _allowed_today(
        self, session: Session, chunk: ChunkInHand, slots: Sequence[Slot]
    ) -> tuple[ChunkInHand, list[Due]]:
        units = [ready.units for _, ready in slots]
        allowed = spend_today(session, self._house.settings, chunk.lease.channel, units)
        return chunk, [ready.due for _, ready in slots[:allowed]]
