"""States whose hours are stricter than the federal 8 am to 9 pm, on the recipient's clock.

They bind sales and fund-raising above all; keeping them for every text is simpler, and kinder. The list is
what compliance guides of 2025 agree on, not a lawyer's reading: check it before relying on a closing hour.
"""

from collections.abc import Iterable
from functools import reduce

from dispatcher.rules.hours import ALWAYS, Week, parse_week

STATE_HOURS: dict[str, Week] = {
    "CT": parse_week("9-20"),  # Public Act 23-98, since October 2023
    "FL": parse_week("8-20"),  # Fla. Stat. 501.616(6)
    "MD": parse_week("8-20"),  # Stop the Spam Calls Act, since 2024
    "MS": parse_week("8-20"),  # Miss. Code 77-3-723; its ban of Sundays is on sales calls and isn't kept here
    "NJ": parse_week("8-20"),  # compliance guides alone
    "OK": parse_week("8-20"),  # Telephone Solicitation Act of 2022, 15 Okla. Stat. 775C.4
    "TX": parse_week("9-21;sun12-21"),  # Bus. & Com. Code 301-305, texts too since Senate Bill 140 of 2025
}


def strictest(states: Iterable[str]) -> Week:
    """The hours that are allowed in all of these states at once."""
    return reduce(Week.within, (STATE_HOURS.get(state, ALWAYS) for state in states), ALWAYS)
