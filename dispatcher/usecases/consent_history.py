"""What one person's addresses agreed to, and took back."""

from collections.abc import Collection

from sqlalchemy import Select, or_, select

from dispatcher.models import ConsentEvent, Disclosure, List, Subscriber
from dispatcher.rules.consent import ConsentAct


def consent_history(person: Subscriber, keys: Collection[bytes]) -> Select[ConsentEvent, List, str]:
    """Each act of the ledger in order, with its list and the words that were shown, None where there are
    none. `keys` are the person's.
    """
    return (
        select(ConsentEvent, List, Disclosure.words)
        .join(List, List.id == ConsentEvent.list_id)
        .outerjoin(Disclosure, Disclosure.id == ConsentEvent.disclosure_id)
        .where(ConsentEvent.address_key.in_(list(keys)))
        # Who shares a phone joins for themselves, but leaves for all.
        .where(or_(ConsentEvent.subscriber_id == person.id, ConsentEvent.act == ConsentAct.LEFT))
        .order_by(ConsentEvent.id)
    )
