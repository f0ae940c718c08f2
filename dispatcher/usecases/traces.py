"""Every row that is about one person, whichever part of the product wrote it.

Found by what columns are, not by a list of tables: a new table is exported and forgotten from its first day,
unless it is named here as one that keeps a keyed hash on purpose.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from dispatcher.db import EncryptedText
from dispatcher.models import (
    Base,
    ConsentEvent,
    DeliveryLogEntry,
    Message,
    SignOff,
    SignUp,
    SignUpAddress,
    Subscriber,
    Subscription,
    Suppression,
)
from dispatcher.models.base import AddressKey

NOBODY = 0  # the number of no subscriber: what is meant is an address alone
_PERSON = "subscriber_id"
# What outlives a person: the proof of what they agreed to, what keeps them out, what keeps a message from
# going twice; a native speaker's word on a translation. Each names them by keyed hash or number alone. A
# subscription goes with its person.
OUTLIVES: frozenset[str] = frozenset(
    model.__tablename__
    for model in (ConsentEvent, DeliveryLogEntry, Message, SignOff, Subscriber, Subscription, Suppression)
)


def erase_traces(session: Session, subscriber_id: int, keys: Collection[bytes]) -> None:
    """Delete every row of this person and of these addresses, but for what outlives them; and of that, whence
    a sign-up came.
    """
    for table, about in _about(subscriber_id, keys):
        session.execute(delete(table).where(about))
    without_address = ~exists().where(SignUpAddress.sign_up_id == SignUp.id)
    session.execute(delete(SignUp).where(without_address).execution_options(synchronize_session=False))
    theirs = or_(ConsentEvent.subscriber_id == subscriber_id, ConsentEvent.address_key.in_(list(keys)))
    session.execute(
        update(ConsentEvent)
        .where(theirs, ConsentEvent.ip_address.is_not(None))
        .values(ip_address=None)
        .execution_options(synchronize_session=False)
    )


def read_traces(
    session: Session, subscriber_id: int, keys: Collection[bytes], *, whole: bool = True
) -> dict[str, list[dict[str, Any]]]:
    """The same rows to read, by table; keyed hashes and tokens say nothing to anybody and are left out.

    Not `whole`: neither are addresses and people's own words, whatever is encrypted for its person's sake.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for table, about in _about(subscriber_id, keys):
        columns = [
            column
            for column in table.columns
            if not _is_key(column) and (whole or not isinstance(column.type, EncryptedText))
        ]
        rows = session.execute(select(*columns).where(about)).mappings()
        told = [{name: value for name, value in row.items() if not isinstance(value, bytes)} for row in rows]
        if told:
            found[table.name] = told
    return found


def _about(subscriber_id: int, keys: Collection[bytes]) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    """Tables in an order in which rows can be deleted, each with what says that a row is about the person."""
    messages = select(Message.id).where(Message.subscriber_id == subscriber_id)
    for table in reversed(Base.metadata.sorted_tables):
        if table.name in OUTLIVES:
            continue
        about = [column.in_(list(keys)) for column in table.columns if _is_key(column)]
        about += [column == subscriber_id for column in table.columns if column.name == _PERSON]
        about += [column.in_(messages) for column in table.columns if _is_of_message(column)]
        if about:
            yield table, or_(*about)


def _is_key(column: Any) -> bool:
    return column.type is AddressKey or column.name.endswith("address_key")


def _is_of_message(column: Any) -> bool:
    return any(key.column.table.name == Message.__tablename__ for key in column.foreign_keys)
