"""What SpamAssassin makes of a message, by its own rules alone (-L: nothing is asked of the network)."""

import re
import shutil
import subprocess
from dataclasses import dataclass

_SECONDS = 60.0
_STATUS = re.compile(
    rb"^X-Spam-Status:.*?score=(-?[\d.]+).*?tests=(.*?)(?:autolearn|version)=", re.MULTILINE | re.DOTALL
)
_NONE = "none"


@dataclass(frozen=True, slots=True)
class SpamScore:
    """Points, and the names of the rules that gave or took them."""

    points: float
    rules: tuple[str, ...]


def spam_score(message: bytes) -> SpamScore | None:
    """None where SpamAssassin isn't installed, or can't say."""
    program = shutil.which("spamassassin")
    if not program:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - found on PATH, nothing of a message in the arguments
            [program, "-L", "-t"], input=message, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _STATUS.search(done.stdout)
    if not found:
        return None
    rules = (name.strip() for name in re.sub(rb"\s", b"", found[2]).decode().split(","))
    return SpamScore(float(found[1]), tuple(name for name in rules if name and name != _NONE))
