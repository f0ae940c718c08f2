"""What others keep of us: whoever delivers our messages, and Redis."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, Message
from dispatcher.redis_client import connect, redis_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.settings import Settings
from dispatcher.usecases.exposure.exposed import Exposed, Taken, exposed
from dispatcher.usecases.retention.alerts import is_sensitive

_NEVER_LEFT = (Status.QUEUED, Status.SKIPPED, Status.CANCELLED)
_LANES = b"dispatch:lane:domain:"
_KEEPS = {
    Channel.SMS: (
        Taken.SMS,
        "texts",
        "Twilio has every number with every word that it got, but for those that it was asked to forget",
        "Turn on Message Redaction there, take redaction=off away here; `dispatch doctor` asks what it has.",
    ),
    Channel.EMAIL: (
        Taken.EMAIL,
        "emails",
        "the relay's logs show every address with the moment, and often the subject",
        "Ask the relay for its shortest log; on one of your own, keep its logs for days, not months.",
    ),
}


def of_providers(session: Session, settings: Settings) -> Iterator[Exposed]:
    """What went through their hands, as far as we still know of it; theirs may reach further back."""
    sent = _sent(session)
    for channel, (taken, kind, keep, shrink) in _KEEPS.items():
        total = sum(number for (_, on), number in sent.items() if on is channel)
        alerts = {alert for alert, on in sent if on is channel}
        sensitive = {alert for alert in alerts if is_sensitive(session, session.get_one(Alert, alert))}
        grave = sum(sent[alert, channel] for alert in sensitive)
        where = "" if not settings.practice[channel] else " (the sender is an outbox now)"
        yield exposed(
            taken,
            f"{kind}_sent",
            total,
            f"{total:,} {kind} left this house{where}, {grave:,} of them to sensitive lists: {keep}.",
            shrink,
        )


def _sent(session: Session) -> dict[tuple[int, Channel], int]:
    """Messages by alert and channel that a provider had in hand."""
    rows = session.execute(
        select(Message.alert_id, Message.channel, func.count())
        .join(Alert, Alert.id == Message.alert_id)
        .where(Message.status.not_in(_NEVER_LEFT), Alert.practice.is_(False))
        .group_by(Message.alert_id, Message.channel)
    )
    return {(alert_id, channel): number for alert_id, channel, number in rows}


def of_redis(settings: Settings) -> Iterator[Exposed]:
    """Limits and wake-ups: whose domain is slow, and that a channel has work."""
    from redis import RedisError

    try:
        with connect(redis_of(settings)) as client:
            lanes = sum(1 for _ in client.scan_iter(_LANES + b"*", count=1000))
            keys = int(client.dbsize())
    except (RedisError, OSError):
        yield Exposed(
            Taken.REDIS, "redis", None, 0, "Redis isn't there just now; it keeps nothing of a person."
        )
        return
    yield Exposed(
        Taken.REDIS,
        "redis",
        None,
        keys,
        f"{keys:,} keys: wake-ups that name a channel, limits by keyed hash, and {lanes:,} mail domains "
        "that were written to lately. Nobody's address.",
    )
