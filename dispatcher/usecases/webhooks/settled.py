"""Up to when everything that was written can be seen.

A row's time is when it was written; others see it when its transaction commits. So of two rows the later one
may be seen first, and whoever follows a table by time would step over the other for good.
"""

from datetime import datetime

from sqlalchemy import Float, bindparam, select, text
from sqlalchemy.orm import Session

from dispatcher.db import UtcDateTime, db_now

LAG = 5.0  # seconds: a clock that is set right, and a server that takes over from another, are off by less

# A transaction's rows are no older than its beginning. Who has written has a transaction id; who hasn't may
# still be about to, having looked at the clock, but for no longer than the server lets a transaction stand
# still (dispatcher.db): after that it is a reader, such as a backup, and holds nobody up.
_OLDEST_WRITER = text(
    """
    SELECT least(clock_timestamp(), min(xact_start)) - make_interval(secs => :lag)
    FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
      AND (backend_xid IS NOT NULL OR xact_start > clock_timestamp() - make_interval(secs => :patience))
    """
).bindparams(bindparam("lag", type_=Float()), bindparam("patience", type_=Float()))


def settled_until(session: Session, *, lag: float, patience: float) -> datetime:
    """No row with an earlier time can still appear. `patience`: seconds for which a transaction may stand
    still before the server ends it.

    On SQLite only one process writes at a time: call this in a transaction, and that one is ours.
    """
    if session.get_bind().dialect.name == "sqlite":
        return session.scalars(select(db_now(-max(lag, 0.001)))).one()  # its moments are milliseconds
    statement = _OLDEST_WRITER.columns(at=UtcDateTime())
    found: datetime = session.scalars(statement, {"lag": lag, "patience": patience}).one()
    return found
