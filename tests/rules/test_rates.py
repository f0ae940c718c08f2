import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.rules.rates import Rate, parse_domain_rates, parse_rate


@pytest.mark.parametrize(
    ("text", "rate", "per_second"),
    [
        ("20/s", Rate(20, 1), 20),
        ("3.75/s", Rate(3.75, 1), 3.75),
        ("600/m", Rate(600, 60), 10),
        (" 7200 / H ", Rate(7200, 3600), 2),
        ("2000000/d", Rate(2_000_000, 86_400), 2_000_000 / 86_400),
    ],
)
def test_rates_are_read_as_people_write_them(text: str, rate: Rate, per_second: float) -> None:
    assert parse_rate(text) == rate
    assert rate.per_second == pytest.approx(per_second)


@pytest.mark.parametrize("text", ["none", " None ", "unlimited"])
def test_no_limit_is_said_in_words(text: str) -> None:
    assert parse_rate(text) is None


@pytest.mark.parametrize(
    "text", ["", "20", "20/w", "-1/s", "0/s", "0.0/m", "1e3/s", "20/s/s", "./s", "none/s"]
)
def test_what_is_no_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write 20/s"):
        parse_rate(text)


@given(st.integers(1, 10**9), st.sampled_from("smhd"))
def test_a_rate_reads_back_as_it_is_shown(count: int, unit: str) -> None:
    assert str(parse_rate(f"{count}/{unit}")) == f"{count}/{unit}"


def test_a_rate_over_another_span_shows_its_seconds() -> None:
    assert str(Rate(1, 10)) == "1/10s"


@pytest.mark.parametrize(
    "text",
    [
        "gmail.com=10/s, yahoo.com=5/m",
        "Gmail.com=10/s yahoo.com=5/m",
        "gmail.com = 10/s; yahoo.com = 5/m;",
        "gmail.com=10 / s,,yahoo.com=5/m , ",
        "outlook.com=none, gmail.com=10/s, yahoo.com=5/m",
    ],
)
def test_domains_may_be_divided_by_commas_semicolons_or_spaces(text: str) -> None:
    assert parse_domain_rates(text) == {"gmail.com": Rate(10, 1), "yahoo.com": Rate(5, 60)}


def test_nothing_limits_no_domain() -> None:
    assert parse_domain_rates("") == {}


@pytest.mark.parametrize("text", ["gmail.com", "gmail.com 10/s", "=10/s"])
def test_a_domain_without_its_rate_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"write gmail\.com=10/s"):
        parse_domain_rates(text)


def test_a_wrong_rate_of_a_domain_is_refused() -> None:
    with pytest.raises(ValueError, match="'fast' isn't a rate"):
        parse_domain_rates("gmail.com=fast")
