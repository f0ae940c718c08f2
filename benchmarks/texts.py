"""Texts at 100 segments a second through a provider that takes 100 ms: what was granted, and what it saw."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from figures import Figure
from installation import Installation
from loopback import postgres, redis
from redis import Redis
from sizes import Sizes

_RATE = 100  # segments a second
_LATENCY = 0.1  # seconds
_PROCESSES = 4
_WARM = 5.0  # seconds after the first text that aren't looked at for the mean
_LONGEST_MEAN = 60.0  # seconds
_SERVER = Path(__file__).with_name("twilio_server.py")
_WORKER = Path(__file__).with_name("journalled_worker.py")


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Once undisturbed, and once with everything that Redis knows deleted midway."""
    for how, flush in (("", False), (", FLUSHALL", True)):
        own = folder / f"flush-{flush}"
        own.mkdir()
        grants, seen = _sent(sizes.steady_seconds, own, flush=flush)
        seconds = min(_LONGEST_MEAN, sizes.steady_seconds - 2 * _WARM)
        begin = seen[0][0] + _WARM
        inside = sum(n for at, n in seen if begin <= at < begin + seconds)
        mean = round(inside / seconds, 1)  # which side of the window's edge one text falls on says nothing
        granted = f"{sum(n for _, n in grants):,} segments, by Redis's clock"
        yield Figure(
            "texts", f"granted in the fullest second{how}", fullest(grants, 1_000_000), granted, None, _RATE
        )
        yield Figure("texts", f"mean at the provider{how}", mean, f"{seconds:.0f} s at {_RATE}/s", 98, 100)
        yield Figure(
            "texts", f"fullest second at the provider{how}", fullest(seen, 1.0), "any second", None, 105
        )


def fullest(events: Sequence[tuple[float, int]], second: float) -> int:
    """The most units in any second, wherever it begins; the events are sorted."""
    most = inside = first = 0
    for at, units in events:
        inside += units
        while events[first][0] <= at - second:
            inside -= events[first][1]
            first += 1
        most = max(most, inside)
    return most


def _sent(
    seconds: int, folder: Path, *, flush: bool
) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """(moment, units) of each slot that was granted, and of each text that the provider got."""
    number, arrivals = seconds * _RATE, folder / "arrivals"
    with postgres() as database, redis() as queue, twilio(arrivals) as port:
        base = quote(f"http://127.0.0.1:{port}", safe="")
        url = f"twilio://AC{'0' * 32}:token@?from=+13125550100&api_base={base}"
        ours = Installation(folder, database, queue, sms_url=url, rate_sms=f"{_RATE}/s", sms_hours="none")
        ours.add_people(number, texts=True)
        with ours.worker(_PROCESSES, [sys.executable, "-P", str(_WORKER), str(folder)]):
            if flush:
                threading.Thread(target=_flush_midway, args=(queue, ours, number // 2)).start()
            ours.send_all("sms")
    seen = _events(arrivals)
    assert len(seen) == number, (len(seen), number)
    return sorted(event for file in folder.glob("grants.*") for event in _events(file)), seen


def _flush_midway(queue: str, ours: Installation, number: int) -> None:
    while ours.query("SELECT count(*) FROM delivery_log")[0][0] < number:
        time.sleep(0.5)
    with Redis.from_url(queue) as client:
        client.flushall()


@contextmanager
def twilio(journal: Path) -> Iterator[int]:
    """A Twilio on this machine that writes its journal at the end; its port."""
    server = subprocess.Popen(
        [sys.executable, str(_SERVER), str(_LATENCY), str(journal)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait(30)


def _events(file: Path) -> list[tuple[float, int]]:
    lines = (line.split() for line in file.read_text().splitlines())
    return sorted((float(at), int(units)) for at, units in lines)
