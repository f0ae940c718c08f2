"""Where a person may be, from what they gave us, as the string that rules.hours reads.

The best source decides the zones: their own, else the postal code, else the area code, else everywhere. The
state comes from the postal code, else the area code. Where a source leaves several possible, all of them
bind: unsure means stricter. People keep a number when they move: an area code is only the third-best word.
"""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from dispatcher.rules.area_codes import place_of_area_code
from dispatcher.rules.hours import ALWAYS, EVERYWHERE
from dispatcher.rules.places import Place
from dispatcher.rules.state_hours import STATE_HOURS, strictest
from dispatcher.rules.zip_zones import every_place, place_of_postal_code

MAX_LENGTH = 255  # of the column subscribers.quiet_zones

# Old names that people still write, of zones where a state may be strict.
_LINKS = {
    "US/Eastern": "America/New_York",
    "EST5EDT": "America/New_York",
    "US/Central": "America/Chicago",
    "CST6CDT": "America/Chicago",
    "US/Mountain": "America/Denver",
    "MST7MDT": "America/Denver",
}


def quiet_zones(
    *,
    own_zone: str | None = None,
    postal_code: str | None = None,
    area_code: str | None = None,
    number_zones: Collection[str] = (),
) -> str:
    """The zones and hours to respect. An `own_zone` that isn't an IANA name counts as not given.

    `area_code`: the three digits after +1. `number_zones`: the zones of a phone number from elsewhere.
    """
    by_post = place_of_postal_code(postal_code) if postal_code else None
    place = by_post or (place_of_area_code(area_code) if area_code else None)
    zones: Collection[str] = ()
    if own_zone and is_zone(own_zone):
        zones = [own_zone]
    elif place:
        zones = place.zones
    else:
        zones = number_zones
    text = ",".join(sorted(_with_hours(_LINKS.get(zone, zone), place) for zone in zones))
    return text if 0 < len(text) <= MAX_LENGTH else EVERYWHERE


def is_zone(name: str) -> bool:
    """Whether this is an IANA time zone's name, such as `America/Chicago`."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such file; leads out of the folder; is a folder
        return False
    return True


def _with_hours(zone: str, place: Place | None) -> str:
    """A zone with the strictest hours of the person's states; of all states in that zone if none is known."""
    states = place.states if place else {s for p in every_place() if zone in p.zones for s in p.states}
    week = strictest(states & STATE_HOURS.keys())
    return zone if week == ALWAYS else f"{zone}@{week}"
