"""Hosts of their own on one machine: a network namespace and a host name each, on one bridge.

What runs here itself (database, Redis, provider) listens on the bridge's address, the network's `gateway`.
"""

import os
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from servers.local import missing, not_here

_ON_HOST = str(Path(__file__).with_name("on_host.py"))


@dataclass(frozen=True, slots=True)
class Host:
    """One of them. `plug` is the bridge's end of its cable."""

    name: str
    namespace: str
    plug: str

    def program(self, *arguments: str) -> tuple[str, ...]:
        """What Python must run here so that it runs with these arguments there."""
        return (_ON_HOST, self.namespace, self.name, *arguments)

    def pull_the_plug(self) -> None:
        """No packet reaches it or leaves it, and nobody is told."""
        _ip("link", "set", self.plug, "down")

    def plug_in_again(self) -> None:
        _ip("link", "set", self.plug, "up")

    @property
    def sent(self) -> int:
        """Bytes that it has sent to the others."""
        return int(Path(f"/sys/class/net/{self.plug}/statistics/rx_bytes").read_text())


class Network:
    """`with Network() as network:`, then `network.host("north")`. Its addresses are those that RFC 2544 sets
    aside for tests of networks; two runs at once have different ones.
    """

    def __init__(self) -> None:
        self._mark = f"{os.getpid() % 100_000:05}"  # names of interfaces hold 15 characters
        self._bridge = f"dsp{self._mark}"
        self._net = f"198.18.{os.getpid() % 256}"
        self._hosts = 0
        self.gateway = f"{self._net}.1"
        self.addresses = f"{self._net}.0/24"

    def __enter__(self) -> Self:
        if shutil.which("ip") is None:
            missing("ip", "apt-get install iproute2")
        with ExitStack() as undo:
            try:
                _ip("link", "add", self._bridge, "type", "bridge")
                undo.callback(_ip, "link", "delete", self._bridge)
                _ip("address", "add", f"{self.gateway}/24", "dev", self._bridge)
                _ip("link", "set", self._bridge, "up")
                _ip("netns", "add", f"{self._bridge}-probe")
                undo.callback(_ip, "netns", "delete", f"{self._bridge}-probe")
            except subprocess.CalledProcessError as error:
                not_here(
                    f"No network of hosts can be made here ({error.stderr.strip()}): run as root, in a "
                    "container with --cap-add NET_ADMIN --cap-add SYS_ADMIN."
                )
            self._undo = undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._undo.close()

    def host(self, name: str) -> Host:
        """One more host, with its own loopback and an address on the bridge."""
        self._hosts += 1
        made = Host(name, f"{self._bridge}-{name}", f"dsp{self._mark}-{self._hosts}")
        there = ("-netns", made.namespace)
        _ip("netns", "add", made.namespace)
        self._undo.callback(_ip, "netns", "delete", made.namespace)  # its cable goes with it
        _ip("link", "add", made.plug, "type", "veth", "peer", "name", "eth0", "netns", made.namespace)
        _ip("link", "set", made.plug, "master", self._bridge, "up")
        _ip(*there, "address", "add", f"{self._net}.{self._hosts + 1}/24", "dev", "eth0")
        for interface in ("lo", "eth0"):
            _ip(*there, "link", "set", interface, "up")
        return made


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True, timeout=10)  # noqa: S607 - iproute2, wherever it is
