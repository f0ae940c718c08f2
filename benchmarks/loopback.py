"""A benchmark's real servers on loopback: PostgreSQL that waits for its disk, Redis, Postfix's smtp-sink."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_STARTS_WITHIN = 30  # seconds
_POSTGRES = Path("/usr/lib/postgresql")  # where Debian has it
_PROGRAMS = {"postfix": "smtp-source", "redis-server": "redis-server"}  # a program of each package
_AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def refuse_missing() -> None:
    """End at once, saying what to install, when a server isn't there."""
    there = {name: shutil.which(program) for name, program in _PROGRAMS.items()}
    there["postgresql"] = next(map(str, _POSTGRES.glob("*/bin/initdb")), None)
    if missing := [name for name, path in there.items() if path is None]:
        raise SystemExit(
            f"Missing here: {', '.join(missing)}. Install with apt-get install {' '.join(missing)}."
        )


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgres() -> Iterator[str]:
    """A new PostgreSQL server with its own settings (fsync on); the address of an empty database."""
    programs = max(_POSTGRES.glob("*/bin"))
    with TemporaryDirectory(prefix="bench-pg-") as folder:
        if _AS_POSTGRES:
            shutil.chown(folder, "postgres")
        data, port = f"{folder}/data", free_port()
        _run([*_AS_POSTGRES, str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust"])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c shared_buffers=256MB"
        control = [*_AS_POSTGRES, str(programs / "pg_ctl"), "-D", data, "-w"]
        _run([*control, "-o", options, "-l", f"{folder}/log", "start"])
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"])


@contextmanager
def redis() -> Iterator[str]:
    """A Redis server; its address."""
    port = free_port()
    with _running(["redis-server", "--port", str(port), "--save", "", "--bind", "127.0.0.1"], port):
        yield f"redis://127.0.0.1:{port}/0"


@contextmanager
def smtp_sink() -> Iterator[int]:
    """An SMTP server that takes everything and keeps nothing; its port."""
    port = free_port()
    user = ["-u", "postfix"] if os.geteuid() == 0 else []
    with _running(["smtp-sink", *user, f"127.0.0.1:{port}", "1000"], port):
        yield port


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until somebody listens there; RuntimeError when the process ends before, or takes too long."""
    end = time.monotonic() + _STARTS_WITHIN
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"{process.args!r} did not start.")
        time.sleep(0.05)


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
