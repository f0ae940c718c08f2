"""Pictures by a real Chromium; and what is said when there is none, or when it doesn't answer."""

import os
import struct
from pathlib import Path

import pytest

from dispatcher.chromium import Chromium, arguments, find_chromium
from dispatcher.errors import ChromiumFailed, ChromiumMissing

PAGE = """<!DOCTYPE html><title>x</title><style>
body { margin: 0; height: 1234px; background: #ffffff; }
@media (prefers-color-scheme: dark) { body { background: #000000; } }
</style>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "a page.html"
    path.write_text(PAGE)
    return path


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program that does what its test writes into it."""
    path = tmp_path / "chromium"
    path.write_text("#!/bin/sh\nexit 0\n")
    path.chmod(0o755)
    return path


def size(png: bytes) -> tuple[int, ...]:
    return struct.unpack(">II", png[16:24])


def test_a_picture_is_as_wide_as_asked_and_as_tall_as_the_page(chromium: str, page: Path) -> None:
    with Chromium(chromium) as browser:
        light = browser.picture(page, width=390)
        dark = browser.picture(page, width=390, dark=True)
        wide = browser.picture(page, width=1000, scale=1)
    assert (size(light), size(wide)) == ((780, 2468), (1000, 1234))
    assert size(dark) == size(light)
    assert dark != light


def test_nothing_of_it_is_left(chromium: str, page: Path) -> None:
    with Chromium(chromium) as browser:
        browser.picture(page, width=390)
        pid = browser._pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_chromium_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChromiumMissing, match="apt-get install chromium"):
        find_chromium()


def test_it_is_found_by_its_name(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    assert find_chromium() == str(program)


def test_one_that_ends_says_so(program: Path) -> None:
    with pytest.raises(ChromiumFailed, match="took no picture: it ended"), Chromium(str(program)):
        pass


def test_one_that_does_not_answer_is_not_waited_for(program: Path) -> None:
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    with (
        pytest.raises(ChromiumFailed, match=r"no answer within 0\.2 seconds"),
        Chromium(str(program), patience=0.2),
    ):
        pass


def test_one_that_cannot_be_started_says_why(tmp_path: Path) -> None:
    with pytest.raises(ChromiumFailed, match="No such file"), Chromium(str(tmp_path / "none")):
        pass


def test_a_question_that_it_refuses_is_named(program: Path) -> None:
    program.write_text('#!/bin/sh\nprintf \'{"id":1,"error":{"message":"not here"}}\\000\' >&4\nsleep 60\n')
    with (
        pytest.raises(ChromiumFailed, match=r"Target\.createTarget: not here"),
        Chromium(str(program)),
    ):
        pass


def test_only_root_goes_without_the_sandbox() -> None:
    assert ("--no-sandbox" in arguments()) is (os.geteuid() == 0)
