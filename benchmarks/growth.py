"""One worker, and audiences that grow: the time a message takes, and the memory that the worker holds."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

from emails import smtp_url
from figures import Figure
from installation import Installation
from loopback import postgres, redis, smtp_sink
from processes import held_by
from sizes import Sizes

_PROCESSES = 2
_CONNECTIONS = 16
_WARM_UP = 500  # messages of an alert before the one that is timed
_SLOWEST = 100  # messages a second, below which we stop
_LOOKS_EVERY = 1.0  # seconds
_OPEN = "SELECT coalesce(sum(size), 0) FROM chunks WHERE open"  # far cheaper than counting a million messages

Samples = list[tuple[int, int]]  # messages so far, bytes that the worker held


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Times a message as ratios to the smaller audiences'; memory to what it was early in the largest's."""
    each: dict[int, float] = {}
    samples: Samples = []
    for number in sizes.growth:
        each[number], samples = _grown(number, folder / f"{number}")
        for smaller in [
            n for n in each if n < number
        ]:  # the smallest one's fixed costs would flatter the rest
            words = f"{each[number] * 1e6:,.0f} us / {each[smaller] * 1e6:,.0f} us"
            name = f"time a message, {number:,} / {smaller:,}"
            yield Figure("growth", name, each[number] / each[smaller], words, None, 1.2)
    early = next(held for sent, held in samples if sent >= sizes.memory_from)
    last, most = samples[-1][1], max(held for sent, held in samples if sent >= sizes.memory_from)
    for when, held in (("at the end", last), ("at most", most)):
        words = f"{held / 1e6:,.0f} MB / {early / 1e6:,.0f} MB"
        name = f"the worker's memory {when} / at {sizes.memory_from:,}"
        yield Figure("growth", name, held / early, words, None, 1.2)


def _grown(number: int, folder: Path) -> tuple[float, Samples]:
    """Seconds a message, and the memory on the way."""
    folder.mkdir()
    with postgres() as database, redis() as queue, smtp_sink() as port:
        ours = Installation(folder, database, queue, email_url=smtp_url(port, _CONNECTIONS))
        ours.add_people(number)
        with ours.worker(_PROCESSES) as worker:
            ours.send("email", "--wait", "--again", "warm-up", "--limit", str(_WARM_UP))
            ours.send("email", "--again", "timed")
            samples = _followed(ours, number, worker.pid)
            said = json.loads(ours.dispatch("status", "--json"))["alerts"][0]
        assert said["counts"]["email"] == {"sent": number}, said
        return said["seconds"] / number, samples


def _followed(ours: Installation, number: int, pid: int) -> Samples:
    """Wait until all is sent. Not by `send --wait`: its looks at a million rows would be measured, too."""
    samples: Samples = []
    end = time.monotonic() + 120 + number / _SLOWEST
    while (sent := number - ours.query(_OPEN)[0][0]) < number:
        samples.append((sent, held_by(pid)))
        if time.monotonic() > end:
            raise RuntimeError(f"Only {sent:,} of {number:,} were sent.")
        time.sleep(_LOOKS_EVERY)
    return samples
