"""A signature covers no address: whoever sees a signed call can't have it count for another campaign."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.callbacks.base import RawRequest
from dispatcher.callbacks.standard import TIMESTAMP
from dispatcher.keyring import Keyring
from dispatcher.models import SpentToken
from dispatcher.sql import insert_with_conflicts

_BY = "actions"  # beside the names of providers


def proves_for(session: Session, keys: Keyring, call: RawRequest, campaign_id: int) -> bool:
    """Whether this call, which is signed, may count for this campaign: it didn't for another before.

    The same once more may: a site repeats what wasn't answered.
    """
    said = f"{call.header('webhook-id')}.{call.header(TIMESTAMP)}.".encode("utf-8", "replace") + call.body
    proof = hashlib.sha256(said).digest()[:16]  # of all that is signed, as it is signed
    told = keys.address_key(f"told\0{_BY}\0{campaign_id}")
    row = {"provider": _BY, "token_key": proof, "told_key": told}
    session.execute(insert_with_conflicts(session, SpentToken).values(row).on_conflict_do_nothing())
    used = select(SpentToken.told_key).where(SpentToken.provider == _BY, SpentToken.token_key == proof)
    return session.scalars(used).one() == told
