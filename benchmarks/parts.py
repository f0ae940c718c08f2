"""What each part of the house costs a message: processor time, connections, and room on the disk."""

from collections.abc import Iterator
from pathlib import Path

import one_message
from emails import smtp_url
from figures import Figure
from installation import Installation
from loopback import postgres, redis, smtp_sink
from processes import seconds_of
from redis import Redis
from sizes import Sizes

from dispatcher.limiter import Lane, Limiter
from dispatcher.redis_client import redis_of
from dispatcher.rules.rates import Rate

_PROCESSES = 2
_CONNECTIONS = 16
_GRANTS = 2000
_POSTMASTER = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"
_OURS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dispatcher'"
_TABLES = ("messages", "delivery_log", "subscribers", "subscriptions")


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Microseconds of one processor, and bytes, a message; how many of each a processor does in a second."""
    number = sizes.parts
    yield from one_message.measure(folder)
    with postgres() as database, redis() as queue, smtp_sink() as port:
        ours = Installation(folder, database, queue, email_url=smtp_url(port, _CONNECTIONS))
        ours.add_people(number)
        with Redis.from_url(queue) as client, ours.worker(_PROCESSES) as worker:
            pids = {
                "the worker": worker.pid,
                "PostgreSQL": int(ours.query(_POSTMASTER)[0][0]),
                "Redis": int(client.info("server")["process_id"]),
            }
            before = {part: seconds_of(pid) for part, pid in pids.items()}
            rate = number / ours.send_all()
            for part, pid in pids.items():
                each = (seconds_of(pid) - before[part]) / number
                words = f"{1 / max(each, 1e-6):,.0f}/s a core; {rate:,.0f}/s in this run"
                yield Figure("parts", f"{part}, us of a core a message", each * 1e6, words)
            yield _grants(ours, client)
            connections = int(ours.query(_OURS)[0][0])
            words = f"{_PROCESSES} processes and the main one"
            yield Figure("parts", "connections to PostgreSQL, a worker", connections, words)
        for table in _TABLES:
            grown = _bytes(ours, table)
            ours.query(f"VACUUM FULL {table}")
            words = f"{_bytes(ours, table) / number:,.0f} without room for updates"
            yield Figure("parts", f"{table}, bytes a row with its indexes", grown / number, words)


def _grants(ours: Installation, client: "Redis") -> Figure:
    """What the limiter asks of Redis for one mini-batch of a limited domain's messages."""
    unlimited = Rate(10_000_000, 1)
    limiter, lanes = Limiter(redis_of(ours.settings)), [Lane("one", unlimited), Lane("two", unlimited)]
    client.config_resetstat()
    for _ in range(_GRANTS):
        limiter.reserve(lanes, [1] * _CONNECTIONS)
    limiter.close()
    each = float(client.info("commandstats")["cmdstat_evalsha"]["usec_per_call"])
    words = f"{1e6 / each:,.0f}/s, each of up to {_CONNECTIONS} messages in two lanes"
    return Figure("parts", "Redis, us a grant of the limiter", each, words)


def _bytes(ours: Installation, table: str) -> int:
    return int(ours.query("SELECT pg_total_relation_size(%s::text::regclass)", table)[0][0])
