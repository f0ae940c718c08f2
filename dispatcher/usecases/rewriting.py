"""Write tables anew, without what they held before: a sealed name must not stand in an old page of the file.

Outside of any transaction, as both databases want it. A disk keeps what was deleted for a while all the same,
and so does an older backup: docs/threat-model.md.
"""

from collections.abc import Collection

from dispatcher.db import Database

# Revision -> the tables whose old rows say what the new ones no longer do.
LEFT_BEHIND = {
    "0005": (
        "alarms alerts campaigns consent_events disclosures editions import_batches journal_entries lists "
        "short_links sign_offs suppressions"
    ).split()
}


def tables_left_behind(before: str | None, now: str | None) -> list[str]:
    """Which tables hold old rows after a migration from one revision (None: there was nothing) to another."""
    if before is None or now is None:
        return []
    crossed = (tables for revision, tables in LEFT_BEHIND.items() if before < revision <= now)
    return sorted(set().union(*crossed))


def rewrite(database: Database, tables: Collection[str]) -> None:
    """Write these tables anew; on SQLite the whole file, and its log is emptied.

    Raises DiskFull: it takes as much room again. Nothing is lost then, but what was there before stays in the
    file.
    """
    if not database.sqlite:
        database.outside_transactions(f'VACUUM FULL "{table}"' for table in tables)
    elif tables:
        database.outside_transactions(("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"))
