"""The limits as data."""

from dispatcher.rules.web_limits import WEB_LIMITS


def test_every_limit_lets_a_person_make_a_mistake_and_ends() -> None:
    for name, parts in WEB_LIMITS.items():
        assert parts, name
        for allowance in parts.values():
            assert allowance.burst >= 2, name
            assert 0 < allowance.rate.per_second <= 10, name
