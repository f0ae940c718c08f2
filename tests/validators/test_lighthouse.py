"""Lighthouse gives public pages at least 95 of 100, as on a phone: accessibility, best practices."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dispatcher.chromium import arguments, find_chromium
from practice_site import PracticeSite

LEAST = 95
_CATEGORIES = ("accessibility", "best-practices")


@pytest.mark.parametrize("name", ["calls", "texts", "join", "leave", "manage"])
def test_a_page_is_well_made(lighthouse: list[str], site: PracticeSite, tmp_path: Path, name: str) -> None:
    report = tmp_path / "report.json"
    flags = " ".join(["--headless=new", *arguments()])
    done = subprocess.run(
        [
            *(*lighthouse, f"{site.url}{site.pages[name]}", "--quiet", f"--chrome-flags={flags}"),
            *("--output=json", f"--output-path={report}", "--throttling-method=provided"),
            f"--only-categories={','.join(_CATEGORIES)}",
        ],
        env=os.environ | {"CHROME_PATH": find_chromium()},
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(report.read_text(encoding="utf-8"))
    scores = {category: round(100 * told["categories"][category]["score"]) for category in _CATEGORIES}
    lost = [one["id"] for one in told["audits"].values() if one["score"] is not None and one["score"] < 1]
    assert min(scores.values()) >= LEAST, (scores, lost)
