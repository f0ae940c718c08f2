"""A file is whole or not there, this user's alone, and never written over by mistake."""

import os
import stat
from pathlib import Path

import pytest

from dispatcher.backups.private_file import written_whole
from dispatcher.errors import BackupExists


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_was_written_takes_the_name_at_the_end(tmp_path: Path) -> None:
    with written_whole(tmp_path / "backup") as draft:
        draft.write_text("all of it")
        assert stat.S_IMODE(draft.stat().st_mode) == 0o600
        assert not (tmp_path / "backup").exists()
    assert (tmp_path / "backup").read_text() == "all of it"
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600
    assert names(tmp_path) == ["backup"]


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), written_whole(tmp_path / "backup") as draft:
        draft.write_text("half of it")
        _ = 1 // 0
    assert names(tmp_path) == []


def test_a_file_that_is_there_is_not_replaced_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("yesterday's")
    with pytest.raises(BackupExists, match="nothing was written over"), written_whole(tmp_path / "backup"):
        pass
    with written_whole(tmp_path / "backup", replace=True) as draft:
        draft.write_text("today's")
    assert (tmp_path / "backup").read_text() == "today's"


def test_a_file_that_somebody_else_made_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(BackupExists), written_whole(tmp_path / "backup") as draft:
        draft.write_text("ours")
        (tmp_path / "backup").write_text("theirs")
    assert (tmp_path / "backup").read_text() == "theirs"
    assert names(tmp_path) == ["backup"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing, written_whole(tmp_path / "nowhere" / "backup"):
        pass
    assert os.fspath(tmp_path / "nowhere") in str(missing.value.filename)
