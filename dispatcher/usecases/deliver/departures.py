"""Granted messages as the sender hears of them: announced at their slots, to be handed over once their intent
is written.
"""

import heapq
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from dispatcher.channels.feed import Early, Fed, Withdrawn
from dispatcher.rules.rendered import Rendered
from dispatcher.usecases.deliver.in_hand import Slot


@dataclass(slots=True)
class _Departure:
    rendered: Rendered
    at: float  # its slot: a reading of time.monotonic()
    begun: bool = False  # its intent is written
    announced: bool = False


class Departures:
    """`grant`, then `begin` or `refuse`; `next` says what the sender is to hear now."""

    def __init__(self) -> None:
        self._waiting: dict[int, _Departure] = {}  # by message id: slot or intent is still to come
        self._slots: list[tuple[float, int, int]] = []  # a heap of slots to come, with their message ids
        self._order = count()
        self._words: deque[Fed] = deque()
        self._announces = True

    @property
    def next_at(self) -> float | None:
        """A reading of time.monotonic(): when there is something to say, whatever else happens."""
        if self.has_news:
            return 0.0
        return self._slots[0][0] if self._slots else None

    @property
    def has_news(self) -> bool:
        """Whether there is something to say now."""
        return bool(self._words)

    def grant(self, slots: Iterable[Slot]) -> None:
        """These have their slots; their intents are about to be written."""
        for at, ready in slots:
            if ready.rendered is not None:
                self._waiting[ready.due.message_id] = _Departure(ready.rendered, at)
                heapq.heappush(self._slots, (at, next(self._order), ready.due.message_id))

    def begin(self, message_id: int) -> None:
        """Its intent is written: it goes at its slot, or now."""
        if (departure := self._waiting.get(message_id)) is None:
            return
        departure.begun = True
        if departure.at <= time.monotonic():
            self._go(message_id)

    def refuse(self, message_id: int) -> None:
        """It may not go. What was announced costs a connection: nothing more is announced in this turn."""
        departure = self._waiting.pop(message_id, None)
        if departure is not None and departure.announced:
            self._words.append(Withdrawn(message_id))
            self._announces = False

    def next(self) -> Fed | None:
        """What the sender is to hear now."""
        while not self._words and self._slots and self._slots[0][0] <= time.monotonic():
            message_id = heapq.heappop(self._slots)[2]
            departure = self._waiting.get(message_id)
            if departure is None:  # gone before, or refused
                continue
            if departure.begun:
                self._go(message_id)
            elif self._announces:
                departure.announced = True
                self._words.append(Early(departure.rendered))
        return self._words.popleft() if self._words else None

    def _go(self, message_id: int) -> None:
        self._words.append(self._waiting.pop(message_id).rendered)
