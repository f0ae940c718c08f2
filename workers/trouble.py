"""Says in the log that something is wrong: once, not at every try, and once more when it is over."""

import logging
import traceback

from dispatcher.errors import DispatchError

log = logging.getLogger("dispatcher.worker")


class Trouble:
    """Remembers what was said. One for each thing that is tried again and again."""

    def __init__(self) -> None:
        self._said: str | None = None

    def met(self, error: Exception) -> None:
        """Log an error, unless the last one was the same. Of an unexpected one only its type and where it
        came from: its words could hold an address. Of one about a list or a campaign as well: its name may
        say who is on it.
        """
        known = isinstance(error, DispatchError) and "slug" not in error.facts
        code = error.code if isinstance(error, DispatchError) else type(error).__name__
        if code != self._said:
            self._said = code
            log.error("%s", error if known else _without_words(error))

    def over(self) -> None:
        """Log that it works again, if it didn't."""
        if self._said is not None:
            log.warning("It works again (after: %s).", self._said)
            self._said = None


def _without_words(error: Exception) -> str:
    places = "".join(traceback.format_tb(error.__traceback__))
    return f"Unexpected {type(error).__name__}. Please report it with these lines:\n{places.rstrip()}"
