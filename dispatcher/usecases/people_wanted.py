"""What `send --segment` and `--except` mean: what was typed, or what the alert that goes on had already."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Campaign
from dispatcher.rules.segments import Segment
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.segments import check, parse

Segments = tuple[Segment, ...]
_NOT_KNOWN = "{}"  # of an alert that only a journal remembers


def people_wanted(
    session: Session,
    slug: str,
    *,
    practice: bool,
    again: str | None,
    segment: str | None,
    exception: str | None,
) -> tuple[Segments, Segments]:
    """The segments and the exceptions of a send. Raises WrongSegment.

    Who goes on with an alert without a word means the same people as before; `--segment everyone` widens it.
    """
    kept = _continued(session, slug, practice=practice, again=again)
    return (
        _typed(session, segment) if segment is not None else kept.segments,
        _typed(session, exception) if exception is not None else kept.exceptions,
    )


def _typed(session: Session, text: str) -> Segments:
    segment = parse(text)
    check(session, segment)
    return (segment,)


def _continued(session: Session, slug: str, *, practice: bool, again: str | None) -> Choice:
    kept = (
        select(Alert.audience)
        .join(Campaign, Campaign.id == Alert.campaign_id)
        .where(Campaign.slug == slug, Alert.practice == practice)
        .order_by(Alert.id.desc())
        .limit(1)
    )
    found = session.scalar(kept if again is None else kept.where(Alert.name == again))
    if found in (None, _NOT_KNOWN):
        return Choice((), ())
    return Choice.from_json(found)
