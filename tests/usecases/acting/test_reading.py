"""What sites post is read, whatever they call things; what is no act isn't taken for one."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatcher.callbacks.base import RawRequest
from dispatcher.usecases.acting.reading import Told, read_acts

ROSA = "rosa@example.org"
AT = "2026-11-05T20:15:00-06:00"


def call(body: bytes, kind: str = "application/json") -> RawRequest:
    return RawRequest("POST", "https://x/actions", {"Content-Type": kind}, body, datetime.now(UTC))


def read(body: Any) -> list[Told] | None:
    return read_acts(call(json.dumps(body).encode()))


def osdi(kind: str, **more: Any) -> dict[str, Any]:
    """One of Action Network's hashes (actionnetwork.org/docs/webhooks)."""
    person = {
        "created_date": "2018-01-01T00:00:00Z",
        "given_name": "Rosa",
        "email_addresses": [{"primary": True, "address": ROSA, "status": "subscribed"}],
        "phone_numbers": [{"primary": True, "number": "13125550142", "number_type": "Mobile"}],
    }
    event = {"identifiers": ["action_network:d6bd"], "created_date": AT, "person": person, "_links": {}}
    sponsor = {"action_network:sponsor": {"title": "Us"}, "idempotency_key": "1679"}
    return {kind: event | more, **sponsor}


@pytest.mark.parametrize(
    "body",
    [
        {"email": ROSA, "phone": "13125550142", "timestamp": AT},
        {"Email Address": ROSA, "Mobile": 13125550142, "created_at": AT},
        {"advocate": {"emails": [{"address": ROSA}], "phones": [{"address": "13125550142"}]}, "date": AT},
        {"data": [{"primary_email": ROSA, "primary_phone": "13125550142", "date": AT, "confirmed": True}]},
        {"payload": {"supporter": {"email": ROSA, "phone": "13125550142"}, "created": AT}},
        [{"user": {"email": ROSA, "cell": "13125550142"}, "actionDate": AT}],
        [osdi("osdi:signature")],
        [osdi("osdi:outreach", targets=[{"given_name": "A senator"}])],
    ],
)
def test_who_and_when_is_found_whatever_it_is_called(body: Any) -> None:
    assert read(body) == [Told(ROSA, "13125550142", AT)]


def test_a_form_is_read_like_json() -> None:
    fields = [("campaigns[]", "123"), ("email", ROSA), ("zip5", "60608"), ("created_at", AT)]
    form = "application/x-www-form-urlencoded; charset=utf-8"
    assert read_acts(call(urlencode(fields).encode(), form)) == [Told(ROSA, "", AT)]
    assert read_acts(call(b"", form)) is None
    assert read_acts(call(b"name=Rosa", form)) == []


@pytest.mark.parametrize(
    "body",
    [
        [osdi("action_network:upload")],
        [osdi("action_network:action")],
        [osdi("osdi:outreach")],  # they only typed in an address
        [osdi("osdi:outreach", targets=[])],
        [osdi("osdi:signature", person={})],
        {"email": ROSA, "confirmed": False},
        {"name": "Rosa", "email": None, "phone": []},
        {"test": {"email": {"address": {}}}},
        {},
        [],
        [[[[[[{"email": ROSA}]]]]]],
        {"data": {"data": {"data": {"data": {"data": {"data": {"email": ROSA}}}}}}},
    ],
)
def test_what_is_no_act_is_not_taken_for_one(body: Any) -> None:
    assert read(body) == []


@pytest.mark.parametrize("body", [b"", b"{", b'"text"', b"1", b"null", b"\xff", b"[" * 5000, b'{"a":NaN}'])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    assert read_acts(call(body)) is None


def test_no_more_than_a_thousand_acts_are_read_of_one_call() -> None:
    told = read([{"email": f"p{number}@example.org"} for number in range(1200)])
    assert told is not None
    assert len(told) == 1000


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["email", "person", "data", "osdi:signature", "osdi:outreach", "targets", "at", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_JSON)
def test_no_json_makes_it_fail(body: Any) -> None:
    read(body)


def test_nobodys_address_is_in_what_it_prints() -> None:
    assert ROSA not in repr(Told(ROSA, "13125550142", AT))


def test_what_phone2action_and_quorum_answer_can_be_handed_on() -> None:
    advocates = {
        "data": [{"id": 7, "firstname": "Rosa", "emails": [{"id": 1, "address": ROSA, "subscribed": 1}]}],
        "pagination": {"count": 1, "per_page": 100},
    }
    assert read(advocates) == [Told(ROSA)]
    actions = {
        "meta": {"total_count": 2},
        "objects": [
            {"id": 1, "date": AT, "confirmed": True, "supporter": {"email": ROSA, "created": "2020-01-01"}},
            {"id": 2, "date": AT, "confirmed": False, "supporter": {"email": ROSA}},
        ],
    }
    assert read(actions) == [Told(ROSA, "", AT)]
