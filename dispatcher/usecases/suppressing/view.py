"""What is suppressed, in numbers: the addresses themselves aren't kept, only what stands for them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.models import Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason


@dataclass(frozen=True, slots=True)
class Suppressions:
    """So many addresses for one reason; `source` is where the word came from."""

    channel: Channel
    reason: SuppressionReason
    source: str
    addresses: int


def view_suppressions(session: Session) -> list[Suppressions]:
    """Every reason, the most frequent first."""
    counted = select(Suppression.channel, Suppression.reason, Suppression.source, func.count()).group_by(
        Suppression.channel, Suppression.reason, Suppression.source
    )
    found = [Suppressions(*row) for row in session.execute(counted)]
    return sorted(found, key=lambda one: (-one.addresses, one.channel, one.reason, one.source))
