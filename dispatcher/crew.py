"""The crew: which workers are alive, and how their processes share out the channels and the sweep.

All of it is kept in Redis and expires by itself, so that a worker that was killed holds nothing for long.
Nothing here decides whether a message is sent: the database does.
"""

import contextlib
import json
import os
import secrets
import socket
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, cast

from dispatcher.errors import QueueUnreachable
from dispatcher.redis_client import connect, redis_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import ServiceUrl
from dispatcher.settings import Settings

if TYPE_CHECKING:
    from redis import Redis

_WORKERS = "dispatch:workers"
_WORKER = "dispatch:worker:"
_SEATS = "dispatch:seats:"
_DUE = "dispatch:due:"
_SWEEP = "dispatch:sweep"
_ALIVE_MS = 10_000  # a worker says that it lives each second
_SEAT_MS = 5_000
_ANY_NUMBER = 1_000_000
_DUE_MS = 3_000
_SWEEP_WAITING_MS = 5_000  # a sweep that was lost on its way is asked for again after this
_SWEEP_EVERY_MS = 900
_ONE_PROCESS_HANDS_OVER = 10  # messages a second, even to a slow provider

# KEYS: the channel's seats. ARGV: the seat's token, how many seats there are, milliseconds.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local ours = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not ours and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""


@dataclass(frozen=True, slots=True)
class LiveWorker:
    """A worker that said within the last ten seconds that it lives."""

    host: str
    pid: int
    concurrency: int
    since: float  # Unix seconds


def seats(rate: Rate | None, processes: int, *, other_due: bool) -> int:
    """How many of the crew's processes may work on one channel at once.

    A slow limit needs few: one a second keeps a single process busy waiting, and the others are for those who
    can go. While the other channel has work too, one process is left for it: neither waits for the other's
    limit.
    """
    needed = processes if rate is None else 1 + int(rate.per_second / _ONE_PROCESS_HANDS_OVER)
    return max(1, min(needed, processes - other_due))


class Crew:
    """One process's view of all workers on one Redis. Every method raises QueueUnreachable when that is
    away.
    """

    def __init__(self, url: ServiceUrl) -> None:
        self._url = url
        self._redis: Redis = connect(url)
        self._take = self._redis.register_script(_TAKE)

    def say_alive(self, worker: LiveWorker) -> None:
        """Be counted among the live workers for the next ten seconds."""
        with self._reaching(), self._redis.pipeline(transaction=False) as pipe:
            pipe.set(_name(worker), json.dumps(asdict(worker)), px=_ALIVE_MS)
            pipe.sadd(_WORKERS, _name(worker))
            pipe.execute()

    def say_gone(self, worker: LiveWorker) -> None:
        """Be counted no longer."""
        with self._reaching():
            self._redis.delete(_name(worker))

    def live_workers(self) -> list[LiveWorker]:
        """Every worker that is alive, on this machine and others, oldest first."""
        with self._reaching():
            names = sorted(cast("set[bytes]", self._redis.smembers(_WORKERS)))
            if not names:
                return []
            found = dict(zip(names, cast("list[bytes | None]", self._redis.mget(names)), strict=True))
            if gone := [name for name, words in found.items() if words is None]:
                self._redis.srem(_WORKERS, *gone)
        workers = [LiveWorker(**json.loads(words)) for words in found.values() if words]
        return sorted(workers, key=lambda worker: worker.since)

    def processes(self) -> int:
        """How many processes all live workers have together; at least the one that asks."""
        return max(1, sum(worker.concurrency for worker in self.live_workers()))

    def say_due(self, channel: Channel) -> None:
        """Note for some seconds that a channel has work that may go now."""
        with self._reaching():
            self._redis.set(f"{_DUE}{channel}", 1, px=_DUE_MS)

    @contextlib.contextmanager
    def seat(self, channel: Channel, rate: Rate | None) -> Iterator["Seat | None"]:
        """Take a seat at a channel; None when enough of the crew sit there already: go and do something
        else.
        """
        with self._reaching():
            other_due = any(self._redis.exists(f"{_DUE}{other}") for other in Channel if other is not channel)
        number = seats(rate, self.processes(), other_due=other_due)
        token = secrets.token_hex(8)
        taken = self.sit(channel, token, number)
        try:
            yield Seat(self, channel, token) if taken else None
        finally:
            if taken:
                with contextlib.suppress(QueueUnreachable), self._reaching():
                    self._redis.zrem(f"{_SEATS}{channel}", token)

    def may_sweep(self) -> bool:
        """Whether it is our turn to ask for a sweep: once a second over all workers, and none while one
        waits.
        """
        with self._reaching():
            return bool(self._redis.set(_SWEEP, 1, px=_SWEEP_WAITING_MS, nx=True))

    def swept(self) -> None:
        """A sweep is over: the next one may be asked for in a second."""
        with self._reaching():
            self._redis.set(_SWEEP, 1, px=_SWEEP_EVERY_MS)

    def end_server(self) -> None:
        """Have the Redis server end, over the connection that is open. Only for an embedded one."""
        self._redis.shutdown(nosave=True)

    def close(self) -> None:
        """Close the connections; the crew may be used again afterwards."""
        self._redis.close()

    def sit(self, channel: Channel, token: str, number: int) -> bool:
        """Take, or keep, one of a channel's `number` seats; whether there was one."""
        with self._reaching():
            return bool(self._take(keys=[f"{_SEATS}{channel}"], args=[token, number, _SEAT_MS]))

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        from redis import RedisError

        try:
            yield
        except RedisError as error:
            raise QueueUnreachable(where=self._url, reason=str(error).rstrip(".")) from error


class Seat:
    """A place at a channel. It is lost after some seconds unless it is kept: a killed process leaves it
    free.
    """

    def __init__(self, crew: Crew, channel: Channel, token: str) -> None:
        self._crew = crew
        self._channel = channel
        self._token = token
        self._kept_at = time.monotonic()

    def keep(self) -> None:
        """Say that we still sit here; cheap, to be called between mini-batches. Never raises: a seat that was
        lost only means that one process more works on the channel.
        """
        if time.monotonic() - self._kept_at < _SEAT_MS / 3000:
            return
        self._kept_at = time.monotonic()
        with contextlib.suppress(QueueUnreachable):
            self._crew.sit(self._channel, self._token, _ANY_NUMBER)


def live_workers(settings: Settings) -> list[LiveWorker]:
    """Every worker that is alive, on this machine and others, oldest first. Raises QueueUnreachable."""
    with contextlib.closing(Crew(redis_of(settings))) as crew:
        return crew.live_workers()


def this_worker(concurrency: int) -> LiveWorker:
    """The record of the worker whose main process this is."""
    return LiveWorker(socket.gethostname(), os.getpid(), concurrency, time.time())


def _name(worker: LiveWorker) -> str:
    return f"{_WORKER}{worker.host}:{worker.pid}"
