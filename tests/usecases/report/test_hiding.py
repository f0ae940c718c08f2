"""Of a sensitive alert no small count of a language or domain is told."""

from hypothesis import given
from hypothesis import strategies as st
from past_alerts import BEGAN, Told, act, past_alert
from people import add_list, add_people
from reports_desk import reporting

from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.small_counts import LEAST, OTHER
from dispatcher.usecases.report.hiding import TOLD, without_small
from dispatcher.usecases.report.measures import Measure, Row

M = Measure


def row(label: str, audience: int, acted: int | None, left: int | None) -> Row:
    numbers: dict[Measure, int | None] = dict.fromkeys(Measure)
    return Row(label, numbers | {M.AUDIENCE: audience, M.ACTED: acted, M.LEFT: left, M.SENT: audience})


small = st.integers(min_value=0, max_value=30)
rows_of = st.dictionaries(st.sampled_from(["en", "es", "pl", "ar", OTHER]), st.tuples(small, small, small))


@given(rows_of)
def test_nothing_small_is_told_and_rows_still_add_up(numbers: dict[str, tuple[int, int, int]]) -> None:
    before = [row(label, *(of if of[0] else (0, 0, 0))) for label, of in numbers.items()]
    after = without_small(before)
    for measure in TOLD:
        assert sum(one.count(measure) for one in after) == sum(one.count(measure) for one in before)
        for one in after:
            assert one.label == OTHER or one.count(measure) == 0 or one.count(measure) >= LEAST
        peopled = [one for one in after if one[M.AUDIENCE]]
        assert len(peopled) > 1 or not any(measure in one.hidden for one in peopled)
    assert all(one[M.SENT] is None for one in after)


def test_a_column_with_something_small_says_where_it_is_hidden() -> None:
    told = without_small([row("en", 500, 40, 0), row("es", 300, 30, 0), row("pl", 90, 2, 0)])
    assert [(one.label, one[M.AUDIENCE], one[M.ACTED], one.hidden) for one in told] == [
        ("en", 500, 40, frozenset()),
        ("es", 300, 0, {M.ACTED}),
        ("pl", 90, 0, {M.ACTED}),
        (OTHER, 0, 32, frozenset()),
    ]


def test_where_all_are_of_one_domain_it_is_not_named_beside_what_is_small() -> None:
    """All 200 at example.org, and 4 acted: a `hidden` there beside `other 4` would tell it."""
    for acted, label in ((4, OTHER), (0, "example.org"), (40, "example.org")):
        (told,) = without_small([row("example.org", 200, acted, 0)])
        assert (told.label, told[M.AUDIENCE], told[M.ACTED], told.hidden) == (label, 200, acted, frozenset())


def test_the_only_one_who_acted_is_not_found_among_zeros() -> None:
    told = without_small([row("en", 500, 1, 0), row("es", 300, 0, 0), row("pl", 90, 0, 0)])
    assert {one.label: one.hidden for one in told} == {
        **dict.fromkeys(("en", "es", "pl"), frozenset({M.ACTED})),
        OTHER: frozenset(),
    }


def test_what_nobody_knows_stays_unknown() -> None:
    told = without_small([row("en", 500, None, None), row("pl", 3, None, None), row("es", 40, None, None)])
    assert [(one.label, one[M.AUDIENCE], one[M.ACTED]) for one in told] == [
        ("en", 500, None),
        (OTHER, 43, None),
    ]


def test_a_report_of_a_sensitive_list_hides_and_has_days_without_acts(house: House) -> None:
    add_list(house, sensitive=True)
    english, polish = add_people(house, 12, domain="gmail.com"), add_people(house, 3, domain="wp.pl")
    past_alert(house, [*(Told(one) for one in english), *(Told(one, language="pl") for one in polish)])
    act(house, english[0], polish[0])
    found = reporting(house)
    assert found.sensitive
    assert [(one.label, one[M.AUDIENCE]) for one in found.languages[Channel.EMAIL]] == [(OTHER, 15)]
    assert [(one.label, one[M.AUDIENCE]) for one in found.domains] == [(OTHER, 15)]
    assert found.channels[Channel.EMAIL][M.ACTED] == 2
    assert not found.timeline.by_hour
    assert found.timeline.slots == ()
    assert found.began == BEGAN.date()
