"""A file that is either whole or not there, and this user's alone."""

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from dispatcher.errors import BackupExists

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


@contextlib.contextmanager
def written_whole(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """An empty draft beside `path`, to be filled; at the end it is made durable and takes the name.

    Raises BackupExists when there is something of that name, unless `replace`.
    """
    if path.exists() and not replace:
        raise BackupExists(path=path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        yield draft
        _make_durable(draft)
        _take_name(draft, path, replace=replace)
    finally:
        draft.unlink(missing_ok=True)
    _make_durable(path.parent)


def _take_name(draft: Path, path: Path, *, replace: bool) -> None:
    if replace:
        draft.replace(path)
        return
    try:
        path.hardlink_to(draft)  # unlike a renaming it fails when somebody else was quicker
    except FileExistsError:
        raise BackupExists(path=path) from None
    except OSError as error:
        if error.errno not in _NO_LINKS:  # a memory stick, a network drive
            raise
        draft.rename(path)


def _make_durable(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
