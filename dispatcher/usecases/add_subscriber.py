"""Add one person by hand: the same rules as a row of an import."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from dispatcher.errors import InvalidAddress
from dispatcher.keyring import Keyring
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.consent import Evidence
from dispatcher.usecases.importing.applying import Applier, Verdict
from dispatcher.usecases.importing.cells import RowReader
from dispatcher.usecases.importing.columns import Columns
from dispatcher.usecases.importing.files import Row
from dispatcher.usecases.importing.rejecting import RowRejected
from dispatcher.usecases.suppress import lift

FIELDS = ("email", "phone", "first_name", "last_name", "language", "time_zone", "postal_code")


@dataclass(frozen=True, slots=True)
class Added:
    """What became of it; there is no `subscriber_id` when they were kept out."""

    verdict: Verdict
    subscriber_id: int | None
    joined: tuple[Channel, ...]
    withheld: tuple[Channel, ...]


def add_subscriber(
    session: Session,
    keys: Keyring,
    cells: Mapping[str, str],
    list_id: int,
    channels: frozenset[Channel],
    evidence: Evidence,
) -> Added:
    """Add a person to a list, or update who is here; `cells` are FIELDS as people write them.

    With an `evidence` that is the person's own act, somebody who had left, by staff's hand or their own,
    comes back; a STOP by text is lifted only by a START. Raises InvalidAddress.
    """
    columns = Columns(FIELDS, {name: place for place, name in enumerate(FIELDS)}, {}, ())
    try:
        row = RowReader(columns, keys).read(Row(1, [cells.get(name, "") for name in FIELDS]))
        if evidence.own_act and row.email_key and Channel.EMAIL in channels:
            for reason in (SuppressionReason.BY_STAFF, SuppressionReason.OPTED_OUT):
                lift(session, Channel.EMAIL, row.email_key, reason)
        applied = Applier(list_id, channels, evidence).apply(session, [row])
        for rejected in applied.rejected.values():
            raise rejected
    except RowRejected as rejected:
        raise InvalidAddress(problem=rejected.words) from None
    return Added(
        applied.verdicts[0],
        applied.subscriber_ids[0],
        tuple(applied.joined),
        tuple(applied.withheld),
    )
