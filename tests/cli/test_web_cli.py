"""`dispatch web`, in a process of its own."""

import json
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from commands import dispatch

from dispatcher.house import House
from dispatcher.redis_client import socket_path
from houses import environment_of
from servers.local import free_port
from servers.processes import running, wait_until


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(json.load(answer)["ok"])
    except urllib.error.URLError:
        return False


def test_it_serves_until_it_is_told_to_stop_and_logs_no_link(house: House, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log.txt"
    command = ("-P", "-m", "dispatcher", "web", "--port", str(port))
    with running(*command, environment=environment_of(house.settings), log=log) as process:
        wait_until(lambda: healthy(port))
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/l/a-secret-token", timeout=5)
        refused.value.close()
        assert socket_path().exists()  # the limits of forms are counted there
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert not socket_path().exists()
    told = log.read_text()
    assert f"Listening on http://127.0.0.1:{port}" in told
    assert "a-secret-token" not in told


def test_a_site_that_cannot_verify_links_says_so_in_one_line(house: House) -> None:
    environment = environment_of(house.settings) | {"DISPATCH_PUBLIC_URL": "https://go.example.org"}
    del environment["DISPATCH_SECRET_KEY"]
    refused = dispatch("web", env=environment)
    assert refused.code == 1
    assert refused.err.startswith("Error: DISPATCH_SECRET_KEY: must be given")
    assert len(refused.err.splitlines()) == 1
