"""The journal's files: one a host and installation, in a folder outside of the database.

Every process of a host appends to the same file, a whole line with one write. Each open is a new one, so that
a file may be written anew meanwhile (`compact`); locks keep the two apart. What can't be written (the disk is
full) is kept and tried again: it never keeps anybody from leaving.
"""

import contextlib
import fcntl
import logging
import os
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dispatcher.paths import make_private, state_folder
from dispatcher.rules.journal import Entry, compacted, read_entry, write_entry
from dispatcher.settings import Settings

log = logging.getLogger("dispatcher.journal")

NEWEST = 20  # entries of a file that the database must know: some were written out of order, never so many
_TAIL_BYTES = 256 * 1024  # holds several of the longest lines
_TRIAL_BYTES = 4096
_SUFFIX = ".journal"
_LOCKED_AT_MOST = 5.0  # seconds that somebody who leaves waits for a file that is being written anew
_LOOK_EVERY = 0.02
_UNWRITTEN_AT_MOST = 10_000  # lines kept in memory while the disk is full: the database has them too
_GONE_AFTER = 24 * 3600.0  # seconds: a host that wrote nothing for so long may have been a container


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a file: its last few entries, and the marks of all that were read, from which moment on."""

    newest: tuple[Entry, ...] = ()
    marks: frozenset[str] = frozenset()
    since: datetime | None = None


class Journal:
    """The files in one folder; what this process appends goes to its host's own."""

    def __init__(self, folder: Path, host: str, *, patience: float = _LOCKED_AT_MOST) -> None:
        self._patience = patience
        self.folder = folder.absolute()
        self.installation = ""  # whose journal it is, once somebody has asked the database
        self.host = re.sub(r"[^A-Za-z0-9-]", "-", host)[:64]
        self._unwritten: deque[str] = deque(maxlen=_UNWRITTEN_AT_MOST)
        self._tails: dict[Path, tuple[tuple[int, int], Tail]] = {}
        self._writing = threading.Lock()
        self._said = False

    @classmethod
    def of(cls, settings: Settings) -> "Journal":
        """The journal that these settings name: DISPATCH_JOURNAL, or `var/journal`."""
        folder = Path(settings.journal) if settings.journal else state_folder() / "journal"
        return cls(folder, socket.gethostname())

    def own(self, installation: str) -> Path:
        """Our host's file of an installation."""
        return self.folder / f"{installation}.{self.host}{_SUFFIX}"

    def files(self, installation: str) -> list[Path]:
        """Every host's file of an installation that is in the folder."""
        try:
            return sorted(self.folder.glob(f"{installation}.*{_SUFFIX}"))
        except OSError:
            return []

    def record(self, installation: str, entries: Iterable[Entry]) -> None:
        """Append entries, and what couldn't be written before. Never raises: `unwritten` says how it went."""
        with self._writing:
            self._unwritten.extend(map(write_entry, entries))
            try:
                self._append(installation, "".join(f"{line}\n" for line in self._unwritten))
            except OSError as error:
                if not self._said:
                    log.error("The journal in %s can't be written: %s.", self.folder, error.strerror)  # noqa: TRY400 - it says what is wrong
                self._said = True
            else:
                self._unwritten.clear()
                self._said = False

    @property
    def unwritten(self) -> int:
        """How many entries this process couldn't write yet."""
        return len(self._unwritten)

    def read(self, files: Iterable[Path]) -> Iterator[Entry]:
        """Every whole entry of these files, as they come; what a crash has cut is passed over.

        Raises OSError for a file that can't be read.
        """
        for path in files:
            with path.open(encoding="utf-8", errors="replace") as file:
                yield from filter(None, map(read_entry, file))

    def newest(self, installation: str) -> dict[str, tuple[Entry, ...]]:
        """Host -> the last few entries of its file. Cheap: a file is read again only when it has changed.

        A file that can't be read is passed over; `unreadable` names it.
        """
        found = {}
        for path in self.files(installation):
            with contextlib.suppress(OSError):
                found[host_of(path)] = self.tail(path).newest
        return found

    @property
    def place(self) -> str:
        """Where the files are, for somebody on another machine."""
        return f"{self.folder} on {self.host}"

    def tail(self, path: Path) -> Tail:
        """The end of a file, 256 KB of it; of one that isn't there, nothing. Raises OSError."""
        try:
            now = path.stat()
        except FileNotFoundError:
            return Tail()
        signature = (now.st_ino, now.st_size)
        known = self._tails.get(path)
        if known is None or known[0] != signature:
            known = self._tails[path] = (signature, _end_of(path))
        return known[1]

    def problem(self) -> str:
        """Why nothing can be written in the folder; empty when it can. Tries it."""
        trial = self.folder / f".{self.host}-{os.getpid()}.trial"
        try:
            self._make_folder()
            trial.write_bytes(b"\n" * _TRIAL_BYTES)
            trial.unlink()
        except OSError as error:
            with contextlib.suppress(OSError):
                trial.unlink(missing_ok=True)
            return error.strerror or type(error).__name__
        return ""

    def unreadable(self, installation: str) -> list[Path]:
        """Files that are there and can't be read."""
        return [path for path in self.files(installation) if not _opens(path)]

    def compact(self, installation: str, kept: Callable[[Entry], Entry]) -> None:
        """Write our file anew: without doubles and old pulses, and with the files of hosts that are gone.

        `kept` says how an entry is kept. Raises OSError.
        """
        own = self.own(installation)
        with contextlib.ExitStack() as locks, contextlib.suppress(FileNotFoundError):
            gone = [path for path in self.files(installation) if path != own and _is_gone(path)]
            files = [path for path in (own, *gone) if _lock_alone(path, locks)]
            if own in files:
                self._write_anew(own, files, kept)

    def _write_anew(self, own: Path, files: Sequence[Path], kept: Callable[[Entry], Entry]) -> None:
        draft = own.with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
                entries = compacted(self.read(files), datetime.now(UTC))
                file.writelines(f"{write_entry(kept(entry))}\n" for entry in entries)
                file.flush()
                os.fsync(descriptor)
            draft.replace(own)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(self.folder)
        for path in files:
            if path != own:
                path.unlink()

    def _make_folder(self) -> None:
        if not self.folder.exists():
            make_private(self.folder)

    def _append(self, installation: str, lines: str) -> None:
        if not lines:
            return
        self._make_folder()
        path = self.own(installation)
        made = not path.exists()
        descriptor = _open_shared(path, self._patience)
        try:
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":  # a crash cut the last line
                lines = f"\n{lines}"
            _write_all(descriptor, lines.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if made:
            _sync_folder(self.folder)


def host_of(path: Path) -> str:
    """The host whose file this is."""
    return path.name.removesuffix(_SUFFIX).rpartition(".")[2]


def _open_shared(path: Path, patience: float) -> int:
    """A file to append to, in its place and not being written anew: another's exclusive lock is waited for,
    but not for ever.
    """
    end = time.monotonic() + patience
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        late = time.monotonic() > end
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if late or os.path.samestat(path.stat(), os.fstat(descriptor)):
                return descriptor
        except FileNotFoundError:
            pass  # it was merged into another one between the two
        except BlockingIOError:
            if late:
                return descriptor
            time.sleep(_LOOK_EVERY)
        os.close(descriptor)


def _lock_alone(path: Path, locks: contextlib.ExitStack) -> bool:
    """Keep everybody else from appending until `locks` are closed; False where somebody appends just now."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    locks.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return os.path.samestat(path.stat(), os.fstat(descriptor))


def _opens(path: Path) -> bool:
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True


def _is_gone(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > _GONE_AFTER


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _end_of(path: Path) -> Tail:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL_BYTES))
        lines = file.read().decode(errors="replace").splitlines()
    if size > _TAIL_BYTES:
        lines = lines[1:]  # it begins before our window
    entries = list(filter(None, map(read_entry, lines)))
    since = min((entry.at for entry in entries), default=None)
    return Tail(tuple(entries[-NEWEST:]), frozenset(entry.mark for entry in entries), since)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
