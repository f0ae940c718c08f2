"""Where what providers tell is written down before they are answered: several calls in one transaction.

Nothing waits for a clock: while one transaction is being committed, the next one gathers what comes in.
"""

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from dispatcher.callbacks.base import Verdict
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.rules.events import Event
from dispatcher.usecases.feedback.taking import take
from dispatcher.usecases.spend_tokens import spend_tokens

log = logging.getLogger("dispatcher.web")

_AT_ONCE = 500  # calls in one transaction; most tell one event
_WAITING = 5000  # calls; who comes then is to come again: providers do, and the memory isn't theirs to fill
_PATIENCE = 12.0  # seconds until a call is told to come again; Twilio waits 15


@dataclass(frozen=True, slots=True)
class _Told:
    """The events of one call, whose answer waits. `once`: their proof counts for nothing else."""

    events: Sequence[Event]
    once: bool
    answer: "asyncio.Future[Verdict]"


class EventBook:
    """One writer for all calls of a process."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._waiting: list[_Told] = []
        self._writer: asyncio.Task[None] | None = None
        self._trouble = ""
        # Not of the site's common threads, which slow pages may all be using.
        self._thread = ThreadPoolExecutor(1, "events")

    async def keep(self, events: Sequence[Event], *, once: bool = False) -> Verdict:
        """Write a call's events down: GENUINE when they are on the disk, REPLAYED when their proof was used
        for something else before, BUSY when it couldn't be done now.
        """
        if len(self._waiting) >= _WAITING:
            return Verdict.BUSY
        told = _Told(events, once, asyncio.get_running_loop().create_future())
        self._waiting.append(told)
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_on())
        try:
            async with asyncio.timeout(_PATIENCE):
                return await told.answer
        except TimeoutError:
            return Verdict.BUSY

    async def _write_on(self) -> None:
        """Until nobody waits."""
        loop = asyncio.get_running_loop()
        while batch := self._waiting[:_AT_ONCE]:
            del self._waiting[:_AT_ONCE]
            verdicts = await loop.run_in_executor(self._thread, self._write, batch)
            for told, verdict in zip(batch, verdicts, strict=True):
                if not told.answer.done():  # its patience may be at an end
                    told.answer.set_result(verdict)

    def _write(self, batch: Sequence[_Told]) -> list[Verdict]:
        """All in one transaction; each by itself where that fails, so that none spoils another's."""
        try:
            verdicts = self._stored(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, the provider is to tell it again
            if len(batch) > 1 and not isinstance(error, DispatchError):
                return [verdict for told in batch for verdict in self._write([told])]
            code = error.code if isinstance(error, DispatchError) else type(error).__name__
            if code != self._trouble:  # once, however many come again
                log.warning("Calls of providers can't be written down, and are to be made again: %s.", code)
            self._trouble = code
            return [Verdict.BUSY] * len(batch)
        self._trouble = ""
        return verdicts

    def _stored(self, batch: Sequence[_Told]) -> list[Verdict]:
        with self._house.db.transaction() as session:
            proved = [event for told in batch if told.once for event in told.events]
            misused = spend_tokens(session, self._house.keys, proved)
            believed = [told for told in batch if misused.isdisjoint(told.events)]
            take(session, self._house.keys, [event for told in believed for event in told.events])
        return [Verdict.GENUINE if misused.isdisjoint(told.events) else Verdict.REPLAYED for told in batch]
