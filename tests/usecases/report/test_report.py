"""What a report counts: on both databases, and the same as somebody who counts by hand."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from past_alerts import BEGAN, Told, act, leave_by_click, past_alert
from people import add_list, add_people
from reports_desk import reporting
from sqlalchemy import delete, select

from dispatcher.errors import UnknownAlert
from dispatcher.house import House
from dispatcher.models import Alert, Message, Subscriber
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.small_counts import OTHER
from dispatcher.usecases.forget import forget
from dispatcher.usecases.moves import move_all
from dispatcher.usecases.outcomes import SENT, outcomes
from dispatcher.usecases.report.counting import FORGOTTEN
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.retention.alerts import close

EMAIL, SMS = Channel.EMAIL, Channel.SMS
M, S = Measure, Status
_STATUSES = {M.SENT, M.FAILED, M.UNCERTAIN, M.SKIPPED, M.CANCELLED, M.WAITING}


def sums(rows: list[Row]) -> dict[Measure, int]:
    return {one: sum(row.count(one) for row in rows) for one in Measure}


def adds_up(found: Report, *, but: frozenset[Measure] = frozenset()) -> None:
    """Every breakdown is of the whole."""
    for channel, whole in found.channels.items():
        assert whole[M.AUDIENCE] == sum(whole.count(one) for one in _STATUSES)
        for rows in [found.languages[channel], *([found.domains] if channel is EMAIL else [])]:
            told = {one for one in Measure if any(row[one] is not None for row in rows)} - but
            assert {one: sums(rows)[one] for one in told} == {one: whole.count(one) for one in told}


@pytest.fixture
def crowd(any_house: House) -> dict[str, list[int]]:
    """Readers on two large domains and a small one, with phones."""
    add_list(any_house)
    return {
        domain: add_people(any_house, number, domain=domain, language=language)
        for domain, number, language in (
            ("gmail.com", 14, "en"),
            ("yahoo.com", 11, "es"),
            ("maria.example", 2, "es"),
        )
    }


def test_each_message_is_counted_where_it_belongs(any_house: House, crowd: dict[str, list[int]]) -> None:
    gmail, yahoo, maria = crowd.values()
    told = [
        *(Told(one) for one in gmail[:12]),
        Told(gmail[12], S.BOUNCED, error="smtp 550 5.1.1"),
        Told(gmail[13], S.SKIPPED, error="left the list"),
        *(Told(one, S.SENT, language="es") for one in yahoo),
        Told(maria[0], language="es"),
        Told(maria[1], S.QUEUED, language="es"),
        *(Told(one, S.SENT, SMS, segments=2) for one in gmail[:3]),
    ]
    past_alert(any_house, told)
    act(any_house, gmail[0], yahoo[0], gmail[13])  # the last one wasn't written to
    act(any_house, gmail[1], at=BEGAN - timedelta(hours=1))
    leave_by_click(any_house, yahoo[1], maria[0])
    found = reporting(any_house)
    adds_up(found)
    email, text = found.channels[EMAIL], found.channels[SMS]
    assert (email[M.AUDIENCE], email[M.SENT], email[M.DELIVERED], email[M.BOUNCED]) == (27, 25, 13, 1)
    assert (email[M.ACTED], email[M.LEFT], email[M.CLICKED], email[M.VISITS]) == (2, 2, None, None)
    assert (text[M.SENT], text[M.DELIVERED], text[M.ACTED], text[M.LEFT]) == (3, None, 1, 0)
    assert (found.acted, found.acted_at_all) == (2, 3)
    assert [(row.label, row[M.AUDIENCE], row[M.ACTED]) for row in found.domains] == [
        ("gmail.com", 14, 1),
        ("yahoo.com", 11, 1),
        (OTHER, 2, 0),
    ]
    assert [(row.label, row[M.AUDIENCE]) for row in found.languages[EMAIL]] == [("en", 14), ("es", 13)]
    assert found.texts["en"].segments == 6


def test_what_it_counts_is_what_alarms_are_judged_by(house: House) -> None:
    add_list(house)
    people = add_people(house, 14)
    alert_id = past_alert(house, [Told(one) for one in people])
    act(house, *people[:4])
    leave_by_click(house, *people[3:5])
    row = reporting(house, alert_id).channels[EMAIL]
    with house.db.reading() as session:
        judged = outcomes(session, session.get_one(Alert, alert_id))[EMAIL]
    assert (row[M.SENT], row[M.DELIVERED], row[M.ACTED], row[M.LEFT]) == (
        judged.sent,
        judged.delivered,
        judged.acted,
        judged.left,
    )


def test_what_people_do_counts_for_the_newest_alert(house: House) -> None:
    add_list(house)
    people = add_people(house, 3)
    next_one = BEGAN + timedelta(days=3)
    past_alert(house, [Told(one) for one in people])
    past_alert(house, [Told(one) for one in people], began=next_one, name="2")
    past_alert(house, [Told(one) for one in people], began=BEGAN + timedelta(days=1), practice=True)
    act(house, people[0], at=next_one - timedelta(hours=1))
    act(house, people[1], people[2], at=next_one + timedelta(hours=1))
    first, second = reporting(house, 1), reporting(house, 2)
    assert (first.acted, first.next_began) == (1, next_one)
    assert (second.acted, second.next_began) == (2, None)


def test_who_was_forgotten_still_counts(house: House) -> None:
    add_list(house)
    people = add_people(house, 12)
    past_alert(house, [Told(one) for one in people])
    with house.db.transaction() as session:
        for one in people:
            forget(session, house.keys, str(one))
    found = reporting(house)
    adds_up(found)
    assert [(row.label, row[M.AUDIENCE]) for row in found.domains] == [(FORGOTTEN, 12)]


def test_an_alert_that_has_not_begun_has_nothing_to_tell(house: House) -> None:
    past_alert(house, [], began=None, state=AlertState.RUNNING)
    found = reporting(house)
    assert (found.began, found.channels, found.domains, found.earlier) == (None, {}, [], ())
    assert found.timeline.slots == ()


def test_an_alert_that_is_not_there_is_an_error(house: House) -> None:
    with pytest.raises(UnknownAlert):
        reporting(house, 99)


def test_of_a_closed_alert_counts_are_left(any_house: House, crowd: dict[str, list[int]]) -> None:
    gmail, yahoo, maria = crowd.values()
    told = [Told(one) for one in gmail + yahoo] + [Told(one, S.FAILED, error="550") for one in maria]
    alert_id = past_alert(any_house, told)
    act(any_house, *gmail[:2])
    before = reporting(any_house)
    with any_house.db.transaction() as session:
        close(session, any_house.settings, alert_id)
        session.execute(delete(Message))
    after = reporting(any_house)
    adds_up(after)
    assert after.closed
    assert (after.acted, after.acted_at_all) == (None, 2)
    for measure in (M.AUDIENCE, M.SENT, M.DELIVERED, M.FAILED):
        assert after.channels[EMAIL][measure] == before.channels[EMAIL][measure]
    assert after.channels[EMAIL][M.ACTED] is None
    assert [(one.meaning, one.number) for one in after.troubles] == [("refused_bare", 2)]


moves = st.tuples(st.integers(min_value=0, max_value=11), st.sampled_from(Status))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(moves, max_size=20),
    st.sets(st.integers(min_value=0, max_value=11)),
    st.sets(st.integers(min_value=0, max_value=11)),
)
def test_after_any_moves_it_counts_as_somebody_by_hand(
    house: House, moved: list[tuple[int, Status]], acts: set[int], gone: set[int]
) -> None:
    people = _twelve(house)
    began = BEGAN + timedelta(days=30 * _alerts(house))
    told = [Told(one, S.QUEUED, Channel.EMAIL, "en" if nth % 3 else "pl") for nth, one in enumerate(people)]
    alert_id = past_alert(house, told, began=began, name=str(began))
    with house.db.transaction() as session:
        ids = session.scalars(
            select(Message.id).where(Message.alert_id == alert_id).order_by(Message.id)
        ).all()
        for nth, status in moved:
            move_all(session, alert_id, status, Message.id == ids[nth], by_person=True)
    act(house, *(people[nth] for nth in acts), at=began + timedelta(hours=1))
    leave_by_click(house, *(people[nth] for nth in gone), at=began + timedelta(hours=1))
    found = reporting(house, alert_id)
    adds_up(found)
    _same(found, _by_hand(house, alert_id, {people[nth] for nth in acts}, {people[nth] for nth in gone}))


def _twelve(house: House) -> list[int]:
    with house.db.reading() as session:
        known = session.scalars(select(Subscriber.id).order_by(Subscriber.id)).all()
    if not known:
        add_list(house)
    return list(known) or add_people(house, 12, domain="gmail.com")


def _alerts(house: House) -> int:
    with house.db.reading() as session:
        return len(session.scalars(select(Message.alert_id).distinct()).all())


def _by_hand(house: House, alert_id: int, acts: set[int], gone: set[int]) -> dict[str, Counter[Any]]:
    with house.db.reading() as session:
        messages = session.scalars(select(Message).where(Message.alert_id == alert_id)).all()
    counted: dict[str, Counter[Any]] = {}
    for one in messages:
        for key in ("whole", one.language):
            numbers = counted.setdefault(key, Counter())
            numbers[one.status] += 1
            if one.status in SENT:
                numbers["acted"] += one.subscriber_id in acts
                numbers["left"] += one.subscriber_id in gone
    return counted


def _same(found: Report, by_hand: dict[str, Counter[Any]]) -> None:
    rows = {"whole": found.channels[EMAIL]} | {row.label: row for row in found.languages[EMAIL]}
    assert rows.keys() == by_hand.keys()
    for key, numbers in by_hand.items():
        row = rows[key]
        assert row[M.AUDIENCE] == sum(numbers[status] for status in Status)
        assert row[M.SENT] == sum(numbers[status] for status in SENT)
        assert row[M.BOUNCED] == numbers[S.BOUNCED]
        assert row[M.WAITING] == numbers[S.QUEUED] + numbers[S.SENDING]
        assert (row[M.ACTED], row[M.LEFT]) == (numbers["acted"], numbers["left"])
        told = by_hand["whole"][S.DELIVERED] > 0
        assert row[M.DELIVERED] == (numbers[S.DELIVERED] + numbers[S.COMPLAINED] if told else None)
