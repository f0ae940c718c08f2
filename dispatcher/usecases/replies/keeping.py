"""Keep what somebody wrote for people to read, and tell them so: by one automatic answer a day.

It goes as a notice: with a log, within the limits, and withdrawn with everything else when they leave. It is
the answer to what they wrote a second ago, so a text of it keeps no quiet hours.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.keyring import Keyring
from dispatcher.models import Answer, Message, Reply, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.moves import Status
from dispatcher.rules.replies import ReplyState
from dispatcher.usecases.notices.agreement import has_agreed
from dispatcher.usecases.notices.queueing import queue_numbered
from dispatcher.usecases.suppress import suppressed_for

RECEIVED = "received"  # the automatic answer: notice.received_...

_LONGEST = 10_000  # characters; a text has 1,600 at most, and nobody reads on in a mail
_LONGEST_REFERENCE = 250
_ARRIVED = (Status.SENDING, Status.SENT, Status.DELIVERED, Status.UNCERTAIN, Status.COMPLAINED)


def keep_reply(
    session: Session,
    keys: Keyring,
    *,
    channel: Channel,
    address_key: bytes,
    words: str,
    tier: Tier,
    people: Sequence[Subscriber],
    reference: str = "",
    answerable: bool = True,
    passed_on: bool = False,
) -> Reply | None:
    """Keep a reply. `people` have the address; `reference` is an email's Message-ID, so that answers thread.

    Not `answerable`: a program may have written it, so nothing answers by itself (RFC 3834). `passed_on`: an
    email that isn't from whom we wrote to. None: it is a thank-you or a heart, which nobody need read and
    isn't kept. What is told twice is the caller's to notice.
    """
    if tier is Tier.NOTHING:
        return None
    reply = Reply(
        channel=channel,
        # What counted as a STOP was done at once; it is kept should it have been none.
        state=ReplyState.CLOSED if tier is Tier.LEAVES else ReplyState.OPEN,
        tier=tier,
        language=people[0].language if people else "",
        address_key=address_key,
        subscriber_id=people[0].id if len(people) == 1 else None,
        alert_id=_newest_alert(session, channel, address_key, people),
        passed_on=passed_on,
        words=words[:_LONGEST],
        reference=reference[:_LONGEST_REFERENCE] or None,
    )
    session.add(reply)
    session.flush()
    if answerable and people and tier is Tier.LOOK:
        _say_that_it_is_read(session, keys, reply, people[0])
    return reply


def _newest_alert(session: Session, channel: Channel, key: bytes, people: Sequence[Subscriber]) -> int | None:
    """The alert that it most likely is about."""
    got = (Message.channel == channel, Message.address_key == key, Message.status.in_(_ARRIVED))
    theirs = Message.subscriber_id.in_([person.id for person in people])  # by the index that there is
    return session.scalar(select(Message.alert_id).where(theirs, *got).order_by(Message.id.desc()).limit(1))


def _say_that_it_is_read(session: Session, keys: Keyring, reply: Reply, person: Subscriber) -> None:
    """By email only to whoever is on a list there, as answers of staff are: it promises one. A text is
    answered in any case: nobody but its sender hears that, and waits for it.
    """
    if suppressed_for(session, reply.channel, reply.address_key):
        return
    if reply.channel is Channel.EMAIL and not session.scalar(
        select(has_agreed(reply.channel, reply.address_key))
    ):
        return
    notice_id = queue_numbered(
        session,
        keys,
        channel=reply.channel,
        address=address_of(person, reply.channel),
        kind=RECEIVED,
        language=person.language,
        facts=threading(reply),
    )
    if notice_id is not None:
        session.add(
            Answer(
                reply_id=reply.id,
                notice_id=notice_id,
                address_key=reply.address_key,
                subscriber_id=reply.subscriber_id,
                author="",
                words="",
            )
        )
        session.flush()


def address_of(person: Subscriber, channel: Channel) -> str:
    """Where this person is reached on a channel that they wrote on."""
    return (person.email if channel is Channel.EMAIL else person.phone) or ""


def threading(reply: Reply) -> dict[str, str]:
    """What makes an answer stand below the person's own email."""
    return {"in_reply_to": reply.reference} if reply.reference else {}
