"""What the schema itself promises, whatever the code above it does, on both databases."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Enum, delete, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatcher.house import House
from dispatcher.models import (
    Alert,
    Base,
    Campaign,
    Chunk,
    ConsentEvent,
    DeliveryLogEntry,
    Edition,
    List,
    Message,
    Subscriber,
    Subscription,
    Suppression,
)
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.rules.moves import Status
from servers.postgres import postgres_program

KEY = b"sixteen bytes..."
EMAIL, PHONE, FIRST, LAST = "rosa.delgado@mail.example.org", "+13125550123", "Rosamunda", "Delgado-Ibarra"


def add(session: Session, row: Base) -> Any:
    """Store a row; its id, where it has one."""
    session.add(row)
    session.flush()
    return getattr(row, "id", None)


def an_alert(session: Session, name: str = "") -> int:
    campaign = session.scalar(select(Campaign.id))
    campaign = campaign or add(session, Campaign(slug="daca", title="Renew DACA", level="federal"))
    alert = Alert(campaign_id=campaign, name=name, state=AlertState.RUNNING)
    return int(add(session, alert))


def a_message(alert: int, **given: Any) -> Message:
    words = {"channel": Channel.EMAIL, "address_key": KEY, "edition_number": 1, "language": "en"}
    return Message(alert_id=alert, **{**words, **given})


def refused(house: House, *rows: Base) -> bool:
    """Whether the database refuses the last row, having taken the others."""
    with house.db.transaction() as session:
        for row in rows[:-1]:
            add(session, row)
        try:
            with session.begin_nested():
                add(session, rows[-1])
        except IntegrityError:
            return True
        return False


def test_an_address_gets_one_message_an_alert_and_channel(any_house: House) -> None:
    with any_house.db.transaction() as session:
        first, second = an_alert(session), an_alert(session, "again")
    assert refused(any_house, a_message(first), a_message(first))
    assert not refused(any_house, a_message(first, channel=Channel.SMS))
    assert not refused(any_house, a_message(first, address_key=b"another sixteen."))
    assert not refused(any_house, a_message(second))


def test_a_campaign_has_one_alert_of_a_name(any_house: House) -> None:
    with any_house.db.transaction() as session:
        an_alert(session)
    with pytest.raises(IntegrityError), any_house.db.transaction() as session:
        an_alert(session)


def test_practising_keeps_no_real_alert_from_being_opened(any_house: House) -> None:
    with any_house.db.transaction() as session:
        an_alert(session)
        campaign = session.scalars(select(Campaign.id)).one()
    practice = Alert(campaign_id=campaign, name="", state=AlertState.RUNNING, practice=True)
    assert not refused(any_house, practice)


def test_an_edition_has_a_number_of_its_own_in_its_alert(any_house: House) -> None:
    with any_house.db.transaction() as session:
        alert = an_alert(session)
    editions = [Edition(alert_id=alert, number=1, sha256="0" * 64, content="{}") for _ in range(2)]
    assert refused(any_house, *editions)


@pytest.mark.parametrize("kind", [Campaign, List])
def test_slugs_are_taken_once(any_house: House, kind: type[Base]) -> None:
    words = {"title": "T", "level": "state"} if kind is Campaign else {"public_name": "P"}
    assert refused(any_house, kind(slug="daca", **words), kind(slug="daca", **words))


def test_an_email_address_belongs_to_one_person_and_a_phone_may_be_shared(any_house: House) -> None:
    assert not refused(any_house, Subscriber(phone_key=KEY), Subscriber(phone_key=KEY))
    assert not refused(any_house, Subscriber(email_key=None), Subscriber(email_key=None))
    assert refused(any_house, Subscriber(email_key=KEY), Subscriber(email_key=KEY))


def test_an_address_is_suppressed_once_a_channel(any_house: House) -> None:
    words = {"address_key": KEY, "reason": SuppressionReason.STOP}
    assert not refused(any_house, Suppression(channel=Channel.SMS, **words))
    assert refused(any_house, Suppression(channel=Channel.SMS, **words))
    assert not refused(any_house, Suppression(channel=Channel.EMAIL, **words))


def test_nothing_hangs_on_what_does_not_exist(any_house: House) -> None:
    assert refused(any_house, a_message(alert=99))
    assert refused(any_house, Chunk(alert_id=99, number=1, channel=Channel.SMS, lane="", size=1))
    assert refused(
        any_house, ConsentEvent(list_id=99, channel=Channel.SMS, address_key=KEY, act="joined", source="x")
    )


def a_person_with_everything(session: Session) -> tuple[int, int]:
    """A subscriber with a subscription, a consent, a message and a log entry; the ids of person and list."""
    person = add(
        session, Subscriber(email=EMAIL, email_key=KEY, phone=PHONE, first_name=FIRST, last_name=LAST)
    )
    daca = add(session, List(slug="daca", public_name="ICIRR alerts", sensitive=True))
    joined = {"list_id": daca, "channel": Channel.EMAIL, "subscriber_id": person, "address_key": KEY}
    add(session, Subscription(**joined))
    add(session, ConsentEvent(**joined, act=ConsentAct.JOINED, source="DACA rally 12 May"))
    message = add(session, a_message(an_alert(session), subscriber_id=person))
    now = session.scalars(select(Subscriber.created_at)).one()
    words = {"alert_id": 1, "channel": Channel.EMAIL, "subscriber_id": person}
    add(session, DeliveryLogEntry(at=now, message_id=message, status=Status.SENT, **words))
    return person, daca


def test_forgetting_a_person_leaves_messages_and_the_ledger_without_them(any_house: House) -> None:
    with any_house.db.transaction() as session:
        person, _ = a_person_with_everything(session)
        session.execute(delete(Subscriber).where(Subscriber.id == person))
    with any_house.db.reading() as session:
        assert session.scalars(select(Subscription)).all() == []
        assert session.scalars(select(Message.subscriber_id)).all() == [None]
        assert session.scalars(select(ConsentEvent.act)).all() == [ConsentAct.JOINED]


def test_the_id_of_a_deleted_person_never_comes_back(any_house: House) -> None:
    with any_house.db.transaction() as session:
        first = add(session, Subscriber())
        session.execute(delete(Subscriber).where(Subscriber.id == first))
        session.expunge_all()
        assert add(session, Subscriber()) > first


def test_statuses_are_stored_as_words(any_house: House) -> None:
    with any_house.db.transaction() as session:
        add(session, a_message(an_alert(session)))
    with any_house.db.reading() as session:
        assert session.execute(text("SELECT status, channel FROM messages")).one() == ("queued", "email")
        assert session.scalars(select(Message.status)).one() is Status.QUEUED


def test_every_stored_word_fits_its_column() -> None:
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Enum):
                assert column.type.length == 16, column
                assert all(len(word) <= 16 for word in column.type.enums), column


def test_no_address_number_or_name_of_a_person_or_a_list_is_in_a_database_dump(
    any_house: House, tmp_path: Path
) -> None:
    with any_house.db.transaction() as session:
        a_person_with_everything(session)
    if any_house.db.sqlite:
        any_house.db.close()
        dump = b"".join(path.read_bytes() for path in (tmp_path / "var").iterdir())
    else:
        url = any_house.db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        done = subprocess.run([postgres_program("pg_dump"), url], check=True, capture_output=True)
        # Bytes as bytes: among thousands of hexadecimal digits there is a "daca" now and then.
        dump = re.sub(
            rb"\\\\x((?:[0-9a-f]{2})+)", lambda found: bytes.fromhex(found[1].decode()), done.stdout
        )
        assert len(dump) < len(done.stdout)
    assert b"joined" in dump  # so this is where the rows are
    names = ("daca", "ICIRR alerts", "rally")
    for secret in (EMAIL, EMAIL.partition("@")[0], PHONE, PHONE[2:], FIRST, LAST, *names):
        for form in (secret.encode(), secret.encode().hex().encode(), secret.encode("utf-16-le")):
            assert form.lower() not in dump.lower()
