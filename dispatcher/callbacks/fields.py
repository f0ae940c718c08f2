"""Taking values out of what others have sent: every function takes whatever there is, and never raises."""

import hashlib
import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_LONGEST = 2000  # characters of one value
_LONGEST_ID = 200  # characters of an id that is kept as it is
_MOST = 10_000  # items of one list


class NotJson(ValueError):
    """The body isn't JSON that anybody would send."""


def parse_json(body: bytes | str) -> Any:
    """The value of a JSON body. NotJson for everything else: other encodings, endless depth or numbers,
    NaN.
    """
    try:
        text = body.decode("utf-8") if isinstance(body, bytes) else body
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotJson from None


def json_or_none(body: bytes | str) -> Any:
    """As parse_json, with None for what isn't JSON."""
    try:
        return parse_json(body)
    except NotJson:
        return None


def inside(value: object, *path: str) -> Any:
    """What stands under these keys, one in the other; None where there is no such place."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def text(value: object, *path: str) -> str:
    """A text or number as clean text of at most 2,000 characters; "" for everything else."""
    found = inside(value, *path)
    if isinstance(found, bool) or not isinstance(found, (str, int, float)):
        return ""
    if isinstance(found, int) and found.bit_length() > 4000:  # more digits than Python writes
        return ""
    return clean(str(found))


def clean(words: str) -> str:
    """Without NUL, which PostgreSQL refuses, and without half characters; at most 2,000 characters."""
    return words[:_LONGEST].replace("\0", "").encode("utf-8", "replace").decode()


def items(value: object, *path: str) -> list[Any]:
    """A list's items, at most 10,000; none where there is no list."""
    found = inside(value, *path)
    return found[:_MOST] if isinstance(found, list) else []


def moment(value: object, *path: str) -> datetime | None:
    """A time in ISO 8601 (UTC where it names no zone) or in seconds since 1970; None where it is neither."""
    written = text(value, *path).strip()
    try:
        seconds = float(written)
    except ValueError:
        return _from_iso(written)
    if not math.isfinite(seconds):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def identity(given: str, *parts: object) -> str:
    """The provider's own id of an event; a hash of `parts`, which tell it from every other, where there is
    none or it is too long to keep.
    """
    if given and len(given) <= _LONGEST_ID:
        return given
    seen = json.dumps([given, *parts], sort_keys=True, default=str).encode("utf-8", "replace")
    return hashlib.sha256(seen).hexdigest()[:32]


def _from_iso(written: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _refuse(constant: str) -> None:
    raise NotJson(constant)
