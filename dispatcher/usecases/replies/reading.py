"""What staff see of replies: who waits, and one conversation with all that was said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from dispatcher.errors import UnknownReply
from dispatcher.models import Alert, Answer, Campaign, Notice, Reply
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.notices import NoticeState
from dispatcher.rules.replies import ReplyState

_HIGHEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class SeenAnswer:
    """What we wrote. `by` is empty where it went by itself; then its words are the catalogue's."""

    at: datetime
    by: str
    words: str = field(repr=False)
    became: NoticeState | None  # None: nobody knows any more
    error: str | None


@dataclass(frozen=True, slots=True)
class SeenReply:
    """A reply with its answers, oldest first. It names its person by number alone."""

    number: int
    at: datetime
    channel: Channel
    language: str
    tier: Tier
    state: ReplyState
    assigned_to: str | None
    subscriber_id: int | None
    alert_id: int | None
    passed_on: bool  # an email that isn't from whom we wrote to
    words: str = field(repr=False)
    answers: tuple[SeenAnswer, ...]

    def facts(self, *, words: bool) -> dict[str, Any]:
        """For a program; without what anybody said unless asked."""
        said = {"words": self.words} if words else {}
        return {
            "reply": self.number,
            "at": self.at.isoformat(),
            "channel": str(self.channel),
            "language": self.language,
            "tier": str(self.tier),
            "state": str(self.state),
            "assigned_to": self.assigned_to,
            "subscriber": self.subscriber_id,
            "alert": self.alert_id,
            "passed_on": self.passed_on,
            **said,
            "answers": [
                {
                    "at": one.at.isoformat(),
                    "by": one.by or None,
                    "became": one.became and str(one.became),
                    "error": one.error,
                    **({"words": one.words} if words else {}),
                }
                for one in self.answers
            ],
        }


@dataclass(frozen=True, slots=True)
class Conversation:
    """One reply, and everything that was said with that address or person before and after."""

    asked: SeenReply
    campaign: str | None  # the campaign's name in here, of the alert that it answers
    turns: tuple[SeenReply, ...]  # oldest first; `asked` is one of them


def waiting_replies(session: Session) -> int:
    """How many somebody should look at."""
    still_open = Reply.state == ReplyState.OPEN
    return session.scalar(select(func.count()).select_from(Reply).where(still_open)) or 0


def list_replies(
    session: Session,
    *,
    states: Collection[ReplyState],
    assigned_to: str | None = None,
    limit: int = 100,
    after: int = 0,
) -> list[SeenReply]:
    """Those in these states, whoever has waited longest first; of one member of staff where given.

    `after` is a reply's number: the list goes on behind it.
    """
    query = select(Reply).where(Reply.state.in_(states), Reply.id > after).order_by(Reply.id).limit(limit)
    if assigned_to is not None:
        query = query.where(Reply.assigned_to == assigned_to)
    return _seen(session, session.scalars(query).all())


def read_reply(session: Session, number: int) -> Conversation:
    """One, with its conversation. Raises UnknownReply."""
    reply = find_reply(session, number)
    same = [Reply.address_key == reply.address_key]
    if reply.subscriber_id is not None:
        same.append(Reply.subscriber_id == reply.subscriber_id)
    turns = _seen(session, session.scalars(select(Reply).where(or_(*same)).order_by(Reply.id)).all())
    named = (
        select(Campaign.slug).join(Alert, Alert.campaign_id == Campaign.id).where(Alert.id == reply.alert_id)
    )
    (asked,) = (turn for turn in turns if turn.number == number)
    return Conversation(asked, session.scalar(named), tuple(turns))


def find_reply(session: Session, number: int, *, to_change: bool = False) -> Reply:
    """The row, locked where it is to be changed. Raises UnknownReply."""
    query = select(Reply).where(Reply.id == min(number, _HIGHEST_ID))
    found = session.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise UnknownReply(number=number)
    return found


def _seen(session: Session, replies: Sequence[Reply]) -> list[SeenReply]:
    answers: dict[int, list[SeenAnswer]] = {reply.id: [] for reply in replies}
    rows = session.execute(
        select(Answer, Notice.state, Notice.error)
        .outerjoin(Notice, Notice.id == Answer.notice_id)
        .where(Answer.reply_id.in_(answers))
        .order_by(Answer.id)
    )
    for answer, became, error in rows:
        answers[answer.reply_id].append(SeenAnswer(answer.at, answer.author, answer.words, became, error))
    return [
        SeenReply(
            number=one.id,
            at=one.at,
            channel=one.channel,
            language=one.language,
            tier=one.tier,
            state=one.state,
            assigned_to=one.assigned_to,
            subscriber_id=one.subscriber_id,
            alert_id=one.alert_id,
            passed_on=one.passed_on,
            words=one.words,
            answers=tuple(answers[one.id]),
        )
        for one in replies
    ]
