"""Take a sign-up: write it down, and ask its addresses whether it is meant.

Nothing here looks whether an address is known. The work is the same for everybody, and so is the time.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from dispatcher.addresses import EmailAddress, PhoneNumber
from dispatcher.keyring import Keyring
from dispatcher.models import SignUp, SignUpAddress
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.consent import disclosure_id
from dispatcher.usecases.joining.links import confirm_url, new_reference
from dispatcher.usecases.joining.open_lists import require_open
from dispatcher.usecases.notices.queueing import queue_notice

NOTICE = "confirm"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody filled in. `shown`: the exact words beside the box of each channel that has an address.

    `read_in` is the language of those words, `language` the one that messages should have. `page` is where,
    `ip_address` whence; it is dropped when a list is sensitive.
    """

    list_ids: tuple[int, ...]
    language: str
    read_in: str
    page: str
    shown: Mapping[Channel, str]
    email: EmailAddress | None = field(default=None, repr=False)
    phone: PhoneNumber | None = field(default=None, repr=False)
    postal_code: str | None = None
    ip_address: str | None = field(default=None, repr=False)
    source: str = "sign-up"  # as the ledger has it

    def addresses(self) -> dict[Channel, tuple[str, str]]:
        """Each channel's address: how to write to it, and how it is compared."""
        found = {}
        if self.email:
            found[Channel.EMAIL] = (self.email.address, self.email.normalised)
        if self.phone:
            found[Channel.SMS] = (self.phone.e164, self.phone.e164)
        return found


def begin(
    session: Session, keys: Keyring, signer: Signer, public_url: str, wish: Wish, now: datetime
) -> None:
    """Keep the sign-up, and queue a notice to each of its addresses. Raises ListClosed.

    An address that has had its share of notices gets none, and nobody is told. A number that has said STOP
    gets none either: it comes back by texting START, and its YES then finds the sign-up.
    """
    lists = require_open(session, wish.list_ids)
    sign_up = SignUp(
        reference=new_reference(),
        list_ids=json.dumps(sorted(one.id for one in lists)),
        language=wish.language,
        read_in=wish.read_in,
        postal_code=wish.postal_code,
        source=wish.source,
        page=wish.page,
        ip_address=None if any(one.sensitive for one in lists) else wish.ip_address,
    )
    session.add(sign_up)
    session.flush()
    names = ", ".join(dict.fromkeys(one.public_name for one in lists))
    facts = {"lists": names, "link": confirm_url(signer, public_url, sign_up.reference, now)}
    for channel, (address, normalised) in wish.addresses().items():
        asked = queue_notice(
            session,
            keys,
            channel=channel,
            address=address,
            kind=NOTICE,
            language=wish.language,
            facts=facts if channel is Channel.EMAIL else {"lists": names},
            # An email address is freed of its suppression by its owner's click alone, so it must be asked.
            force=channel is Channel.EMAIL,
        )
        session.add(
            SignUpAddress(
                sign_up_id=sign_up.id,
                channel=channel,
                address=address,
                address_key=keys.address_key(normalised),
                disclosure_id=disclosure_id(session, wish.shown[channel]),
                asked=asked,
            )
        )
    session.flush()
