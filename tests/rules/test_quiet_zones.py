"""Where a person may be. The strings are the whole answer: SQL groups by them."""

import pytest

from dispatcher.rules.hours import EVERYWHERE, parse_week
from dispatcher.rules.places import ZONES, Place, read_rows
from dispatcher.rules.quiet_zones import MAX_LENGTH, is_zone, quiet_zones
from dispatcher.rules.state_hours import STATE_HOURS, strictest
from dispatcher.rules.zip_zones import every_place


@pytest.mark.parametrize(
    ("postal_code", "expected"),
    [
        ("60601", "America/Chicago"),
        ("85001", "America/Phoenix"),
        ("86503", "America/Denver,America/Phoenix"),  # Chinle, in the Navajo Nation
        ("96813", "Pacific/Honolulu"),
        ("96799", "Pacific/Pago_Pago"),
        ("00901", "America/Puerto_Rico"),
        ("33101", "America/New_York@8-20"),
        ("32501", "America/Chicago@8-20"),
        ("32401", "America/Chicago@8-20,America/New_York@8-20"),
        ("06101", "America/New_York@9-20"),
        ("75001", "America/Chicago@9-21;sun12-21"),
        ("79901", "America/Chicago@9-21;sun12-21,America/Denver@9-21;sun12-21"),
        ("73949", "America/Chicago@9-20;sun12-20"),  # Oklahoma and Texas share 739
    ],
)
def test_a_postal_code_decides_zones_and_state(postal_code: str, expected: str) -> None:
    assert quiet_zones(postal_code=postal_code, area_code="212") == expected


@pytest.mark.parametrize(
    ("area_code", "expected"),
    [
        ("312", "America/Chicago"),
        ("808", "Pacific/Honolulu"),
        ("850", "America/Chicago@8-20,America/New_York@8-20"),  # the Florida panhandle
        ("301", "America/New_York@8-20"),
        ("601", "America/Chicago@8-20"),
        ("973", "America/New_York@8-20"),
        ("405", "America/Chicago@8-20"),
        ("915", "America/Denver@9-21;sun12-21"),
    ],
)
def test_without_a_postal_code_the_area_code_decides(area_code: str, expected: str) -> None:
    assert quiet_zones(area_code=area_code) == expected


def test_a_postal_code_that_is_none_of_ours_leaves_it_to_the_area_code() -> None:
    assert quiet_zones(postal_code="K1A 0B1", area_code="312") == "America/Chicago"


def test_a_persons_own_zone_comes_first_with_the_hours_of_their_state() -> None:
    assert quiet_zones(own_zone="America/Denver", postal_code="60601", area_code="212") == "America/Denver"
    assert quiet_zones(own_zone="America/Chicago", postal_code="33101") == "America/Chicago@8-20"
    assert quiet_zones(own_zone="America/Chicago", area_code="305") == "America/Chicago@8-20"


def test_a_zone_whose_state_is_unknown_has_the_hours_of_its_strictest() -> None:
    assert quiet_zones(own_zone="America/New_York") == "America/New_York@9-20"
    assert quiet_zones(own_zone="America/Los_Angeles") == "America/Los_Angeles"
    assert quiet_zones(own_zone="Europe/Warsaw") == "Europe/Warsaw"


def test_old_names_of_zones_are_understood() -> None:
    assert quiet_zones(own_zone="US/Central", area_code="312") == "America/Chicago"


@pytest.mark.parametrize(
    "name", ["Central", "", "America", "../../etc/passwd", "/etc/passwd", "America/Chicago\0"]
)
def test_a_zone_that_does_not_exist_counts_as_not_given(name: str) -> None:
    assert not is_zone(name)
    assert quiet_zones(own_zone=name, area_code="312") == "America/Chicago"


def test_numbers_from_elsewhere_bring_their_zones() -> None:
    assert quiet_zones(number_zones=("Europe/Warsaw",)) == "Europe/Warsaw"
    assert quiet_zones(area_code="416", number_zones=("America/Toronto",)) == "America/Toronto"


def test_who_may_be_anywhere_waits_for_everywhere() -> None:
    assert quiet_zones() == EVERYWHERE
    assert quiet_zones(area_code="800", number_zones=tuple(ZONES.values()) * 2) == EVERYWHERE


def test_everywhere_is_all_zones_of_the_states_at_their_strictest() -> None:
    territories = {"Pacific/Guam", "Pacific/Pago_Pago", "Pacific/Palau", "Pacific/Pohnpei", "Pacific/Majuro"}
    parts = []
    for zone in sorted(set(ZONES.values()) - territories):
        week = strictest(s for place in every_place() if zone in place.zones for s in place.states)
        parts.append(zone if str(week) == "0-24" else f"{zone}@{week}")
    assert ",".join(parts) == EVERYWHERE


def test_the_answer_fits_its_column() -> None:
    every = [Place(frozenset({state}), place.zones) for place in every_place() for state in place.states]
    longest = max(
        len(",".join(f"{zone}@{strictest(place.states)}" for zone in place.zones)) for place in every
    )
    assert max(longest, len(EVERYWHERE)) <= MAX_LENGTH


def test_the_strictest_of_several_states_binds() -> None:
    assert strictest(["CT", "TX"]) == parse_week("9-20;sun12-20")
    assert strictest(["FL", "IL"]) == STATE_HOURS["FL"]
    assert strictest([]) == parse_week("0-24")


def test_a_code_in_two_rows_means_both_places() -> None:
    assert read_rows("\nCT E 062-063\nNY E 063\nAL EC 3\n") == {
        "062": Place(frozenset({"CT"}), frozenset({"America/New_York"})),
        "063": Place(frozenset({"CT", "NY"}), frozenset({"America/New_York"})),
        "3": Place(frozenset({"AL"}), frozenset({"America/New_York", "America/Chicago"})),
    }
