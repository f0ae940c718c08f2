"""Who needs the embedded server and the background worker, and for how long."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Self

from dispatcher.embedded.detached import start_detached
from dispatcher.embedded.locks import Lock
from dispatcher.embedded.server import Server
from dispatcher.errors import DispatchError, EmbeddedServerFailed
from dispatcher.paths import make_private, state_folder
from dispatcher.redis_client import embedded_folder
from dispatcher.settings import Settings

_USERS = "users.lock"
_WORKERS = "worker.lock"
_WAIT_FOR_OTHERS = 15.0  # seconds; somebody may be starting or stopping the server


class Embedded:
    """Needs the embedded server while it is entered; where Redis was set, does nothing at all.

    `inherited` are the open files of the users' and the workers' lock, from the process that started this
    one.
    """

    def __init__(self, settings: Settings, inherited: Sequence[int] = ()) -> None:
        self.wanted = settings.redis is None
        self._server = Server()
        self._inherited = inherited
        self._user: Lock | None = None
        self._worker: Lock | None = None

    def __enter__(self) -> Self:
        if self.wanted:
            try:
                self._take_locks()
                self._server.ensure()
            except OSError as error:
                self._let_go()
                raise EmbeddedServerFailed(reason=error, log=self._server.folder) from error
            except DispatchError:
                self._let_go()
                raise
        return self

    def __exit__(self, *error: object) -> None:
        self.end_work()
        if self.homeless:
            self._server.stop_homeless()
        if self._user is not None:
            self._user.release()
            self._user = None
            _stop_unused(self._server)

    def ensure_server(self) -> None:
        """Start the server again if it was killed. Raises NoRedisServer or EmbeddedServerFailed."""
        if self._user is not None:
            self._server.ensure()

    def ensure_worker(self, environment: Mapping[str, str] | None = None) -> bool:
        """Start a background worker unless one works; whether it was started. It ends by itself when idle.

        `environment` (ours by default) is what it finds its settings in; its words go to `var/worker.log`.
        """
        if self._user is None:
            return False
        lock = Lock.attempt(embedded_folder() / _WORKERS)
        if lock is None:
            return False
        lock.share()  # not atomic: in the worst case two workers start, which harms nothing
        locks = [self._user.descriptor, lock.descriptor]
        start_detached(
            [sys.executable, "-P", "-m", "workers", "--until-idle", "--inherited", ",".join(map(str, locks))],
            state_folder() / "worker.log",
            inherits=locks,
            environment=os.environ if environment is None else environment,
        )
        lock.release()
        return True

    def begin_work(self) -> None:
        """Be a worker: `ensure_worker` starts no other one until `end_work`."""
        if self._user is not None and self._worker is None:
            self._worker = Lock.take(embedded_folder() / _WORKERS, shared=True, within=_WAIT_FOR_OTHERS)

    def end_work(self) -> None:
        """Be a worker no longer."""
        if self._worker is not None:
            self._worker.release()
            self._worker = None

    def only_in_this_process(self) -> None:
        """Let children that this process forks hold none of its locks: they must not outlive it in its
        name.
        """
        os.register_at_fork(after_in_child=self._let_go)

    @property
    def homeless(self) -> bool:
        """Whether `var/` was deleted under us: nobody will find what we do any more."""
        return self._user is not None and not self._user.in_place

    def _take_locks(self) -> None:
        make_private(state_folder())
        folder = make_private(embedded_folder())
        if self._inherited:
            users, workers = self._inherited
            self._user, self._worker = Lock(folder / _USERS, users), Lock(folder / _WORKERS, workers)
        else:
            self._user = Lock.take(folder / _USERS, shared=True, within=_WAIT_FOR_OTHERS)

    def _let_go(self) -> None:
        for lock in (self._user, self._worker):
            if lock is not None:
                lock.release()
        self._user = self._worker = None


def sweep_orphans(settings: Settings) -> None:
    """Stop an embedded server whose users were all killed. Costs next to nothing where there is none."""
    if settings.redis is None and (embedded_folder() / _USERS).exists():
        _stop_unused(Server())


def worker_missing(settings: Settings) -> bool:
    """Whether no worker runs for this `var/`; False where Redis was set: workers may be anywhere then."""
    if settings.redis is not None:
        return False
    if not (embedded_folder() / _WORKERS).exists():
        return True
    lock = Lock.attempt(embedded_folder() / _WORKERS, shared=False)
    if lock is not None:
        lock.release()
    return lock is not None


def _stop_unused(server: Server) -> None:
    """Stop the server if nobody needs it; who comes meanwhile waits for us, then starts it anew."""
    if not server.folder.exists():
        return
    alone = Lock.attempt(server.folder / _USERS)
    if alone is not None:
        try:
            server.stop()
        finally:
            alone.release()
