"""Numbers that were given out and have left the house are never given out again."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from dispatcher.models import Base


def never_again(session: Session, table: str, number: int) -> None:
    """Have the table's next row get a higher number than this one; of no table of ours, nothing."""
    if table not in Base.metadata.tables:
        return  # a newer release wrote it
    given = {"table": table, "number": number}
    if session.get_bind().dialect.name == "postgresql":
        sequence = "pg_get_serial_sequence(:table, 'id')"
        highest = f"greatest(:number, nextval({sequence}) - 1)"
        session.execute(text(f"SELECT setval({sequence}, {highest})"), given)
        return
    raised = session.execute(
        text("UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = :table RETURNING seq"), given
    )
    if raised.first() is None:  # it never had a row
        session.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :number)"), given)
