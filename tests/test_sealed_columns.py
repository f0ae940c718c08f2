"""What may name a list is sealed in every table, and no query expects more of it than equality."""

import ast
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Enum

import dispatcher
from dispatcher.db import EncryptedText, SealedText
from dispatcher.models import Base

ROOT = Path(dispatcher.__file__).parent.parent
TELLING = {
    *("slug", "name", "public_name", "title", "file_name", "words", "content", "source", "url", "sha256"),
    *(
        "reason",
        "state_reason",
        "detail",
        "subject",
        "audience",
        "counts",
        "facts",
        "email",
        "phone",
        "address",
    ),
    *("first_name", "last_name", "attributes", "body", "text", "expression", "ip_address", "page"),
}
IN_THE_CLEAR = {
    "api_keys.name": "staff's word for a website; it opens no list by itself",
    "alarms.subject": "an alert's number, or a channel",
    "delivery_log.detail": "a provider's words, addresses taken out (rules.redaction)",
    "provider_events.words": "a server's words, addresses taken out (rules.redaction)",
    "journal_entries.words": "keyed hashes and numbers; names in it are sealed (usecases.journal.names)",
}


def test_a_column_that_could_tell_is_sealed_or_says_why_not() -> None:
    plain = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in TELLING and not isinstance(column.type, SealedText | EncryptedText | Enum)
    }
    assert plain == set(IN_THE_CLEAR)


def test_a_type_is_bound_to_the_column_that_it_is_in() -> None:
    """Else a value could be moved to another column, and be believed there."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedText | EncryptedText):
                assert column.type.column == f"{table.name}.{column.name}"


_ORDERING = ("order_by", "max", "min", "lower", "upper")


def asked_for_order() -> Iterator[str]:
    """`Model.column` of everything that a query sorts by, or takes the highest of."""
    for file in [*ROOT.glob("dispatcher/**/*.py"), *ROOT.glob("workers/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _ORDERING:
                yield from (".".join(ast.unparse(one).split(".")[:2]) for one in node.args)


def test_no_query_sorts_by_ciphertext() -> None:
    asked = set(asked_for_order())
    assert "List.id" in asked
    sealed = {
        f"{mapper.class_.__name__}.{column.key}"
        for mapper in Base.registry.mappers
        for column in mapper.column_attrs
        if isinstance(column.columns[0].type, SealedText | EncryptedText)
    }
    assert "List.slug" in sealed
    assert not asked & sealed
