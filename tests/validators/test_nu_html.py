"""The Nu HTML checker finds nothing wrong in a page, nor in an email but what nu_allowed.toml has."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import urllib3

from practice_site import PracticeSite

ALLOWED = tomllib.loads((Path(__file__).parent / "nu_allowed.toml").read_text(encoding="utf-8"))["allowed"]


def errors(nu: list[str], *pages: Path) -> list[dict[str, Any]]:
    """What the checker calls errors, warnings left out."""
    command = [*nu, "--format", "json", "--exit-zero-always", "--stdout", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    told: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    return [message for message in told if message["type"] != "info"]


def test_every_email_is_html_but_for_what_outlook_asks_for(nu: list[str], pages: list[Path]) -> None:
    found = {
        f"{Path(error['url']).name}: {error['message']}"
        for error in errors(nu, *pages)
        if not any(re.search(one["message"], error["message"]) for one in ALLOWED)
    }
    assert found == set()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_public_page_is_html(nu: list[str], site: PracticeSite, tmp_path: Path, language: str) -> None:
    pages = []
    for name, path in site.pages.items():
        if name != "email":  # which is above
            pages.append(tmp_path / f"{name}.html")
            answer = urllib3.request("GET", f"{site.url}{path}?lang={language}")
            pages[-1].write_bytes(answer.data)
    assert {f"{Path(error['url']).name}: {error['message']}" for error in errors(nu, *pages)} == set()


def test_a_report_is_html(nu: list[str], reports: list[Path]) -> None:
    assert [error["message"] for error in errors(nu, *reports)] == []


def test_everything_that_is_allowed_is_there(nu: list[str], pages: list[Path]) -> None:
    told = [error["message"] for error in errors(nu, pages[0])]
    for one in ALLOWED:
        assert any(re.search(one["message"], message) for message in told), one["message"]
        assert one["why"]


def test_a_mistake_is_found(nu: list[str], tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text("<!DOCTYPE html><html lang='en'><title>x</title><p><b>x</p></html>")
    assert errors(nu, page)
