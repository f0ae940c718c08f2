"""Emails through a relay that is 30 ms away."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emails import smtp_url
from figures import Figure
from installation import Installation
from loopback import postgres, redis, smtp_sink
from sizes import Sizes

_SECONDS = 0.030  # added to each answer
_CONNECTIONS = 50  # in all processes together
_PROXY = Path(__file__).with_name("delay_proxy.py")


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The rate as a ratio to what so many connections can do when each round trip takes so long."""
    for processes in (1, 2):
        own = folder / f"{processes}"
        own.mkdir()
        rate, waits = _far_away(sizes.delayed, processes, own)
        possible = _CONNECTIONS / (waits * _SECONDS)
        how = f"{processes} x {_CONNECTIONS // processes} connections"
        words = f"{rate:,.0f}/s / {possible:,.0f}/s; {waits:.2f} round trips a message"
        yield Figure("latency", f"at 30 ms / what is possible, {how}", rate / possible, words, 0.8)


def _far_away(number: int, processes: int, folder: Path) -> tuple[float, float]:
    """Messages a second, and round trips a message as the proxy saw them."""
    seen: dict[str, Any] = {}
    with postgres() as database, redis() as queue, smtp_sink() as sink, _delayed(sink, seen) as port:
        url = smtp_url(port, _CONNECTIONS // processes)
        ours = Installation(folder, database, queue, email_url=url)
        ours.add_people(number)
        with ours.worker(processes):
            seconds = ours.send_all()
    return number / seconds, seen["waits"] / number


@contextmanager
def _delayed(server: int, seen: dict[str, Any]) -> Iterator[int]:
    """A proxy's port; `seen` gets what it saw."""
    proxy = subprocess.Popen(
        [sys.executable, str(_PROXY), str(_SECONDS), str(server)], stdout=subprocess.PIPE, text=True
    )
    assert proxy.stdout is not None
    try:
        yield int(proxy.stdout.readline())
    finally:
        proxy.terminate()
        said, _ = proxy.communicate(timeout=30)
        seen.update(json.loads(said or "{}"))
