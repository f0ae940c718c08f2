"""Where mails lie."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from dispatcher.bounces.sources import mails_in
from dispatcher.errors import FileUnusable

ONE, TWO = b"Subject: one\n\nHello\nFrom here on\n", b"Subject: two\n\n>From the town\n"


def test_a_file_is_one_mail_unless_it_begins_as_an_mbox(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(ONE)
    (tmp_path / "box").write_bytes(b"From a@b Thu\n" + ONE + b"\nFrom c@d Thu\n" + TWO)
    assert [mail.raw for mail in mails_in(str(tmp_path / "one"))] == [ONE]
    box = [mail.raw for mail in mails_in(str(tmp_path / "box"))]
    assert box == [ONE + b"\n", TWO.replace(b">From", b"From")]


def test_an_empty_file_has_no_mail(tmp_path: Path) -> None:
    (tmp_path / "none").write_bytes(b"\n")
    assert list(mails_in(str(tmp_path / "none"))) == []


def test_standard_input_is_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(ONE)))
    assert [mail.raw for mail in mails_in("-")] == [ONE]


def test_of_a_mail_without_an_end_a_megabyte_is_kept(tmp_path: Path) -> None:
    (tmp_path / "huge").write_bytes(b"Subject: x\n\n" + b"y" * 3_000_000)
    [mail] = mails_in(str(tmp_path / "huge"))
    assert 1_000_000 <= len(mail.raw) < 1_000_100


def test_a_maildirs_new_mails_are_seen_once_they_are_done(tmp_path: Path) -> None:
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "2.b.host").write_bytes(TWO)
    (tmp_path / "new" / "1.a.host").write_bytes(ONE)
    (tmp_path / "new" / ".hidden").write_bytes(ONE)
    first, second = mails_in(str(tmp_path))
    assert (first.raw, second.raw) == (ONE, TWO)
    first.done()
    assert [path.name for path in (tmp_path / "cur").iterdir()] == ["1.a.host:2,S"]
    assert [mail.raw for mail in mails_in(str(tmp_path))] == [TWO]


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable, match="no maildir"):
        list(mails_in(str(tmp_path)))
