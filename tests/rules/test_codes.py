"""The tables of postal codes and area codes, held against what else knows them."""

from zoneinfo import ZoneInfo

import pytest

from dispatcher.rules.area_codes import place_of_area_code
from dispatcher.rules.places import ZONES
from dispatcher.rules.state_hours import STATE_HOURS
from dispatcher.rules.zip_zones import every_place, place_of_postal_code

TERRITORIES = {"AS", "DC", "GU", "PR", "VI"}  # and the Northern Mariana Islands, whose codes are Guam's

# As libphonenumber's geocoding names them.
STATES = {
    "Alabama": "AL",
    "Alaska": "AK",
    "Arizona": "AZ",
    "Arkansas": "AR",
    "California": "CA",
    "Colorado": "CO",
    "Connecticut": "CT",
    "Delaware": "DE",
    "Florida": "FL",
    "Georgia": "GA",
    "Hawaii": "HI",
    "Idaho": "ID",
    "Illinois": "IL",
    "Indiana": "IN",
    "Iowa": "IA",
    "Kansas": "KS",
    "Kentucky": "KY",
    "Louisiana": "LA",
    "Maine": "ME",
    "Maryland": "MD",
    "Massachusetts": "MA",
    "Michigan": "MI",
    "Minnesota": "MN",
    "Mississippi": "MS",
    "Missouri": "MO",
    "Montana": "MT",
    "Nebraska": "NE",
    "Nevada": "NV",
    "New Hampshire": "NH",
    "New Jersey": "NJ",
    "New Mexico": "NM",
    "New York": "NY",
    "North Carolina": "NC",
    "North Dakota": "ND",
    "Ohio": "OH",
    "Oklahoma": "OK",
    "Oregon": "OR",
    "Pennsylvania": "PA",
    "Rhode Island": "RI",
    "South Carolina": "SC",
    "South Dakota": "SD",
    "Tennessee": "TN",
    "Texas": "TX",
    "Utah": "UT",
    "Vermont": "VT",
    "Virginia": "VA",
    "Washington State": "WA",
    "West Virginia": "WV",
    "Wisconsin": "WI",
    "Wyoming": "WY",
    "Washington D.C.": "DC",
}


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("60601", "IL"),
        (" 60601 ", "IL"),
        ("60601-1234", "IL"),
        ("60601 1234", "IL"),
        ("606011234", "IL"),
        ("60601.0", "IL"),
        ("7030", "NJ"),  # spreadsheets drop zeros in front
        ("7030-1234", "NJ"),
        ("70301234", "NJ"),
        ("901", "PR"),
        ("9011234.0", "PR"),
        ("96799", "AS"),
    ],
)
def test_a_postal_code_is_read_as_people_and_spreadsheets_write_it(text: str, state: str) -> None:
    place = place_of_postal_code(text)
    assert place is not None
    assert place.states == {state}


@pytest.mark.parametrize(
    "text", ["", "K1A 0B1", "60", "6060123456", "09012", "34002", "96201", "00000", "60601-12"]
)
def test_no_place_is_known_of_what_is_no_postal_code_or_a_military_one(text: str) -> None:
    assert place_of_postal_code(text) is None


def test_every_state_has_postal_codes() -> None:
    states = {state for place in every_place() for state in place.states}
    assert states - {"FM", "MH", "PW"} == TERRITORIES | set(STATES.values())


def test_every_zone_of_the_tables_exists() -> None:
    assert {zone for place in every_place() for zone in place.zones} == set(ZONES.values())
    assert all(ZoneInfo(zone).key == zone for zone in ZONES.values())


def test_every_strict_state_is_a_state() -> None:
    assert STATE_HOURS.keys() <= set(STATES.values())


@pytest.mark.parametrize("code", ["416", "876", "800", "555", "", "31"])
def test_codes_of_other_countries_or_of_no_place_are_not_ours(code: str) -> None:
    assert place_of_area_code(code) is None


def test_area_codes_lie_in_the_states_that_libphonenumber_says() -> None:
    from phonenumbers.geodata import GEOCODE_DATA

    checked = 0
    for prefix, names in GEOCODE_DATA.items():
        city_and_state = names.get("en", "").rpartition(", ")[2]
        state = STATES.get(city_and_state, city_and_state)
        if len(prefix) == 4 and prefix[0] == "1" and state in STATES.values():
            checked += 1
            place = place_of_area_code(prefix[1:])
            assert place is not None, prefix
            assert place.states == {state}, prefix
    assert checked > 300


def test_area_codes_have_the_zones_that_libphonenumber_says_and_may_have_more() -> None:
    from phonenumbers.tzdata import TIMEZONE_DATA

    same_clock = {"America/St_Thomas": "America/Puerto_Rico", "Pacific/Saipan": "Pacific/Guam"}
    checked = 0
    for prefix, zones in TIMEZONE_DATA.items():
        place = place_of_area_code(prefix[1:4]) if len(prefix) == 4 and prefix[0] == "1" else None
        if place:
            checked += 1
            ours = {same_clock.get(zone, zone) for zone in zones}
            assert ours & place.zones or prefix == "1689", prefix  # 689 overlays 407, all of it Eastern
    assert checked > 300
