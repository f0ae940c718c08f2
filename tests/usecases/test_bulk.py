"""Many rows at once, on SQLite and on PostgreSQL."""

import pytest
from people import add_list
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.usecases.bulk import by_index, insert_rows, one_of

KEYS = [bytes([n]) * 16 for n in (0, 34, 92, 255)]  # NUL, a quotation mark, a backslash
COLUMNS = ("id", "email_key", "first_name", "email_domain")


def insert_people(session: Session) -> None:
    people = [(n, key, f"María\t{n}\\N\n", None) for n, key in enumerate(KEYS, start=1)]
    now = session.scalar(select(db_now()))
    shared = {"language": "es", "batch_id": None, "created_at": now, "updated_at": now}
    insert_rows(session, Subscriber, COLUMNS, people, shared)


def test_rows_come_back_as_they_were_given(any_house: House) -> None:
    with any_house.db.transaction() as session:
        insert_people(session)
    with any_house.db.reading() as session:
        people = session.scalars(select(Subscriber).order_by(Subscriber.id)).all()
        now = any_house.db.now()
    assert [(one.id, one.email_key, one.first_name) for one in people] == [
        (n, key, f"María\t{n}\\N\n") for n, key in enumerate(KEYS, start=1)
    ]
    assert {(one.email_domain, one.language, one.batch_id) for one in people} == {(None, "es", None)}
    assert all(0 <= (now - one.created_at).total_seconds() < 60 for one in people)


def test_enums_and_texts_are_stored_as_single_rows_store_them(any_house: House) -> None:
    daca = add_list(any_house)
    source = 'rally "12\\5"\twest'
    with any_house.db.transaction() as session:
        shared = {"act": ConsentAct.JOINED, "source": source, "at": session.scalar(select(db_now()))}
        rows = [(Channel.SMS, KEYS[0], daca, None), (Channel.EMAIL, KEYS[1], daca, "ar")]
        insert_rows(session, ConsentEvent, ("channel", "address_key", "list_id", "language"), rows, shared)
    with any_house.db.reading() as session:
        texted = session.scalars(select(ConsentEvent).where(ConsentEvent.channel == Channel.SMS)).one()
        languages = set(session.scalars(select(ConsentEvent.language)))
    assert (texted.act, texted.source, texted.address_key) == (ConsentAct.JOINED, source, KEYS[0])
    assert languages == {None, "ar"}


def test_no_rows_are_no_statement(any_house: House) -> None:
    with any_house.db.transaction() as session:
        insert_rows(session, Subscriber, COLUMNS, [], {"language": "es"})
        assert session.scalars(select(Subscriber)).all() == []


def test_people_are_found_by_thousands_of_keys_or_ids(any_house: House) -> None:
    with any_house.db.transaction() as session:
        insert_people(session)
        keys = {*KEYS[1:], *(n.to_bytes(16) for n in range(5000, 9000))}
        by_key = session.scalars(select(Subscriber.id).where(one_of(session, Subscriber.email_key, keys)))
        assert sorted(by_key) == [2, 3, 4]
        ids = [*range(2, 4), *range(5000, 9000)]
        by_id = session.scalars(select(Subscriber.id).where(one_of(session, Subscriber.id, ids)))
        assert sorted(by_id) == [2, 3]


@pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        (Subscription.subscriber_id, [1, 2], "BIGINT[]"),
        (Subscription.list_id, [1, 2], "INTEGER[]"),
        (Subscriber.email_key, KEYS, "BYTEA[]"),
    ],
)
def test_the_array_of_a_look_up_is_of_the_columns_own_type_for_no_other_is_hashed(
    any_house: House, column: InstrumentedAttribute[object], values: list[object], kind: str
) -> None:
    with any_house.db.reading() as session:
        condition = one_of(session, column, values)
    words = str(condition.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    assert f"AS {kind})" in words


@pytest.mark.parametrize("any_database_url", ["postgresql"], indirect=True)
def test_look_ups_are_by_index_and_the_rest_of_the_transaction_is_not(any_house: House) -> None:
    with any_house.db.transaction() as session:
        with by_index(session):
            assert session.scalar(text("SHOW plan_cache_mode")) == "force_custom_plan"
        assert session.scalar(text("SHOW plan_cache_mode")) == "auto"


def test_look_ups_can_be_planned_on_any_database(any_house: House) -> None:
    with any_house.db.reading() as session, by_index(session):
        assert session.scalars(select(Subscriber.id).where(one_of(session, Subscriber.id, [1]))).all() == []
