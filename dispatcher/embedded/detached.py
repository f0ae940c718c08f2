"""Start a process that outlives us."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_LOG_BYTES = 1_000_000


def start_detached(
    command: Sequence[str | Path], log: Path, *, inherits: Sequence[int], environment: Mapping[str, str]
) -> None:
    """Run `command` in a session of its own, a child of init's: no Ctrl-C reaches it, and no zombie is
    left to us.

    Its words go to the end of `log`, which is begun anew when it has grown large (the old one is kept as
    `.1`). It inherits the open files `inherits`, and with them the locks that they hold.
    """
    if log.exists() and log.stat().st_size > _LOG_BYTES:
        log.replace(log.with_suffix(f"{log.suffix}.1"))
    log.touch(mode=0o600)
    with log.open("ab") as words:
        subprocess.run(  # noqa: S603 - the command is ours
            ["/bin/sh", "-c", '"$0" "$@" &', *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            env=environment,
            pass_fds=inherits,
            start_new_session=True,
            check=True,
        )
