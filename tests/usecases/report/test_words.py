"""A report in sentences, for somebody who reads nothing else."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from past_alerts import BEGAN, Told, act, leave_by_click, past_alert
from people import add_list, add_people
from reports_desk import reporting

from dispatcher.house import House
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.text_cost import TextCost
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.report import Report
from dispatcher.usecases.report.words import cost, lead, remarks, shown, to_do, when

S, M = Status, Measure


@pytest.fixture
def made(house: House) -> Report:
    """Twenty emails and three texts, with something of everything."""
    add_list(house)
    people = add_people(house, 20)
    told = [Told(one) for one in people[:12]]
    told += [Told(one, S.SENT) for one in people[12:15]]
    told += [Told(one, S.BOUNCED, error="smtp 550 5.1.1") for one in people[15:17]]
    told += [Told(one, S.FAILED, error="smtp 550 5.7.1") for one in people[17:19]] + [
        Told(people[19], S.QUEUED)
    ]
    told += [Told(one, S.SENT, Channel.SMS, segments=2) for one in people[:2]]
    past_alert(house, [*told, Told(people[2], S.BOUNCED, Channel.SMS, error="30006")])
    act(house, people[0])
    act(house, people[19])
    leave_by_click(house, *people[:3])
    return reporting(house)


def test_the_first_sentences_say_what_happened(made: Report) -> None:
    assert lead(made) == (
        "12 of 20 emails arrived, and of 3 more nobody told us whether they did; 1 still wait. "
        "3 of 3 texts were handed over, 1 of them bounced; whether the others arrived, nobody told us. "
        "1 person acted, 3 left. "
        "2 addresses and 1 number are dead and won't be written to again."
    )


@pytest.mark.parametrize(
    ("bounced", "words"),
    [
        (0, "200 of 200 emails were handed over; whether they arrived, nobody told us."),
        (1, "200 of 200 emails were handed over, 1 of them bounced; whether the others arrived, nobody"),
        (200, "200 of 200 emails were handed over, 200 of them bounced."),
    ],
)
def test_handed_over_is_what_the_table_has_as_sent(made: Report, bounced: int, words: str) -> None:
    numbers = dict.fromkeys(Measure) | {M.AUDIENCE: 200, M.SENT: 200, M.BOUNCED: bounced}
    alone = {Channel.EMAIL: Row("email", numbers)}
    assert lead(replace(made, channels=alone, acted=None, troubles=())).startswith(words)


def test_moments_are_told_in_a_zone_and_days_as_they_are() -> None:
    assert when(BEGAN, ZoneInfo("America/Chicago")) == "2026-03-02 09:00 CST"
    assert when(BEGAN.date(), None) == "2026-03-02"


def test_what_is_not_known_is_not_nought(made: Report) -> None:
    text = made.channels[Channel.SMS]
    assert (shown(text, M.DELIVERED), shown(text, M.CLICKED), shown(text, M.LEFT)) == ("not told", "-", "0")
    assert shown(Row("pl", {M.ACTED: 0}, frozenset({M.ACTED})), M.ACTED) == "hidden"


def test_clicks_are_told_of_the_emails_that_they_are_known_of(made: Report) -> None:
    email = made.channels[Channel.EMAIL]
    clicked = Row(email.label, {**email.numbers, M.CLICKED: 4})
    both = replace(made, channels={**made.channels, Channel.EMAIL: clicked})
    assert "4 people clicked in an email, 1 acted, 3 left." in lead(both)
    alone = replace(made, channels={Channel.EMAIL: clicked}, acted=None, troubles=())
    assert lead(alone).endswith("4 people clicked, 3 left.")


def test_a_closed_one_says_that_only_counts_are_left(made: Report) -> None:
    unknown = {
        channel: Row(row.label, {**row.numbers, M.ACTED: None, M.LEFT: None})
        for channel, row in made.channels.items()
    }
    closed = replace(made, state=AlertState.CLOSED, channels=unknown, acted=None, troubles=())
    assert lead(closed).endswith("nobody told us.")
    assert "only counts are left" in remarks(closed)[0]
    assert remarks(closed)[-1] == "2 people acted, asked or not."


def test_beside_the_numbers_stands_what_they_do_not_say(made: Report) -> None:
    assert remarks(made) == [
        '"not told": no provider has said what arrived. That isn\'t 0, it is unknown.',
        "1 person more acted, whom this alert had not reached.",
    ]
    alone = {Channel.EMAIL: made.channels[Channel.EMAIL]}
    other = replace(
        made, sensitive=True, next_began=BEGAN + timedelta(days=1), acted_at_all=1, channels=alone
    )
    assert [words.partition(":")[0] for words in remarks(other)] == [
        "A list of it is sensitive",
        "Acts since the campaign's next alert began count for that one.",
    ]


def test_nobody_to_write_to_and_not_begun_are_said(made: Report) -> None:
    assert lead(replace(made, began=None)) == "Alert 1 hasn't begun yet: nobody has been written to."
    assert lead(replace(made, channels={})) == "Alert 1 had nobody to write to."


def test_texts_cost_what_their_segments_do(made: Report) -> None:
    assert cost(made).startswith("3 texts took 4 segments. DISPATCH_SMS_PRICES")
    priced = TextCost(3, 6, Decimal("0.05"), unpriced=0, currency="USD")
    assert cost(replace(made, texts={"en": priced})) == "3 texts took 6 segments: $0.05."
    abroad = replace(priced, unpriced=2)
    assert cost(replace(made, texts={"en": abroad})).endswith(
        "$0.05, and 2 segments to countries without a price."
    )
    assert cost(replace(made, texts={})) == ""


def test_what_to_do_names_the_alert_and_begins_with_a_pause(made: Report) -> None:
    done = to_do(made)
    assert len(done) == 3
    assert done[1].startswith("2 emails (Their server refused this email as spam")
    assert "`dispatch log --alert 1`" in done[1]
    assert to_do(replace(made, state=AlertState.PAUSED))[0].startswith("It is paused: `dispatch status 1`")
