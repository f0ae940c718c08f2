"""The local outbox: a file for each message, for practice. Nothing leaves this machine."""

import errno
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from dispatcher.channels.base import Health, Outcome, Result, out_of_time
from dispatcher.channels.feed import Early, Fed, Withdrawn
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered, RenderedEmail, RenderedSms

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_AT_ONCE = 8  # as many as over a network: a crash leaves no more in doubt


class OutboxSender:
    """Writes `0000000123.eml` or `.txt`: whole files only, and never over another's."""

    practice = True
    beyond_loopback = False
    handles_stop = False
    echoes_our_id = False
    connections = _AT_ONCE

    def __init__(self, folder: Path, channel: Channel) -> None:
        self.channel = channel
        self._shown = folder
        self.folder = folder.absolute()  # a worker may change its working folder

    @property
    def name(self) -> str:
        return f"outbox {self._shown}"

    def send(self, batch: Iterable[Fed], stop_at: float) -> Iterator[Outcome]:
        """As Sender.send."""
        for said in batch:
            if isinstance(said, float):
                time.sleep(said)
            elif not isinstance(said, Early | Withdrawn):
                yield out_of_time(said) if time.monotonic() >= stop_at else self._put(said)

    def check(self) -> Health:
        """Write a file and take it away again."""
        try:
            self._write("check", ".probe", b"").unlink()
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            return Health(ok=False, words=self._why(error), mend="Make room there, or choose another folder.")
        return Health(ok=True, words=f"{self._shown} can be written to, {free // 1_000_000} MB free")

    def close(self) -> None:
        """Nothing is kept open."""

    def _put(self, message: Rendered) -> Outcome:
        suffix, content = _as_file(message)
        try:
            path = self._write(f"{message.message_id:010d}", suffix, content)
        except OSError as error:
            code = "disk full" if error.errno in _NO_ROOM else "outbox not writable"
            return Outcome(message.message_id, Result.BROKEN, code, self._why(error))
        return Outcome(message.message_id, Result.ACCEPTED, provider_ref=path.name)

    def _write(self, stem: str, suffix: str, content: bytes) -> Path:
        """Under a name that nobody looks at first, then under its own in one step."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # what is in it is personal
        draft = self.folder / f".{stem}{suffix}.{os.getpid()}"
        try:
            draft.write_bytes(content)
            return self._name(draft, stem, suffix)
        finally:
            draft.unlink(missing_ok=True)

    def _name(self, draft: Path, stem: str, suffix: str) -> Path:
        """A file that is there already stays: a message that came twice must show."""
        path, copies = self.folder / f"{stem}{suffix}", 1
        while True:
            try:
                os.link(draft, path)
                return path
            except FileExistsError:
                copies += 1
                path = self.folder / f"{stem}-{copies}{suffix}"

    def _why(self, error: OSError) -> str:
        if error.errno in _NO_ROOM:
            return f"there is no room left on the disk at {self._shown}"
        return f"{self._shown} can't be written to: {error.strerror}"


def _as_file(message: Rendered) -> tuple[str, bytes]:
    match message:
        case RenderedEmail():
            return ".eml", message.mime
        case RenderedSms():
            text = f"To: {message.to}\nSegments: {message.segments}\n\n{message.body}\n"
            return ".txt", text.encode("utf-8", "surrogateescape")
