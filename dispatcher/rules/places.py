"""Places: which states and time zones a postal code (rules.zip_zones) or an area code can mean."""

from dataclasses import dataclass

ZONES = {
    "E": "America/New_York",
    "C": "America/Chicago",
    "M": "America/Denver",
    "A": "America/Phoenix",  # no summer time in Arizona; the Navajo Nation, which has it, is M
    "P": "America/Los_Angeles",
    "K": "America/Anchorage",
    "D": "America/Adak",
    "H": "Pacific/Honolulu",
    "R": "America/Puerto_Rico",  # the Virgin Islands too
    "G": "Pacific/Guam",
    "S": "Pacific/Pago_Pago",
    "W": "Pacific/Palau",
    "N": "Pacific/Pohnpei",
    "J": "Pacific/Majuro",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Everywhere that a code can mean: two-letter states, IANA zones."""

    states: frozenset[str]
    zones: frozenset[str]

    def __or__(self, other: "Place") -> "Place":
        return Place(self.states | other.states, self.zones | other.zones)


def read_rows(rows: str) -> dict[str, Place]:
    """`AL EC 368 370-372`, a state and its zones a line, as {code: Place}; a code in two lines means both."""
    places: dict[str, Place] = {}
    for row in rows.strip().splitlines():
        state, letters, *spans = row.split()
        place = Place(frozenset({state}), frozenset(ZONES[letter] for letter in letters))
        for span in spans:
            first, _, last = span.partition("-")
            for number in range(int(first), int(last or first) + 1):
                code = f"{number:0{len(first)}}"
                places[code] = places[code] | place if code in places else place
    return places
