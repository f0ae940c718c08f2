"""Staff let an address be written to again: a mailbox that was dead, or full for weeks, takes mail now."""

from sqlalchemy.orm import Session

from dispatcher.errors import NotOursToLift
from dispatcher.keyring import Keyring
from dispatcher.rules.consent import SuppressionReason
from dispatcher.usecases.audit import note_act
from dispatcher.usecases.find_subscriber import address_key_of
from dispatcher.usecases.suppress import lift, suppressed_for


def lift_bounce(session: Session, keys: Keyring, address: str, reason: str) -> bool:
    """Lift what bounces have brought; False when the address isn't suppressed. It is on its lists as before.

    `reason` is how we know, for the record of staff's acts. What people asked for is theirs to take back:
    raises NotOursToLift. Raises InvalidAddress.
    """
    channel, key = address_key_of(keys, address)
    why = suppressed_for(session, channel, key)
    if why is None:
        return False
    if why is not SuppressionReason.BOUNCED:
        raise NotOursToLift(reason=str(why).replace("_", " "))
    note_act(session, "suppressions lift", f"one {channel} address that had bounced", reason)
    return lift(session, channel, key, SuppressionReason.BOUNCED)
