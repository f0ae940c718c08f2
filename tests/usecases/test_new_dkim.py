"""`dispatch dkim new`: two keys in files of this user's alone, and their records."""

import stat
from pathlib import Path

import pytest

from dispatcher.dkim_keys import read_ed25519, read_rsa, record_of
from dispatcher.errors import DkimKeyExists
from dispatcher.usecases.new_dkim import new_dkim


def test_each_key_is_in_a_file_that_nobody_else_can_read_and_its_record_belongs_to_it(tmp_path: Path) -> None:
    rsa, ed25519 = new_dkim("tenants.example", "d", tmp_path / "keys")
    assert [key.name for key in (rsa, ed25519)] == [
        "d._domainkey.tenants.example",
        "d-ed25519._domainkey.tenants.example",
    ]
    assert rsa.record == record_of(read_rsa(rsa.file.read_text()))
    assert ed25519.record == record_of(read_ed25519(ed25519.file.read_text()))
    for key in (rsa, ed25519):
        assert stat.S_IMODE(key.file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_record_is_in_pieces_that_dns_can_hold(tmp_path: Path) -> None:
    rsa, ed25519 = new_dkim("tenants.example", "d", tmp_path)
    assert (len(rsa.pieces), len(ed25519.pieces)) == (2, 1)
    for key in (rsa, ed25519):
        assert max(map(len, key.pieces)) <= 255
        assert "".join(key.pieces) == key.record


def test_a_key_that_is_in_use_is_never_written_over(tmp_path: Path) -> None:
    new_dkim("tenants.example", "d", tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(DkimKeyExists, match="--selector d2"):
        new_dkim("tenants.example", "d", tmp_path)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert len(new_dkim("tenants.example", "d2", tmp_path)) == 2
