"""What people have written back, page by page, as a CRM reads it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.models import Alert
from dispatcher.rules.replies import ReplyState
from dispatcher.usecases.replies.reading import list_replies
from dispatcher.usecases.retention.alerts import is_sensitive


def replies_page(
    session: Session, after: int, limit: int, *, named: bool, words: bool
) -> tuple[list[dict[str, Any]], int | None]:
    """Replies, oldest first, and the number to go on behind.

    Which alert they answer is left out where it is sensitive, unless the key may know: its audience is.
    """
    found = list_replies(session, states=tuple(ReplyState), limit=limit + 1, after=after)
    rows = [one.facts(words=words) for one in found[:limit]]
    if not named:
        meant = {row["alert"] for row in rows} - {None}
        alerts = session.scalars(select(Alert).where(Alert.id.in_(meant)))
        hidden = {alert.id for alert in alerts.all() if is_sensitive(session, alert)}
        rows = [row | {"alert": None} if row["alert"] in hidden else row for row in rows]
    return rows, found[limit - 1].number if len(found) > limit else None
