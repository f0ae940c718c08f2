"""The delivery log as people and scripts read it: oldest first, and without any address."""

import json
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_person

from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import Move, begin, move_all, settle_each
from dispatcher.usecases.read_log import FIELDS, read_log

ADDRESSES = ("ana@example.org", "312", "Ana")


@pytest.fixture
def logged(any_house: House, tmp_path: Path) -> House:
    """A house with two alerts: in the first Ana's email was sent and her text put back, Bo's are skipped."""
    add_list(any_house)
    add_person(any_house, email="ana@example.org", phone="312-555-0101", first_name="Ana")
    add_person(any_house, email="bo@example.org", channels=[Channel.EMAIL])
    write_campaign(tmp_path)
    frozen = frozen_campaign()
    send(any_house, opening(frozen))
    send(any_house, opening(frozen, again="next"))
    email, _, text = messages_of(any_house)
    with any_house.db.transaction() as session:
        begin(session, [email.id, text.id])
        sent = Move(email.id, 1, Channel.EMAIL, 1, Status.SENT, 1, provider_ref="ref-1", detail="250 ok")
        again = Move(text.id, 1, Channel.SMS, 1, Status.QUEUED, 1, error="twilio 20429", detail="Too many")
        settle_each(session, [sent, again])
    with any_house.db.transaction() as session:
        move_all(session, 1, Status.SKIPPED, error="left the list")
        move_all(session, 2, Status.CANCELLED)
    return any_house


def test_a_row_has_the_contracts_fields_and_the_providers_words(logged: House) -> None:
    with logged.db.reading() as session:
        first, *_ = read_log(session, alert_id=1)
    at = first.pop("at")
    assert "T" in at
    assert at.endswith("+00:00")
    assert first == {
        "message": 1,
        "alert": 1,
        "channel": "email",
        "subscriber": 1,
        "status": "sent",
        "attempt": 1,
        "provider_ref": "ref-1",
        "error": None,
        "detail": "250 ok",
    }
    assert set(FIELDS) == first.keys() - {"detail"} | {"at"}


def test_rows_come_in_the_order_in_which_things_happened(logged: House) -> None:
    with logged.db.reading() as session:
        rows = [*read_log(session)]
    assert [(row["alert"], row["message"], row["status"]) for row in rows] == [
        (1, 1, "sent"),
        (1, 3, "queued"),
        (1, 2, "skipped"),
        (1, 3, "skipped"),
        *[(2, message, "cancelled") for message in (4, 5, 6)],
    ]
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_the_log_of_one_alert_or_one_person_has_theirs_alone(logged: House) -> None:
    with logged.db.reading() as session:
        assert {row["alert"] for row in read_log(session, alert_id=2)} == {2}
        hers = [*read_log(session, alert_id=1, subscriber_id=1)]
        assert {row["subscriber"] for row in hers} == {1}
        assert [row["status"] for row in hers] == ["sent", "queued", "skipped"]
        assert [*read_log(session, subscriber_id=9)] == []


def test_no_row_has_an_address_or_a_name(logged: House) -> None:
    with logged.db.reading() as session:
        written = json.dumps([{**row, "at": ""} for row in read_log(session)])
    assert not [address for address in ADDRESSES if address in written]
