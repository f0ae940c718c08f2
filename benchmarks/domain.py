"""A domain that takes 50 messages a second, and has half the audience: how long the other half takes."""

import time
from collections.abc import Iterator
from pathlib import Path

from emails import smtp_url
from figures import Figure
from installation import Installation
from loopback import postgres, redis, smtp_sink
from sizes import Sizes

_SLOW = "slow.example"
_PROCESSES = 2
_CONNECTIONS = 16
_OTHERS_DONE_WITHIN = 600  # seconds
_OTHERS_OPEN = "SELECT count(*) FROM chunks WHERE open AND lane <> %s"  # cheap: it is asked again and again
_TOOK = """
SELECT extract(epoch FROM max(at) - min(laid_out_at)), count(*) FILTER (WHERE delivery_log.status = 'sent')
FROM delivery_log JOIN alerts ON alerts.id = alert_id JOIN subscribers ON subscribers.id = subscriber_id
WHERE email_domain <> %s
"""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """The others' time beside a limited domain, as a ratio to theirs alone, and beside the same unlimited."""
    others = sizes.domain // 2
    alone = _others(others, 0, folder / "alone")
    beside = _others(others, others, folder / "beside", rate_domains=f"{_SLOW}=50/s")
    unlimited = _others(others, others, folder / "unlimited")
    name = f"{others:,} others beside as many at 50/s"
    yield Figure("domain", f"{name} / alone", beside / alone, f"{beside:.1f} s / {alone:.1f} s", None, 1.1)
    words = f"{beside:.1f} s / {unlimited:.1f} s"
    yield Figure(
        "domain", "beside as many at 50/s / as many without limit", beside / unlimited, words, None, 1.1
    )


def _others(others: int, slow: int, folder: Path, **given: str) -> float:
    """Seconds from the laying out until everybody outside the slow domain has got theirs."""
    folder.mkdir()
    with postgres() as database, redis() as queue, smtp_sink() as port:
        ours = Installation(folder, database, queue, email_url=smtp_url(port, _CONNECTIONS), **given)
        ours.add_people(others + slow, lambda n: _SLOW if slow and n % 2 else f"domain{n % 50}.example")
        with ours.worker(_PROCESSES):
            ours.send()
            end = time.monotonic() + _OTHERS_DONE_WITHIN
            while ours.query(_OTHERS_OPEN, _SLOW)[0][0]:
                if time.monotonic() > end:
                    raise RuntimeError("The others are not done.")
                time.sleep(0.25)
            seconds, sent = ours.query(_TOOK, _SLOW)[0]
        assert sent == others, (sent, others)
        return float(seconds)
