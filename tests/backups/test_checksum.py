"""A backup's checksum stands beside it, as everybody's tools read it."""

import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from dispatcher.backups import checksum
from dispatcher.errors import BackupBroken


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.dump"
    path.write_bytes(b"everybody")
    checksum.write(path)
    return path


def test_a_file_that_is_as_it_was_written_passes_also_by_other_tools(file: Path) -> None:
    checksum.check(file)
    theirs = shutil.which("sha256sum") or "sha256sum"
    command = [theirs, "--check", "--strict", checksum.beside(file).name]
    subprocess.run(command, cwd=file.parent, check=True)
    assert stat.S_IMODE(checksum.beside(file).stat().st_mode) == 0o600


@pytest.mark.parametrize("words", [b"everybodx", b"everybody ", b""])
def test_a_file_of_which_one_bit_has_changed_is_refused(file: Path, words: bytes) -> None:
    file.write_bytes(words)
    with pytest.raises(BackupBroken, match=r"isn't as it was written: people\.dump\.sha256"):
        checksum.check(file)


def test_a_copy_made_by_other_means_has_no_checksum_and_is_taken_as_it_is(file: Path) -> None:
    checksum.beside(file).unlink()
    checksum.check(file)
