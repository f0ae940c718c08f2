"""Moments as the sites where people act write them: ISO 8601, Unix seconds, or as Americans write days."""

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo

_DAYS = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%Y/%m/%d", "%b %d, %Y", "%B %d, %Y", "%d %b %Y", "%d %B %Y")
_TIMES = (" %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", " %I:%M%p")
# RFC 5322, section 4.3; other abbreviations mean several zones.
_ZONES = {"UTC": 0, "GMT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
_ZONES |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_ZONE = re.compile(rf"\s*\(?\b({'|'.join(_ZONES)})\)?$", re.IGNORECASE)
_LONGEST = 60  # characters
_MILLISECONDS = 1e11  # what is more than that is no number of seconds of our time
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_NOON = time(12)
_AHEAD = timedelta(days=1)  # as far as clocks and zones may be wrong


def told_moment(written: str, zone: tzinfo) -> datetime | None:
    """The moment in UTC; None where it can't be read.

    Without a zone of its own it is meant in `zone`; a day alone is its noon, which is that day everywhere.
    11/5/2026 is the fifth of November.
    """
    text = " ".join(written[: _LONGEST + 1].replace("\u202f", " ").split())
    if not text or len(text) > _LONGEST:
        return None
    found = _from_number(text) or _from_iso(text) or _from_words(text)
    if found is None:
        return None
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def may_be(at: datetime, now: datetime) -> bool:
    """Whether somebody may have acted then: not tomorrow, and not before there were such sites."""
    return _FIRST <= at <= now + _AHEAD


def _from_number(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{9,13}(?:\.\d+)?", text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > _MILLISECONDS else seconds, UTC)


def _from_iso(text: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return None
    bare, zone = _zone_of(text)
    try:
        found = datetime.fromisoformat(bare)
    except ValueError:
        return None
    if len(bare) == len("2026-11-05"):
        found = datetime.combine(found, _NOON)
    return found.replace(tzinfo=zone) if zone and found.tzinfo is None else found


def _from_words(text: str) -> datetime | None:
    bare, zone = _zone_of(text)
    words = bare.replace(" at ", " ").replace("a.m.", "AM").replace("p.m.", "PM")
    words = re.sub(r"(\d{4}), ", r"\1 ", words)
    for day in _DAYS:
        for hour in ("", *_TIMES):
            try:
                found = datetime.strptime(words, day + hour)  # noqa: DTZ007 - its zone follows
            except ValueError:
                continue
            return (found if hour else datetime.combine(found, _NOON)).replace(tzinfo=zone)
    return None


def _zone_of(text: str) -> tuple[str, timezone | None]:
    """The text without the zone at its end, and that zone."""
    match = _ZONE.search(text)
    if match is None:
        return text, None
    hours = _ZONES[match[1].upper()]
    return text[: match.start()].rstrip(), timezone(timedelta(hours=hours))
