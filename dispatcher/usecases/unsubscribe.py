"""Staff take an opt-out that came by phone, by letter or in person."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from dispatcher.keyring import Keyring
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.find_subscriber import address_key_of
from dispatcher.usecases.leave import leave
from dispatcher.usecases.notices.queueing import withdraw_notices
from dispatcher.usecases.suppress import suppress

# Somebody who says "no more texts" means all of them, as with a STOP; it is lifted as a STOP is.
REASONS = {Channel.EMAIL: SuppressionReason.BY_STAFF, Channel.SMS: SuppressionReason.STOP}


@dataclass(frozen=True, slots=True)
class Unsubscribed:
    """What changed: `lists` were left now, and whether the address is newly suppressed."""

    channel: Channel
    lists: tuple[int, ...]
    suppressed: bool


def unsubscribe(
    session: Session, keys: Keyring, address: str, source: str, *, list_id: int | None = None
) -> Unsubscribed:
    """An address leaves one list, or everything: then it is suppressed for the whole organisation, too.

    It need not be anybody's here: no later import will bring it. Raises InvalidAddress.
    """
    channel, key = address_key_of(keys, address)
    if list_id is not None:
        return Unsubscribed(
            channel, leave(session, channel, key, source, list_ids=[list_id]), suppressed=False
        )
    newly = suppress(session, channel, key, REASONS[channel], source)
    withdraw_notices(session, channel, key)
    return Unsubscribed(channel, leave(session, channel, key, source), newly)
