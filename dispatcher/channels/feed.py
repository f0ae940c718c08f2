"""What a sender is fed: messages to begin now, and pauses in between."""

import time
from collections.abc import Iterable

from dispatcher.rules.rendered import Rendered

# A message to begin at once; or a number of seconds in which there is none, unless something is answered.
Fed = Rendered | float


class Feed:
    """A batch as a sender reads it: never ahead of what it can begin, so that the batch sets the pace."""

    def __init__(self, batch: Iterable[Fed]) -> None:
        self._items = iter(batch)
        self._quiet_until = 0.0  # a reading of time.monotonic()
        self.ended = False

    def next(self) -> Rendered | None:
        """The next message, to be begun now; None when there is none at this moment."""
        if self.ended or time.monotonic() < self._quiet_until:
            return None
        item = next(self._items, None)
        if item is None:
            self.ended = True
        elif isinstance(item, float):
            self._quiet_until = time.monotonic() + item
        else:
            return item
        return None

    @property
    def quiet_for(self) -> float:
        """Seconds until it is worth asking again."""
        return max(0.0, self._quiet_until - time.monotonic())

    def answered(self) -> None:
        """An answer came: the batch may have something new to say."""
        self._quiet_until = 0.0
