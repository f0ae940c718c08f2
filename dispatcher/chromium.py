"""Pictures of pages by the Chromium of this machine, over the DevTools protocol on a pipe: no port is opened.

Its own `--screenshot` can't do it: a window is never as narrow as a phone, nor as tall as a page.
https://chromedevtools.github.io/devtools-protocol/
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

from dispatcher.errors import ChromiumFailed, ChromiumMissing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--disable-lcd-text",  # colourless edges: they look alike everywhere and take less room
)
_LEAVING = 5.0  # seconds in which it may close by itself
_READS, _WRITES = 3, 4  # the file descriptors of --remote-debugging-pipe
_ABOVE = 10  # ours are moved there, so that neither is one of those two


def find_chromium() -> str:
    """The path of Chromium or a sister of it; ChromiumMissing says how to install it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and _MAC.exists():
        found = str(_MAC)
    if found is None:
        raise ChromiumMissing
    return found


def arguments() -> list[str]:
    """What it is always started with. Its sandbox can't be had as root, so there it goes without."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*ARGUMENTS, "--no-sandbox"] if as_root else [*ARGUMENTS]


class Chromium:
    """A headless Chromium with a profile of its own, from `with` to its end. Raises ChromiumFailed."""

    def __init__(self, program: str, *, patience: float = 30.0) -> None:
        """`program` is what `find_chromium` says; `patience` is seconds for one answer."""
        self._program = program
        self._patience = patience
        self._number = 0
        self._session = ""
        self._unread = b""
        self._events: set[str] = set()

    def __enter__(self) -> Self:
        with ExitStack() as undone:
            profile = tempfile.TemporaryDirectory(prefix="dispatch-", ignore_cleanup_errors=True)
            undone.callback(profile.cleanup)
            self._pid, self._to, self._from = _start(self._program, profile.name)
            undone.callback(self._end)
            page = self._ask("Target.createTarget", url="about:blank")["targetId"]
            self._session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
            self._ask("Page.enable")
            self._undone = undone.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._undone.close()

    def picture(self, page: Path, *, width: int, dark: bool = False, scale: int = 2) -> bytes:
        """A PNG of a whole HTML file, as tall as it is: `width` in CSS pixels, `scale` device pixels each."""
        metrics = {"width": width, "height": 100, "deviceScaleFactor": scale, "mobile": False}
        self._ask("Emulation.setDeviceMetricsOverride", **metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._ask("Emulation.setEmulatedMedia", features=[scheme])
        self._events.clear()
        self._ask("Page.navigate", url=page.resolve().as_uri())
        while "Page.loadEventFired" not in self._events:
            self._events.add(self._read().get("method", ""))
        height = self._ask("Page.getLayoutMetrics")["cssContentSize"]["height"]
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self._ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
        return base64.b64decode(shot["data"])

    def _ask(self, method: str, **params: Any) -> Mapping[str, Any]:
        self._number += 1
        question = {"id": self._number, "method": method, "params": params}
        if self._session:
            question["sessionId"] = self._session
        with suppress(BrokenPipeError):  # it has ended; reading says so
            os.write(self._to, json.dumps(question).encode() + b"\0")
        while (told := self._read()).get("id") != self._number:
            self._events.add(told.get("method", ""))
        if "error" in told:
            raise ChromiumFailed(program=self._program, problem=f"{method}: {told['error']['message']}")
        return dict(told["result"])

    def _read(self) -> Mapping[str, Any]:
        """The next thing that it says: JSON that ends with a NUL."""
        until = time.monotonic() + self._patience
        while b"\0" not in self._unread:
            if not select.select([self._from], [], [], max(0, until - time.monotonic()))[0]:
                raise ChromiumFailed(
                    program=self._program, problem=f"no answer within {self._patience:g} seconds"
                )
            more = os.read(self._from, 1 << 16)
            if not more:
                raise ChromiumFailed(program=self._program, problem="it ended")
            self._unread += more
        said, _, self._unread = self._unread.partition(b"\0")
        return dict(json.loads(said))

    def _end(self) -> None:
        """Ask it to close, kill it and what it has started if it doesn't, and forget its pipes."""
        with suppress(OSError):
            os.write(self._to, b'{"id": 0, "method": "Browser.close"}\0')
        until = time.monotonic() + _LEAVING
        gone = False
        while not gone and time.monotonic() < until:
            gone = os.waitpid(self._pid, os.WNOHANG)[0] == self._pid
            time.sleep(0 if gone else 0.02)
        if not gone:
            os.killpg(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
        os.close(self._to)
        os.close(self._from)


def _start(program: str, profile: str) -> tuple[int, int, int]:
    """Its process, which leads a group of its own, and the ends of the pipes to write to and to read from."""
    ends = [*os.pipe(), *os.pipe()]
    theirs_in, ours_out, ours_in, theirs_out = (
        fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for end in ends
    )
    for end in ends:
        os.close(end)
    told = [program, "--headless", "--remote-debugging-pipe", f"--user-data-dir={profile}", *arguments()]
    actions = [
        (os.POSIX_SPAWN_DUP2, theirs_in, _READS),
        (os.POSIX_SPAWN_DUP2, theirs_out, _WRITES),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        pid = os.posix_spawn(program, told, os.environ, file_actions=actions, setpgroup=0)
    except OSError as error:
        os.close(ours_out)
        os.close(ours_in)
        raise ChromiumFailed(program=program, problem=error.strerror or "it can't be started") from None
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    return pid, ours_out, ours_in
