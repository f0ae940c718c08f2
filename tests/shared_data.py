"""Where the real mails lie that our rules are held to: beside the project, if they are there at all."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_file(name: str) -> Path:
    """A file of ../shared/data; the test is skipped where it isn't, for the own samples say the same."""
    path = _FOLDER / name
    if not path.is_file():
        pytest.skip(f"../shared/data/{name} isn't there: the hand-written samples alone are held to")
    return path
