"""segments.toml in the working folder: expressions by name, `chicago-es = "language = es and ..."`."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from dispatcher.errors import WrongSegment

FILE = "segments.toml"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


def saved_segments(folder: Path | None = None) -> Mapping[str, str]:
    """Name -> expression as written; none where there is no file. Raises WrongSegment."""
    path = (folder or Path.cwd()) / FILE
    if not path.exists():
        return {}
    try:
        saved = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongSegment(problem=f"{FILE}: {error}.", where="") from None
    for name, text in saved.items():
        if not isinstance(text, str) or not _NAME.fullmatch(name):
            problem = f'{FILE}, {name!r}: write a name and an expression, chicago-es = "language = es".'
            raise WrongSegment(problem=problem, where="")
    return saved
