"""A provider of its own process: makes calls over kept-open connections, and makes those again that failed.

Run as `python caller.py PORT CALLS CONNECTIONS RATE`. CALLS is a file, one HTTP request a line, in base64;
RATE is calls a second, 0 for as many as are answered. What it writes at the end is JSON: `seconds`, `answers`
(by their status), `again` (calls that were made again) and `waits` (seconds of the answers that were good).
"""

import asyncio
import base64
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

_AGAIN_AFTER = 0.5  # seconds; providers wait longer
_ANSWERED_WITHIN = 15.0  # seconds; as Twilio


class Provider:
    """All of its connections take the next call that is due."""

    def __init__(self, port: int, calls: list[bytes], rate: float) -> None:
        self._port = port
        self._rate = rate
        self._begun = time.monotonic()
        self._calls: Iterator[tuple[int, bytes]] = iter(enumerate(calls))
        self.answers: Counter[int] = Counter()
        self.waits: list[float] = []
        self.again = 0

    async def work(self) -> None:
        """One connection after another, until no call is left."""
        streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        for number, call in self._calls:
            if self._rate:
                await asyncio.sleep(self._begun + number / self._rate - time.monotonic())
            while True:
                began = time.monotonic()
                try:
                    streams = streams or await asyncio.open_connection("127.0.0.1", self._port)
                    async with asyncio.timeout(_ANSWERED_WITHIN):
                        status = await _ask(*streams, call)
                except (OSError, asyncio.IncompleteReadError):  # a time-out is an OSError
                    streams, status = None, 0
                self.answers[status] += 1
                if 200 <= status < 300 or status == 404:
                    self.waits.append(time.monotonic() - began)
                    break
                self.again += 1
                await asyncio.sleep(_AGAIN_AFTER)
        if streams:
            streams[1].close()


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call: bytes) -> int:
    writer.write(call)
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
    if int(length or 0):
        await reader.readexactly(int(length))
    return int(head.split(b" ", 2)[1])


async def main(port: int, calls: list[bytes], connections: int, rate: float) -> None:
    """Make all calls, and say how it went."""
    provider = Provider(port, calls, rate)
    began = time.monotonic()
    await asyncio.gather(*(provider.work() for _ in range(connections)))
    said = {
        "seconds": time.monotonic() - began,
        "answers": dict(provider.answers),
        "again": provider.again,
        "waits": provider.waits,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    lines = Path(sys.argv[2]).read_bytes().splitlines()
    asyncio.run(
        main(
            int(sys.argv[1]), [base64.b64decode(line) for line in lines], int(sys.argv[3]), float(sys.argv[4])
        )
    )
