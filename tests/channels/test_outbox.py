import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dispatcher.channels.base import Result
from dispatcher.channels.outbox import OutboxSender
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedSms
from fakes.messages import HELLO, email, send_all, send_one, text


@pytest.fixture
def outbox() -> OutboxSender:
    return OutboxSender(Path("var/outbox"), Channel.EMAIL)


def files(sender: OutboxSender) -> list[str]:
    return sorted(path.name for path in sender.folder.iterdir())


def test_an_email_is_a_file_by_its_number(outbox: OutboxSender) -> None:
    outcome = send_one(outbox, email(123))
    assert files(outbox) == ["0000000123.eml"]
    assert outcome.provider_ref == "0000000123.eml"
    assert (outbox.folder / "0000000123.eml").read_bytes() == HELLO


def test_a_text_is_a_file_that_a_person_can_read(outbox: OutboxSender) -> None:
    send_one(outbox, RenderedSms(7, "+13125550107", "Mañana: ¡llama!", segments=2))
    written = (outbox.folder / "0000000007.txt").read_text(encoding="utf-8")
    assert written == "To: +13125550107\nSegments: 2\n\nMañana: ¡llama!\n"


def test_a_message_that_comes_twice_overwrites_nothing_and_shows(outbox: OutboxSender) -> None:
    first = send_one(outbox, email(5, mime=b"first"))
    outcomes = [first, send_one(outbox, email(5, mime=b"second")), send_one(outbox, email(5, mime=b"third"))]
    assert [o.provider_ref for o in outcomes] == ["0000000005.eml", "0000000005-2.eml", "0000000005-3.eml"]
    assert (outbox.folder / "0000000005.eml").read_bytes() == b"first"
    assert len(files(outbox)) == 3


def test_the_folder_is_for_us_alone_and_no_draft_is_left(outbox: OutboxSender) -> None:
    send_all(outbox, email(1), text(2))
    assert outbox.folder.stat().st_mode & 0o777 == 0o700
    assert files(outbox) == ["0000000001.eml", "0000000002.txt"]


def test_a_folder_that_was_there_keeps_its_mode(outbox: OutboxSender) -> None:
    outbox.folder.mkdir(parents=True)
    outbox.folder.chmod(0o755)
    send_one(outbox, email(1))
    assert outbox.folder.stat().st_mode & 0o777 == 0o755


def test_a_worker_that_changes_its_folder_still_writes_to_the_same_outbox(
    outbox: OutboxSender, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    send_one(outbox, email(1))
    assert (tmp_path / "var" / "outbox" / "0000000001.eml").exists()


def test_it_is_practice_and_says_where(outbox: OutboxSender) -> None:
    assert outbox.practice
    assert outbox.name == "outbox var/outbox"


def test_a_folder_that_can_not_be_made_is_about_us() -> None:
    Path("taken").write_text("a file stands here")
    sender = OutboxSender(Path("taken"), Channel.SMS)
    outcome = send_one(sender, text(1))
    assert (outcome.result, outcome.code) == (Result.BROKEN, "outbox not writable")
    assert outcome.detail == "taken can't be written to: File exists"
    assert not sender.check().ok


@pytest.fixture
def no_large_files() -> Iterator[None]:
    """For a moment this process can write no file of more than 100 bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.usefixtures("no_large_files")
def test_a_message_that_has_no_room_leaves_no_half_file(outbox: OutboxSender) -> None:
    outcomes = send_all(outbox, email(1, mime=b"x" * 5000), email(2))
    assert (outcomes[1].result, outcomes[1].code) == (Result.BROKEN, "disk full")
    assert outcomes[1].detail == "there is no room left on the disk at var/outbox"
    assert outcomes[2].result is Result.ACCEPTED
    assert files(outbox) == ["0000000002.eml"]


_ON_A_SMALL_DISK = """
import sys, time
from pathlib import Path
from dispatcher.channels.outbox import OutboxSender
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedEmail
sender = OutboxSender(Path(sys.argv[1]), Channel.EMAIL)
messages = [RenderedEmail(n, "a@example.org", "b@example.org", b"x" * 3000) for n in range(1, 41)]
for outcome in sender.send(messages, time.monotonic() + 60):
    print(outcome.result, outcome.code)
print(sum(1 for _ in sender.folder.iterdir()), {p.stat().st_size for p in sender.folder.iterdir()})
"""


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("unshare") is None, reason="mounting a small disk takes root"
)
def test_a_disk_that_fills_up_on_the_way_keeps_what_was_written(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = f'mount -t tmpfs -o size=64k none "{disk}" && exec "$@"'
    done = subprocess.run(
        [shutil.which("unshare") or "unshare", "--mount", "sh", "-c", mounted, "sh",
         sys.executable, "-c", _ON_A_SMALL_DISK, str(disk / "outbox")],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2], timeout=60,
    )  # fmt: skip
    if done.returncode and "mount" in done.stderr + done.stdout:
        pytest.skip(f"no small disk to be had here: {done.stderr.strip()}")
    *lines, summary = done.stdout.splitlines()
    accepted = lines.count("accepted ")
    assert 0 < accepted < 40
    assert lines.count("broken disk full") == 40 - accepted
    assert summary == f"{accepted} {{3000}}"
