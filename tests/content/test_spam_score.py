"""SpamAssassin is asked where it is installed, and read right."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mistakes import CAMPAIGN

from dispatcher.content.check import Severity, check_frozen
from dispatcher.content.checks.spam import spam_points
from dispatcher.content.edition import Organisation, freeze
from dispatcher.content.load import CampaignSource
from dispatcher.content.spam_score import SpamScore, spam_score

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a program on PATH that gives a message these points, for two rules, as SpamAssassin 4 does."""

    def put(points: str, rules: str = "HTML_MESSAGE,\n\tMISSING_DATE") -> None:
        program = tmp_path / "bin" / "spamassassin"
        program.parent.mkdir(exist_ok=True)
        program.write_text(
            "#!/bin/sh\n/bin/cat > /dev/null\n/bin/cat <<'END'\nReceived: from here\n"
            "X-Spam-Checker-Version: SpamAssassin 4.0.0\n"
            f"X-Spam-Status: No, score={points} required=5.0 tests={rules}\n\tautolearn=no\n"
            "\tautolearn_force=no version=4.0.0\nSubject: x\n\nscore=99 tests=BODY version=\nEND\n"
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent))

    return put


def test_points_and_rules_are_read_from_the_header(install: Install) -> None:
    install("1.2")
    assert spam_score(b"Subject: x\n\nHello") == SpamScore(1.2, ("HTML_MESSAGE", "MISSING_DATE"))


def test_a_message_that_no_rule_minds_has_none(install: Install) -> None:
    install("-0.0", "none")
    assert spam_score(b"Subject: x\n\nHello") == SpamScore(0.0, ())


def test_without_spamassassin_nobody_says_anything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert spam_score(b"Subject: x\n\nHello") is None


def test_a_program_that_fails_says_nothing(install: Install, tmp_path: Path) -> None:
    install("1.2")
    (tmp_path / "bin" / "spamassassin").write_text("#!/bin/sh\nexit 3\n")
    assert spam_score(b"Subject: x\n\nHello") is None
    (tmp_path / "bin" / "spamassassin").write_text("not a program")
    assert spam_score(b"Subject: x\n\nHello") is None


@pytest.mark.parametrize(
    ("points", "severities"), [("0.9", []), ("1.0", [Severity.WARNING]), ("5.0", [Severity.ERROR])]
)
def test_a_message_of_each_language_is_scored(
    install: Install,
    write_campaign: Callable[..., CampaignSource],
    organisation: Organisation,
    points: str,
    severities: list[Severity],
) -> None:
    install(points)
    source = write_campaign(files=dict(CAMPAIGN))
    found = check_frozen(source, freeze(source, organisation), now=NOW, besides=(spam_points,))
    assert [finding.severity for finding in found] == severities * 2
    assert {Path(finding.file).parent.name for finding in found} == (
        {"budget", "es"} if severities else set()
    )
    assert all("for HTML_MESSAGE, MISSING_DATE." in finding.problem for finding in found)


@pytest.mark.skipif(shutil.which("spamassassin") is None, reason="SpamAssassin isn't installed here")
def test_the_real_one_is_understood() -> None:
    found = spam_score(
        b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Call today\r\n\r\nPlease call.\r\n"
    )
    assert found is not None
    assert found.rules
