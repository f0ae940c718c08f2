"""A file's checksum beside it, as `sha256sum --check` reads it: SQLite has none, pg_dump of rows alone."""

import hashlib
from pathlib import Path

from dispatcher.backups.private_file import written_whole
from dispatcher.errors import BackupBroken


def beside(path: Path) -> Path:
    """Where a file's checksum is kept."""
    return path.with_name(f"{path.name}.sha256")


def write(path: Path) -> None:
    """Keep the checksum of a file as it is now."""
    with written_whole(beside(path), replace=True) as draft:
        draft.write_text(f"{_sha256(path)}  {path.name}\n", encoding="utf-8")


def check(path: Path) -> None:
    """Raise BackupBroken for a file that has changed since; one without a checksum isn't looked at."""
    try:
        words = beside(path).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return
    if not words.startswith(_sha256(path)):
        problem = f"it isn't as it was written: {beside(path).name} says otherwise"
        raise BackupBroken(path=path, problem=problem)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
