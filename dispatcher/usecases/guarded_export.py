"""Which exports ask for a name typed and a reason: those that tell who is on a sensitive list."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import ExportNotConfirmed
from dispatcher.models import List
from dispatcher.usecases.audit import note_act

EVERYBODY = "everybody"  # what is typed for all lists at once


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What staff typed: the list's own name, and why they need it."""

    name: str = ""
    reason: str = ""


def name_to_type(session: Session, list_id: int | None) -> str | None:
    """What must be typed before one list, or everybody (None), is exported; None when nothing must."""
    query = select(List.slug).where(List.sensitive)
    if list_id is None:
        return EVERYBODY if session.scalars(query.limit(1)).first() is not None else None
    return session.scalars(query.where(List.id == list_id)).first()


def note_export(session: Session, list_id: int | None, given: Confirmation) -> None:
    """Note that a list, or everybody, is about to be exported, in a transaction of its own.

    Raises ExportNotConfirmed when it is a sensitive one, and name or reason aren't given rightly.
    """
    wanted = name_to_type(session, list_id)
    if wanted is not None and (given.name.strip() != wanted or not given.reason.strip()):
        raise ExportNotConfirmed(name=wanted)
    of = EVERYBODY if list_id is None else f"list {list_id}"
    note_act(session, "export", f"{of}{', sensitive' if wanted else ''}", given.reason.strip())
