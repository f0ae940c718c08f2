"""`send --segment` and `--except`: the same people in the survey, at the laying out, and ever after."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from campaigns import messages_of, send, write_campaign
from people import add_list, add_person, suppress_person
from sqlalchemy import update

from dispatcher.cli.progress_words import result_lines
from dispatcher.errors import AlertNotRunning, WrongSegment
from dispatcher.house import House
from dispatcher.models import Alert
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.segments import Segment
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.open_alert import lay_out_scheduled
from dispatcher.usecases.send_campaign import Plan, Request, carry_out, plan
from dispatcher.usecases.status import progress

EMAIL = Channel.EMAIL
A, B = Segment("language = es"), Segment("union", {"union": "yes_no"})


def _peopled(house: House, folder: Path) -> House:
    """Ana (1) and Dov (4) read Spanish, Ben (2) and Eva (5) English; Cai (3) reads es and is suppressed."""
    add_list(house)
    for name, language in (("ana", "es"), ("ben", "en"), ("cai", "es"), ("dov", "es-MX"), ("eva", "en")):
        add_person(house, email=f"{name}@example.org", language=language)
    suppress_person(house, 3, EMAIL)
    write_campaign(folder, languages=["en", "es"])
    return house


@pytest.fixture
def town(house: House, tmp_path: Path) -> House:
    """The five on SQLite."""
    return _peopled(house, tmp_path)


@pytest.fixture
def any_town(any_house: House, tmp_path: Path) -> House:
    """The five on SQLite, and again on PostgreSQL."""
    return _peopled(any_house, tmp_path)


def planned(house: House, **asked: Any) -> Plan:
    return plan(house, Request("budget", (EMAIL,), **asked))


def reached(house: House) -> list[int]:
    return sorted(message.subscriber_id or 0 for message in messages_of(house))


def test_a_segment_is_the_audience_and_an_exception_is_not_with_how_many_each_leaves_out(
    any_town: House,
) -> None:
    found = planned(any_town, segment="language = es", exception="language = es-MX")
    told = found.survey.channels[EMAIL]
    assert told.people == {"es": 1}
    assert told.left_out == {
        "not in the segment": 2,
        "meant by --except": 1,
        "suppressed (stop)": 1,
    }
    assert carry_out(any_town, found).added == 1
    assert reached(any_town) == [1]


def test_going_on_without_a_word_means_the_same_people(town: House) -> None:
    carry_out(town, planned(town, segment="language = es", exception="language = es-MX"))
    add_person(town, email="new@example.org", language="es")
    add_person(town, email="other@example.org", language="en")
    again = planned(town)
    assert [one.text for one in again.opening.choice.segments] == ["language = es"]
    assert carry_out(town, again).added == 1
    assert reached(town) == [1, 6]
    assert again.survey.channels[EMAIL].left_out["not in the segment"] == 3


def test_status_says_whom_an_alert_means(town: House) -> None:
    opened = carry_out(town, planned(town, segment="language = es", exception="on(daca, sms)"))
    with town.db.reading() as session:
        now_at = progress(session, opened.alert_id)
    assert (now_at.segments, now_at.exceptions) == (("language = es",), ("on(daca, sms)",))
    lines = list(result_lines(now_at))
    assert "  only who is in: language = es" in lines
    assert "  but not who is in: on(daca, sms)" in lines


def test_everyone_and_nobody_widen_it(town: House) -> None:
    carry_out(town, planned(town, segment="language = es", exception="language = es-MX"))
    assert carry_out(town, planned(town, segment="everyone")).added == 2
    assert carry_out(town, planned(town, exception="nobody")).added == 1
    assert reached(town) == [1, 2, 4, 5]


def test_the_next_alert_begins_with_everybody(town: House) -> None:
    carry_out(town, planned(town, segment="language = es"))
    assert planned(town, again="second").survey.total == 4


def test_a_scheduled_alert_is_laid_out_by_what_was_typed_whatever_became_of_the_files(
    town: House, tmp_path: Path
) -> None:
    (tmp_path / "segments.toml").write_text("spanish = 'language = es'")
    later = town.db.now() + timedelta(days=1)
    carry_out(town, planned(town, segment="spanish", starts_at=later))
    (tmp_path / "segments.toml").unlink()
    with town.db.transaction() as session:
        assert lay_out_scheduled(session, town.settings, 1) == 2
    assert reached(town) == [1, 4]


def test_a_mistyped_segment_stops_the_send_before_anything_happens(town: House) -> None:
    with pytest.raises(WrongSegment, match="Did you mean daca"):
        planned(town, segment="on(dacca)")
    with pytest.raises(WrongSegment, match="there is no campaign 'bugdet'"):
        planned(town, exception="acted(bugdet)")


def test_an_alert_of_an_earlier_release_has_no_segments(town: House) -> None:
    send(town, planned(town).opening)
    with town.db.transaction() as session:
        kept = '{"channels": ["email"], "lists": ["daca"], "fallback": false, "limit": null}'
        session.execute(update(Alert).values(audience=kept))
    assert planned(town).opening.choice.segments == ()


def test_an_alert_that_only_the_journal_remembers_is_refused_in_words(town: House) -> None:
    send(town, planned(town).opening)
    with town.db.transaction() as session:
        session.execute(update(Alert).values(audience="{}", state=AlertState.CANCELLED))
    with pytest.raises(AlertNotRunning):
        planned(town)


def test_a_choice_keeps_its_segments() -> None:
    choice = Choice((EMAIL,), ("daca",), segments=(A, B), exceptions=(B,))
    assert Choice.from_json(choice.to_json()) == choice


@pytest.mark.parametrize(
    ("first", "later", "together"), [((A,), (B,), (A, B)), ((A,), (A,), (A,)), ((A,), (), ()), ((), (A,), ())]
)
def test_two_sends_together_mean_whom_either_means(
    first: tuple[Segment, ...], later: tuple[Segment, ...], together: tuple[Segment, ...]
) -> None:
    one = Choice((EMAIL,), ("daca",), segments=first, exceptions=first)
    both = one.joined_with(Choice((EMAIL,), ("daca",), segments=later, exceptions=later))
    assert (both.segments, both.exceptions) == (together, together)
