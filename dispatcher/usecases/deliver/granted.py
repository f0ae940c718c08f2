"""What the limits have granted, until its intents are written.

That is at once, so that a slow disk can't keep a message from its slot; but for a chunk of a limited domain
shortly before its slots: those that are still to come occupy no connection, which the others need.
"""

import heapq
import time
from collections.abc import Sequence
from itertools import count

from dispatcher.usecases.deliver.in_hand import ChunkInHand, Slot

_SOON = 0.05  # seconds: an intent takes less, mostly

Batch = tuple[ChunkInHand, Sequence[Slot]]


class Granted:
    """A queue by slots; times are readings of time.monotonic()."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, ChunkInHand, Slot]] = []
        self._order = count()

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, chunk: ChunkInHand, slots: Sequence[Slot]) -> None:
        """These have their slots."""
        for slot in slots:
            due_at = slot[0] - _SOON if chunk.paced else 0.0
            heapq.heappush(self._heap, (due_at, next(self._order), chunk, slot))

    @property
    def due_at(self) -> float:
        """When the next intent is due; infinity without any."""
        return self._heap[0][0] if self._heap else float("inf")

    @property
    def due(self) -> int:
        """How many intents are due now."""
        now = time.monotonic()
        return sum(at <= now for at, *_ in self._heap)

    def take_due(self, most: int) -> list[Batch]:
        """The intents that are due, `most` at most, those of a chunk together."""
        batches: dict[ChunkInHand, list[Slot]] = {}
        now = time.monotonic()
        while most > 0 and self._heap and self._heap[0][0] <= now:
            *_, chunk, slot = heapq.heappop(self._heap)
            batches.setdefault(chunk, []).append(slot)
            most -= 1
        return list(batches.items())
