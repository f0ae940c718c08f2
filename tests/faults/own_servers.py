"""A Redis and a PostgreSQL server of one scene alone, which may be killed."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import redis

from servers.local import free_port, server_folder
from servers.postgres import PostgresServer, serve_postgres, start_postgres
from servers.processes import alive, kill, wait_until
from servers.redis import serve_redis

_GONE_WITHIN = 30  # seconds


class OwnRedis:
    """Keeps nothing on disk: a kill loses the queue, the limits and who is alive."""

    def __enter__(self) -> Self:
        self._folder, self._port = server_folder("redis"), free_port()
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        self.url = serve_redis(os.getpid(), self._folder, self._port)

    def kill(self) -> None:
        """As kill -9; returns once it is gone. Nothing when it is already."""
        with redis.Redis.from_url(self.url) as client:
            try:
                pid = client.info("server")["process_id"]
            except redis.ConnectionError:
                return
        kill(pid)
        wait_until(lambda: not alive(pid), _GONE_WITHIN)

    def forget_everything(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


class OwnPostgres:
    """Made once for several scenes: it comes back from whatever is done to it."""

    def __init__(self) -> None:
        # Replication, so that a commit can be made to wait for a standby that doesn't exist.
        self.server: PostgresServer = start_postgres(os.getpid(), wal_level="replica", max_wal_senders="2")

    def stop_immediately(self) -> None:
        """As pg_ctl stop -m immediate: no goodbye, no checkpoint; the next start recovers from the log."""
        pid = int((self.server.folder / "data" / "postmaster.pid").read_text().split()[0])
        kill(pid, signal.SIGQUIT)
        wait_until(lambda: not alive(pid), _GONE_WITHIN)

    def start(self) -> None:
        serve_postgres(os.getpid(), self.server)

    def terminate_in_commit(self) -> None:
        """End the next connection of ours that commits, after the commit and before its answer."""
        with self._commits_hanging():
            wait_until(self._ended_one, _GONE_WITHIN)

    def _ended_one(self) -> bool:
        # A COMMIT waits for its standby once it is durable here.
        waiting = "wait_event = 'SyncRep' AND application_name = 'dispatcher' AND query = 'COMMIT'"
        found = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {waiting} LIMIT 1"
        return bool(self.server.run(found))

    @contextmanager
    def _commits_hanging(self) -> Iterator[None]:
        self._set("SET synchronous_standby_names = 'nobody'")
        try:
            yield
        finally:
            self._set("RESET synchronous_standby_names")

    def _set(self, words: str) -> None:
        self.server.run(f"ALTER SYSTEM {words}")
        self.server.run("SELECT pg_reload_conf()")
