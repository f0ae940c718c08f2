"""What outgoing webhooks say, how they are signed, and when they are tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from dispatcher.rules.webhooks import (
    TRIED_FOR,
    Event,
    Kind,
    event_key,
    kinds_in_words,
    kinds_meant,
    may_be_called,
    next_try,
    parcel,
    rest_after,
    seconds_asked,
    shown_secret,
    signed_headers,
)

AT = datetime(2026, 11, 23, 1, 22, 21, 123456, tzinfo=UTC)


@given(st.binary(min_size=24, max_size=64), st.binary(max_size=200).map(bytes.hex))
def test_its_own_library_verifies_what_we_sign(raw: bytes, words: str) -> None:
    secret, body = shown_secret(raw), f'{{"a":"{words}"}}'.encode()
    now = int(datetime.now(UTC).timestamp())
    headers = signed_headers([shown_secret(b"x" * 24), secret], "msg_1", now, body)
    assert Webhook(secret).verify(body, headers) == {"a": words}


def test_an_independent_signature_is_the_same() -> None:
    """The example of the standard's own libraries."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = signed_headers([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_thing_found_twice_has_one_key_and_two_things_have_two() -> None:
    assert event_key("log", 1, "sent") == event_key("log", 1, "sent")
    assert len({event_key("log", 1, 23), event_key("log", 12, 3), event_key("alert", 1, 23)}) == 3


def test_one_event_is_a_post_of_its_own() -> None:
    event = Event(b"k" * 16, Kind.MESSAGE_SENT, AT, {"message": 7})
    name, body = parcel([event], batch=False)
    assert name == "msg_" + "6b" * 16
    expected = b'{"type":"message.sent","timestamp":"2026-11-23T01:22:21.123456Z","data":{"message":7}}'
    assert body == expected


def test_kinds_are_meant_by_name_by_group_or_all() -> None:
    assert kinds_meant("all") == set(Kind)
    assert kinds_meant("message.sent, alert.*") == {
        Kind.MESSAGE_SENT,
        *(kind for kind in Kind if kind.startswith("alert.")),
    }
    for wrong in ("", "message", "messages.*", "message.sent,nothing"):
        with pytest.raises(ValueError, match=r"^(|message|messages.\*|nothing)$"):
            kinds_meant(wrong)


@pytest.mark.parametrize(
    "words", ["all", "message.*", "message.sent, subscriber.*", "action.recorded", "alert.*, reply.received"]
)
def test_kinds_are_said_as_short_as_they_are_asked_for(words: str) -> None:
    assert kinds_in_words(kinds_meant(words)) == words


def test_an_event_is_tried_nine_times_again_within_three_days() -> None:
    passed, tries = timedelta(), 1
    waits = []
    while (wait := next_try(tries, passed)) is not None:
        waits.append(wait.total_seconds())
        passed, tries = passed + wait, tries + 1
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 72_000]
    assert passed < TRIED_FOR


@given(st.integers(1, 10**6), st.floats(0, 1e9))
def test_a_receiver_is_left_in_peace_for_an_hour_at_most(failures: int, asked: float) -> None:
    assert timedelta(seconds=1) <= rest_after(failures, asked) <= timedelta(hours=1)
    assert rest_after(failures) <= rest_after(failures + 1) <= timedelta(minutes=5)


@pytest.mark.parametrize(
    ("words", "seconds"), [("30", 30), ("", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-1", 0), ("²", 0)]
)
def test_how_long_a_receiver_asks_for(words: str, seconds: float) -> None:
    assert seconds_asked(words) == seconds


@pytest.mark.parametrize(
    ("address", "outside", "here"),
    [
        ("203.0.113.7", True, True),
        ("10.0.0.5", True, True),  # a CRM in the same house
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("0.0.0.0", False, False),  # noqa: S104 - nothing is bound
        ("224.0.0.1", False, False),
        ("240.0.0.1", False, False),
        ("fd00:ec2::254", False, False),
        ("FD00:0EC2:0::254", False, False),
        ("fd20:ce::254", False, False),
        ("fd00:42::42", False, False),
        ("100.100.100.200", False, False),
        ("::ffff:100.100.100.200", False, False),
        ("192.0.0.192", False, False),
        ("168.63.129.16", False, False),
        ("100.64.0.1", True, True),  # a VPN
        ("fd00::5", True, True),
    ],
)
def test_which_addresses_may_be_called(address: str, *, outside: bool, here: bool) -> None:
    assert may_be_called(address, loopback=False) is outside
    assert may_be_called(address, loopback=True) is here
