"""What can be said of a backup without restoring it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Contents:
    """Which schema and data key a backup was made with, and of which installation: when its database was
    made.
    """

    version: str
    fingerprint: str
    created_at: datetime
