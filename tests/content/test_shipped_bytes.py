"""The bytes of every shipped campaign in every language, signed: no defect, and both signatures hold."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from shipped_campaigns import CASES, compiled, reader
from signing import DNS, SIGNER, both_verified
from strict_parsing import assert_flawless

from dispatcher.content.render import Compiled


def signed(slug: str, language: str) -> bytes:
    one = Compiled(compiled(slug).frozen, bounces_to="bounces@example.org", dkim=SIGNER)
    return one.email(reader(language)).mime


@pytest.mark.parametrize(("slug", "language"), CASES)
def test_a_signed_email_has_no_defect_and_dkimpy_takes_both_signatures(slug: str, language: str) -> None:
    mime = signed(slug, language)
    message = assert_flawless(mime, signatures=2)
    assert message["Content-Language"] == language
    assert both_verified(mime)


OPENDKIM = shutil.which("opendkim") or shutil.which("opendkim", path="/usr/sbin")


@pytest.mark.skipif(OPENDKIM is None and "CI" not in os.environ, reason="opendkim isn't installed; CI has it")
def test_opendkim_takes_both_signatures_of_every_campaign(tmp_path: Path) -> None:
    keys = "".join(f"{name} {record}\n" for name, record in DNS.items())
    (tmp_path / "keys").write_text(keys)
    (tmp_path / "conf").write_text(f"Mode v\nTestPublicKeys {tmp_path}/keys\n")
    for slug, language in CASES:
        file = tmp_path / f"{slug}-{language}.eml"
        file.write_bytes(signed(slug, language))
        told = subprocess.run(
            [str(OPENDKIM), "-vv", "-x", tmp_path / "conf", "-t", file],
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert told.returncode == 0, told.stderr
        passed = re.findall(r"dkim=pass .*header\.a=([\w-]+)", told.stdout)
        assert passed == ["rsa-sha256", "ed25519-sha256"], told.stdout
