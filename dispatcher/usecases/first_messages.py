"""The first message of each channel that was sent in a language: what `dispatch demo` shows of its outbox."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.models import Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status


def first_messages(session: Session, alert_id: int, language: str) -> dict[Channel, int]:
    """The smallest message number of each channel; the outbox names its files by it."""
    query = (
        select(Message.channel, func.min(Message.id))
        .where(Message.alert_id == alert_id, Message.language == language, Message.status == Status.SENT)
        .group_by(Message.channel)
    )
    return dict(session.execute(query).all())
