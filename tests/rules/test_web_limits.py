"""The limits as data."""

from dispatcher.rules.web_limits import WEB_LIMITS


def test_every_limit_lets_a_person_make_a_mistake_and_ends() -> None:
    for name, parts in WEB_LIMITS.items():
        assert parts, name
        for part, allowance in parts.items():
            most = 100 if part == "key" else 10  # behind a key is a whole site, behind all else a person
            assert allowance.burst >= 2, name
            assert 0 < allowance.rate.per_second <= most, name
