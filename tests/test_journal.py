"""The journal's files: appended to by many, whole after a crash, written anew, and never in anybody's way."""

import errno
import fcntl
import logging
import os
import resource
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dispatcher.journal import NEWEST, Journal, host_of
from dispatcher.rules.journal import BackedUp, Entry, Left, Pulse
from dispatcher.settings import load_settings

NOON = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)
NAME = "0011aabb-0123456789ab"
_APPEND = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from dispatcher.journal import Journal
from dispatcher.rules.journal import Entry, Left
journal = Journal(Path(sys.argv[1]), "host")
for n in range(50):
    left = tuple(Left("email", f"{k:032x}", "dd" * 16) for k in range(200))
    journal.record(sys.argv[2], [Entry(f"{sys.argv[3]}{n:014x}", datetime.now(UTC), "host", left)])
assert journal.unwritten == 0
"""


def entry(nth: int, *, pulse: bool = False, host: str = "host") -> Entry:
    fact = Pulse() if pulse else BackedUp()
    return Entry(f"{nth:016x}", NOON + timedelta(seconds=nth), host, (fact,))


def as_it_is(one: Entry) -> Entry:
    return one


def entries(journal: Journal) -> list[Entry]:
    return list(journal.read(journal.files(NAME)))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal", "host")


@pytest.fixture
def no_room() -> Iterator[None]:
    """As if the disk were full: no file may grow beyond what fits nothing more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def limit(bytes_: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def test_the_folder_is_a_setting_and_a_host_has_a_file_of_its_own(tmp_path: Path) -> None:
    assert Journal.of(load_settings()).folder == tmp_path / "var" / "journal"
    assert Journal.of(load_settings(journal="elsewhere")).folder == tmp_path / "elsewhere"
    odd = Journal(tmp_path, "web/1.example.org")
    assert odd.own(NAME).name == f"{NAME}.web-1-example-org.journal"
    assert host_of(odd.own(NAME)) == odd.host
    assert odd.place == f"{tmp_path} on web-1-example-org"


def test_what_is_appended_is_read_and_belongs_to_this_user_alone(journal: Journal) -> None:
    assert entries(journal) == []
    journal.record(NAME, [entry(1)])
    journal.record(NAME, [entry(2), entry(3)])
    journal.record(NAME, [])
    assert entries(journal) == [entry(1), entry(2), entry(3)]
    assert stat.S_IMODE(journal.own(NAME).stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.folder.stat().st_mode) == 0o700


def test_a_line_that_a_crash_cut_is_passed_over_and_the_next_one_is_whole(journal: Journal) -> None:
    journal.record(NAME, [entry(1), entry(2)])
    cut = journal.own(NAME).read_bytes()[:-20]
    journal.own(NAME).write_bytes(cut)
    journal.record(NAME, [entry(3)])
    assert entries(journal) == [entry(1), entry(3)]


def test_processes_that_append_at_once_write_whole_lines(journal: Journal) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", _APPEND, str(journal.folder), NAME, f"0{n}"])
        for n in range(4)
    ]
    assert [process.wait(60) for process in started] == [0] * 4
    assert len({one.mark for one in entries(journal)}) == 200
    assert all(len(one.facts) == 200 and isinstance(one.facts[0], Left) for one in entries(journal))


@pytest.mark.usefixtures("no_room")
def test_a_full_disk_keeps_nobody_from_going_on_and_nothing_is_lost(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    journal.record(NAME, [entry(1)])
    limit(journal.own(NAME).stat().st_size + 10)
    with caplog.at_level(logging.ERROR):
        journal.record(NAME, [entry(2)])
        journal.record(NAME, [entry(3)])
    assert journal.unwritten == 2
    assert [one.message for one in caplog.records] == [
        f"The journal in {journal.folder} can't be written: File too large."
    ]
    assert journal.problem() == os.strerror(errno.EFBIG)
    assert entries(journal) == [entry(1)]
    limit(resource.RLIM_INFINITY)
    journal.record(NAME, [entry(4)])
    assert journal.unwritten == 0
    assert entries(journal) == [entry(1), entry(2), entry(3), entry(4)]
    assert journal.problem() == ""
    assert [path.name for path in journal.folder.iterdir()] == [journal.own(NAME).name]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    journal = Journal(tmp_path / "file" / "journal", "host")
    journal.record(NAME, [entry(1)])
    assert journal.unwritten == 1
    assert journal.problem() == "Not a directory"
    assert entries(journal) == []


def test_the_newest_entries_of_every_host_are_read_again_only_when_there_are_more(journal: Journal) -> None:
    other = Journal(journal.folder, "web-1")
    journal.record(NAME, [entry(n) for n in range(NEWEST + 5)])
    other.record(NAME, [entry(100)])
    other.record("ffffffff-0123456789ab", [entry(200)])  # of another database
    newest = journal.newest(NAME)
    assert newest == {"host": tuple(entry(n) for n in range(5, NEWEST + 5)), "web-1": (entry(100),)}
    assert journal.tail(journal.own(NAME)) is journal.tail(journal.own(NAME))
    other.record(NAME, [entry(101)])
    assert journal.newest(NAME)["web-1"] == (entry(100), entry(101))


def test_the_end_of_a_long_file_begins_with_a_whole_entry(journal: Journal) -> None:
    journal.record(NAME, [entry(n) for n in range(8000)])
    tail = journal.tail(journal.own(NAME))
    assert tail.newest[-1] == entry(7999)
    assert 1000 < len(tail.marks) < 8000
    assert tail.since == entry(8000 - len(tail.marks)).at
    assert journal.tail(journal.folder / "none").marks == frozenset()


def test_a_file_that_cannot_be_read_is_passed_over_and_named(journal: Journal) -> None:
    journal.record(NAME, [entry(1)])
    unreadable = journal.folder / f"{NAME}.odd.journal"
    unreadable.mkdir()
    assert list(journal.newest(NAME)) == ["host"]
    assert journal.unreadable(NAME) == [unreadable]
    with pytest.raises(IsADirectoryError):
        entries(journal)


def test_compacting_drops_doubles_and_old_pulses(journal: Journal) -> None:
    recent = Entry("ff" * 8, datetime.now(UTC), "host", (Pulse(),))
    journal.record(NAME, [entry(n, pulse=True) for n in range(300)])
    journal.record(NAME, [entry(400), entry(400), recent])
    journal.compact(NAME, as_it_is)
    assert entries(journal) == [entry(400), recent]
    assert stat.S_IMODE(journal.own(NAME).stat().st_mode) == 0o600
    assert len(list(journal.folder.iterdir())) == 1


def test_compacting_takes_in_the_files_of_hosts_that_are_gone(journal: Journal) -> None:
    gone, alive = Journal(journal.folder, "container-1"), Journal(journal.folder, "container-2")
    journal.record(NAME, [entry(1)])
    gone.record(NAME, [entry(2, host="container-1")])
    alive.record(NAME, [entry(3, host="container-2")])
    days_ago = time.time() - 3 * 24 * 3600
    os.utime(gone.own(NAME), (days_ago, days_ago))
    journal.compact(NAME, as_it_is)
    assert journal.files(NAME) == [alive.own(NAME), journal.own(NAME)]
    assert list(journal.read([journal.own(NAME)])) == [entry(1), entry(2, host="container-1")]
    gone.record(NAME, [entry(4, host="container-1")])  # it is back
    assert list(gone.read([gone.own(NAME)])) == [entry(4, host="container-1")]


def test_compacting_what_is_not_there_does_nothing(journal: Journal) -> None:
    journal.compact(NAME, as_it_is)
    assert not journal.folder.exists()


def test_a_file_that_somebody_appends_to_is_compacted_another_time(journal: Journal) -> None:
    journal.record(NAME, [entry(1), entry(1)])
    with journal.own(NAME).open() as appending:
        fcntl.flock(appending, fcntl.LOCK_SH)
        journal.compact(NAME, as_it_is)
    assert entries(journal) == [entry(1), entry(1)]


@pytest.mark.usefixtures("no_room")
def test_a_full_disk_while_compacting_leaves_the_file_as_it_was(journal: Journal) -> None:
    journal.record(NAME, [entry(1), entry(2)])
    limit(20)
    with pytest.raises(OSError, match="File too large"):
        journal.compact(NAME, as_it_is)
    limit(resource.RLIM_INFINITY)
    assert entries(journal) == [entry(1), entry(2)]
    assert len(list(journal.folder.iterdir())) == 1


def test_who_appends_while_the_file_is_written_anew_waits_and_loses_nothing(journal: Journal) -> None:
    journal.record(NAME, [entry(1)])
    with journal.own(NAME).open() as old:
        fcntl.flock(old, fcntl.LOCK_EX)
        waiting = threading.Thread(target=journal.record, args=(NAME, [entry(2)]))
        waiting.start()
        anew = journal.own(NAME).with_suffix(".draft")
        anew.write_bytes(journal.own(NAME).read_bytes())
        anew.replace(journal.own(NAME))
    waiting.join(30)
    assert entries(journal) == [entry(1), entry(2)]


def test_a_lock_that_never_ends_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "host", patience=0.05)
    journal.record(NAME, [entry(1)])
    with journal.own(NAME).open() as stuck:
        fcntl.flock(stuck, fcntl.LOCK_EX)
        journal.record(NAME, [entry(2)])
    assert entries(journal) == [entry(1), entry(2)]
