"""What a sender is fed: messages to begin now, messages that will likely follow, and pauses in between."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from dispatcher.rules.rendered import Rendered


@dataclass(frozen=True, slots=True)
class Early:
    """A message that may not go yet, but likely soon: whatever doesn't hand it over may be done."""

    message: Rendered


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A message that was announced by `Early` and may not go after all."""

    message_id: int


# A message to begin at once; what comes of it before and instead; or a number of seconds in which there is
# nothing to say, unless something is answered.
Fed = Rendered | Early | Withdrawn | float


class Feed:
    """A batch as a sender reads it: never ahead of what it can begin, so that the batch sets the pace."""

    def __init__(self, batch: Iterable[Fed]) -> None:
        self._items = iter(batch)
        self._quiet_until = 0.0  # a reading of time.monotonic()
        self.ended = False

    def next(self) -> Rendered | Early | Withdrawn | None:
        """What is said next; None when there is nothing at this moment."""
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

    def next_message(self) -> Rendered | None:
        """The next message, to be begun now: for those who have no use for earlier news of it."""
        while isinstance(item := self.next(), Early | Withdrawn):
            pass
        return item

    @property
    def quiet_for(self) -> float:
        """Seconds until it is worth asking again."""
        return max(0.0, self._quiet_until - time.monotonic())

    def answered(self) -> None:
        """An answer came: the batch may have something new to say."""
        self._quiet_until = 0.0
