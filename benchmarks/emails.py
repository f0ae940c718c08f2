"""Emails end to end, beside Postfix's own generator and beside a task a recipient, in one run."""

import statistics
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from crowd import message_bytes, write_campaign
from figures import Figure
from installation import Installation
from loopback import postgres, redis, smtp_sink
from naive import naive_rate
from sizes import Sizes

_PROCESSES = 2
_CONNECTIONS = 16
_BEFORE_AND_AFTER = 2  # runs of smtp-source on each side of ours


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The rate end to end as a ratio to smtp-source's, and to the naive one."""
    write_campaign(folder)
    size = message_bytes()
    runs = [smtp_source(sizes.emails, size) for _ in range(_BEFORE_AND_AFTER)]
    ours = end_to_end(sizes.emails, folder)
    runs += [smtp_source(sizes.emails, size) for _ in range(_BEFORE_AND_AFTER)]
    limit = statistics.fmean(runs)
    spread = f"{min(runs):,.0f} to {max(runs):,.0f}"
    yield Figure(
        "emails", "end to end / smtp-source", ours / limit, f"{ours:,.0f}/s / {limit:,.0f}/s ({spread})", 0.20
    )
    naive = naive_rate(sizes.naive, _PROCESSES)
    yield Figure(
        "emails",
        "end to end / a Celery task a recipient",
        ours / naive,
        f"{ours:,.0f}/s / {naive:,.1f}/s",
        12,
    )


def end_to_end(number: int, folder: Path) -> float:
    """Messages a second, from the laying out of the audience to the last result in the database."""
    with postgres() as database, redis() as queue, smtp_sink() as port:
        ours = Installation(folder, database, queue, email_url=smtp_url(port, _CONNECTIONS))
        ours.add_people(number)
        with ours.worker(_PROCESSES):
            return number / ours.send_all()


def smtp_url(port: int, connections: int) -> str:
    """For DISPATCH_EMAIL_URL."""
    return f"smtp://127.0.0.1:{port}?connections={connections}&starttls=no"


def smtp_source(number: int, size: int) -> float:
    """Messages of `size` bytes a second of Postfix's own generator on 16 sessions: what SMTP allows on this
    machine.
    """
    with smtp_sink() as port:
        sizes = ["-m", str(number), "-l", str(size)]
        began = time.monotonic()
        subprocess.run(["smtp-source", "-d", "-s", "16", *sizes, f"127.0.0.1:{port}"], check=True)
        return number / (time.monotonic() - began)
