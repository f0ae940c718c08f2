"""SpamAssassin, by its local rules, would let every email through with room to spare."""

import re
import subprocess
from pathlib import Path

WORST = 1.0  # of 5.0, where SpamAssassin calls it spam
_STATUS = re.compile(
    r"^X-Spam-Status: .*?score=(-?[\d.]+).*?tests=(.*?)(?:autolearn|version)=", re.MULTILINE | re.DOTALL
)


def test_no_email_looks_like_spam(spamassassin: list[str], emails: list[Path]) -> None:
    done = subprocess.run([*spamassassin, *emails], capture_output=True, text=True, timeout=110)
    scores = _STATUS.findall(done.stdout)
    assert len(scores) == len(emails), done.stderr
    suspect = [
        (path.name, score, " ".join(rules.split()))
        for path, (score, rules) in zip(emails, scores, strict=True)
        if float(score) >= WORST
    ]
    assert suspect == []


def test_spam_is_told_from_what_is_none(spamassassin: list[str], tmp_path: Path) -> None:
    gtube = tmp_path / "gtube.eml"  # the generic test for unsolicited bulk email: every filter must know it
    gtube.write_text(
        "From: a@example.org\nTo: b@example.org\nSubject: x\nDate: Sun, 22 Nov 2026 12:00:00 -0600\n"
        "Message-ID: <1@example.org>\n\n"
        "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n"
    )
    done = subprocess.run([*spamassassin, gtube], capture_output=True, text=True, timeout=110)
    assert float(_STATUS.findall(done.stdout)[0][0]) >= 5
