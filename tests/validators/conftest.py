"""Validators made by others, over every shipped campaign in every language, every public page, and reports.
`make validate` runs them.

They need Debian's spamassassin, a JRE, chromium, and what `npm ci` brings from package.json beside this file.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from shipped_campaigns import CASES, compiled, reader

from dispatcher.chromium import arguments, find_chromium
from practice_site import PracticeSite, practice_site

MODULES = Path(__file__).parent / "node_modules"
_SAMPLE = Path(__file__).parents[2] / "scripts" / "report_sample.py"


def needed(program: str, package: str) -> str:
    """The path of a program; without it there is nothing to validate with."""
    found = shutil.which(program)
    assert found, f"{program} isn't here: apt-get install {package}"
    return found


@pytest.fixture(scope="session")
def axe() -> Path:
    """axe-core's script."""
    script = MODULES / "axe-core" / "axe.min.js"
    assert script.is_file(), "axe isn't here: npm ci --prefix tests/validators"
    return script


@pytest.fixture(scope="session")
def nu() -> list[str]:
    """The command of the Nu HTML checker."""
    jar = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
    assert jar.is_file(), "The Nu HTML checker isn't here: npm ci --prefix tests/validators"
    return [needed("java", "default-jre-headless"), "-jar", str(jar)]


@pytest.fixture(scope="session")
def spamassassin() -> list[str]:
    """SpamAssassin with local rules alone, as a filter of many files at once."""
    return [needed("spamassassin", "spamassassin"), "--local", "--test-mode"]


@pytest.fixture(scope="session")
def lighthouse() -> list[str]:
    """The command of Lighthouse."""
    program = MODULES / "lighthouse" / "cli" / "index.js"
    assert program.is_file(), "Lighthouse isn't here: npm ci --prefix tests/validators"
    return [needed("node", "nodejs"), str(program)]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSite]:
    """The public pages of a practice house, on loopback."""
    with practice_site(tmp_path_factory.mktemp("practice")) as site:
        yield site


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The HTML of every campaign in every language, a file each, named such as daca-es.html."""
    folder = tmp_path_factory.mktemp("pages")
    return [_written(folder / f"{slug}-{language}.html", slug, language) for slug, language in CASES]


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The page of `dispatch report`, of an alert to 4,000 people; and of a sensitive one.

    Made by other processes: one has one data key, and ours may have the site's.
    """
    found = []
    for name, more in (("report", []), ("report-sensitive", ["--sensitive"])):
        folder = tmp_path_factory.mktemp(name)
        subprocess.run([sys.executable, _SAMPLE, folder, *more], check=True, capture_output=True, timeout=60)
        found.append((folder / "report.html").rename(folder / f"{name}.html"))
    return found


@pytest.fixture(scope="session")
def emails(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Every campaign in every language as a server receives it, a file each, named such as daca-es.eml."""
    folder = tmp_path_factory.mktemp("emails")
    found = []
    for slug, language in CASES:
        path = folder / f"{slug}-{language}.eml"
        path.write_bytes(_received() + compiled(slug).email(reader(language)).mime)
        found.append(path)
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments())
        yield browser
        browser.close()


def _received() -> bytes:
    """What a server writes over an email when it takes it: now, when the email says it was written."""
    return (
        "Return-Path: <alerts@example.org>\r\n"
        "Received: from relay.example.org (relay.example.org [192.0.2.10])\r\n"
        "\tby mx.example.net (Postfix) with ESMTPS id 4Zx1;\r\n"
        f"\t{format_datetime(datetime.now(UTC))}\r\n"
    ).encode()


def _written(path: Path, slug: str, language: str) -> Path:
    path.write_text(compiled(slug).preview_html(reader(language)), encoding="utf-8")
    return path
