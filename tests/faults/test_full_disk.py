"""A disk without room for what was sent."""

import contextlib
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from faults.scene import MakeScene, Scene, Times
from faults.worker import Worker

_FULL_FOR = 1.5  # seconds
_LONGER_THAN_FULL = 8  # seconds
_ROOM = "16m"
_FOLDER = Path("var")

Fill = Callable[[Worker], AbstractContextManager[None]]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Fill]:
    """`var/` on a file system of its own. Skips where we may not mount one: the limit below says the same."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    folder = str(tmp_path / _FOLDER)
    Path(folder).mkdir(mode=0o700)
    command = [mount or "false", "-t", "tmpfs", "-o", f"size={_ROOM},mode=700", "tmpfs", folder]
    if umount is None or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("a file system can't be mounted here")
    yield _filled
    subprocess.run([umount, "--lazy", folder], check=True)


@contextlib.contextmanager
def _filled(_worker: Worker) -> Iterator[None]:
    """Nothing more fits on the disk of `var/`."""
    filler = _FOLDER / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield
    filler.unlink()


@contextlib.contextmanager
def _limited(worker: Worker) -> Iterator[None]:
    """No file of the worker's may grow: for SQLite that is a disk that fails."""
    processes = [worker.pid, *worker.children()]
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes]
    for pid, (_, hard) in zip(processes, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    yield
    for pid, limits in zip(processes, before, strict=True):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def send_through(scene: Scene, fill: Fill, repeats: int) -> None:
    scene.open(500)
    worker = scene.worker()
    for _ in range(repeats):
        scene.until_more(50)
        with fill(worker):
            time.sleep(_FULL_FOR)
    scene.settle()
    scene.judge(uncertain=0)


def test_a_full_disk_delays_and_costs_nothing(small_disk: Fill, scene_with: MakeScene, times: Times) -> None:
    send_through(scene_with(sqlite=True, lease_seconds=_LONGER_THAN_FULL), small_disk, times(1, 4))


def test_a_file_that_may_not_grow_delays_and_costs_nothing(scene_with: MakeScene, times: Times) -> None:
    send_through(scene_with(sqlite=True, lease_seconds=_LONGER_THAN_FULL), _limited, times(1, 4))
