"""Errors by what they mean: every code that we know, and whatever may come."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.channels.twilio_codes import CODES
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.acting.sparing import HAS_ACTED
from dispatcher.usecases.deliver.claim import TRYING
from dispatcher.usecases.report.counting import Mishap
from dispatcher.usecases.report.errors import meaning_of, troubles
from dispatcher.usecases.report.meanings import EXPLAINED, Meaning
from dispatcher.usecases.restoring.holding import UNKNOWN_FATE

EMAIL, SMS = Channel.EMAIL, Channel.SMS
S, M = Status, Meaning


@pytest.mark.parametrize(
    ("channel", "status", "error", "meaning"),
    [
        (EMAIL, S.SENT, "smtp 250 2.0.0", None),
        (EMAIL, S.DELIVERED, "", None),
        (EMAIL, S.SENDING, "", None),
        (SMS, S.QUEUED, "quiet hours", None),
        (EMAIL, S.QUEUED, TRYING, None),
        (EMAIL, S.QUEUED, "smtp 451 4.7.1", M.TRIED_AGAIN),
        (EMAIL, S.COMPLAINED, "", M.COMPLAINED),
        (EMAIL, S.CANCELLED, "the alert was cancelled", M.CANCELLED),
        (EMAIL, S.UNCERTAIN, "timeout", M.NO_ANSWER),
        (EMAIL, S.UNCERTAIN, UNKNOWN_FATE, M.RESTORED),
        (EMAIL, S.SKIPPED, "suppressed", M.KEPT_OUT),
        (EMAIL, S.SKIPPED, "left the list", M.LEFT_BEFORE),
        (EMAIL, S.SKIPPED, HAS_ACTED, M.HAD_ACTED),
        (EMAIL, S.SKIPPED, "no address any more", M.NO_ADDRESS),
        (EMAIL, S.SKIPPED, "an address for practice", M.FOR_PRACTICE),
        (EMAIL, S.SKIPPED, "the deadline had passed", M.TOO_LATE),
        (SMS, S.SKIPPED, "no hour suits all the zones that the number may be in", M.NO_HOUR),
        (SMS, S.SKIPPED, "", M.UNKNOWN),
        (EMAIL, S.BOUNCED, "smtp 550 5.1.1", M.DEAD_ADDRESS),
        (EMAIL, S.BOUNCED, "", M.DEAD_ADDRESS),
        (SMS, S.BOUNCED, "twilio 21610", M.STOPPED),
        (SMS, S.BOUNCED, "30006", M.DEAD_NUMBER),
        (EMAIL, S.FAILED, "tried for 48 hours (smtp 452 4.2.2)", M.FULL_OR_AWAY),
        (EMAIL, S.FAILED, "deadline (smtp 452 4.2.2)", M.TOO_LATE),
        (EMAIL, S.FAILED, "tried for 48 hours (unreachable)", M.OUR_MACHINE),
        (EMAIL, S.FAILED, "smtp 421 4.7.28", M.TOO_FAST),
        (EMAIL, S.FAILED, "5.7.26", M.OUR_STANDING),
        (EMAIL, S.FAILED, "smtp 550 5.7.1", M.TAKEN_FOR_SPAM),
        (EMAIL, S.FAILED, "552 5.3.4", M.THIS_MESSAGE),
        (EMAIL, S.FAILED, "smtp 550 5.2.1", M.FULL_OR_AWAY),
        (EMAIL, S.FAILED, "550", M.REFUSED_BARE),
        (EMAIL, S.FAILED, "template", M.TEMPLATE),
        (EMAIL, S.FAILED, "smtputf8 not offered", M.UNWRITABLE),
        (EMAIL, S.FAILED, "", M.UNKNOWN),
        (EMAIL, S.FAILED, "Transient/General", M.UNKNOWN),
        (SMS, S.FAILED, "30007", M.TEXT_FILTERED),
        (SMS, S.FAILED, "twilio 30034", M.UNREGISTERED),
        (SMS, S.FAILED, "30003", M.PHONE_OFF),
        (SMS, S.FAILED, "20003", M.OUR_STANDING),
        (SMS, S.FAILED, "99999", M.UNKNOWN),
        (SMS, S.FAILED, "http 500", M.UNKNOWN),
    ],
)
def test_an_error_is_read_with_its_status(
    channel: Channel, status: Status, error: str, meaning: Meaning | None
) -> None:
    assert meaning_of(channel, status, error) is meaning


@given(
    st.sampled_from(Channel),
    st.sampled_from(Status),
    st.text(max_size=100) | st.from_regex(r"(deadline|tried for 48 hours) \((smtp )?[245]\d\d.*\)"),
)
def test_no_error_is_too_strange(channel: Channel, status: Status, error: str) -> None:
    meaning = meaning_of(channel, status, error)
    assert (meaning is None) <= (status in {S.SENT, S.DELIVERED, S.SENDING, S.QUEUED})


def test_everything_that_may_be_said_is_explained() -> None:
    assert {*EXPLAINED} == {*Meaning}
    for explained in EXPLAINED.values():
        assert explained.words
        assert not explained.words.endswith(".")
        explained.to_do.format(alert=7)


def test_every_code_of_twilios_that_we_know_means_something() -> None:
    for code in CODES:
        assert meaning_of(SMS, S.FAILED, f"twilio {code}") is not M.UNKNOWN


def test_what_means_the_same_is_one_trouble_and_the_largest_comes_first() -> None:
    found = troubles(
        Counter(
            {
                Mishap(EMAIL, S.BOUNCED, "smtp 550 5.1.1"): 3,
                Mishap(EMAIL, S.BOUNCED, "5.1.10"): 2,
                Mishap(SMS, S.FAILED, "30007"): 9,
                Mishap(EMAIL, S.DELIVERED, "smtp 250 2.0.0"): 900,
            }
        )
    )
    assert [(one.meaning, one.number) for one in found] == [(M.TEXT_FILTERED, 9), (M.DEAD_ADDRESS, 5)]
    assert found[1].codes == {"smtp 550 5.1.1": 3, "5.1.10": 2}
