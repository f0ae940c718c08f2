"""Who is on an alert's lists and yet gets nothing from it: numbers, each with its reason."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dispatcher.models import Subscriber, Subscription, Suppression
from dispatcher.models.subscriber import address_key
from dispatcher.usecases.acting.sparing import HAS_ACTED
from dispatcher.usecases.audience import (
    Reach,
    agreed,
    already_in,
    consenting,
    count,
    on_lists,
    reachable,
    suppressed,
)
from dispatcher.usecases.lay_out import Audience

HAS_IT = "has it already"


def left_out(session: Session, everyone: Audience, chosen: Audience, recipients: int) -> dict[str, int]:
    """People by reason, in the order in which they are sorted out; reasons that nobody has are not there.

    `everyone` is the channel's audience as it stands, `chosen` the same with its limit, `recipients` how many
    get a message within it.
    """
    # Who has acted, and has it already, or couldn't get it anyway, counts there.
    reach, limited = replace(everyone.reach, acted=None), chosen.reach.last_id is not None
    out = {
        **_not_meant(session, reach),
        **_no_consent(session, reach),
        **_suppressed(session, reach),
        HAS_IT: _had(session, reach) if reach.alert_id is not None else 0,
        HAS_ACTED: _acted(session, reach, everyone.reach.acted),
    }
    for language, number in sorted(everyone.languages.missing.items()):
        out[f"reads {language}, which isn't there"] = number
    in_time = sum(everyone.tally_in_time.values())
    unlimited = sum(everyone.tally_of_recipients(session).values()) if limited else recipients
    out["no hour suits all zones that the number may be in"] = (
        sum(everyone.tally_of_readers.values()) - in_time
    )
    out["shares a phone with somebody who gets it"] = in_time - unlimited
    out["beyond --limit"] = unlimited - recipients
    return {reason: number for reason, number in out.items() if number}


def _not_meant(session: Session, reach: Reach) -> Mapping[str, int]:
    """Who agreed, and is outside the segment or among its exceptions."""
    joined = select(Subscriber.id).where(agreed(reach))
    out = {}
    if reach.within is not None:
        out["not in the segment"] = count(session, joined.where(~reach.within))
        joined = joined.where(reach.within)
    if reach.but_not is not None:
        out["meant by --except"] = count(session, joined.where(reach.but_not))
    return out


def _no_consent(session: Session, reach: Reach) -> Mapping[str, int]:
    """Who was on a list and is on none of them now: by leaving, or with an address that was changed."""
    gone = select(Subscriber.id).where(~agreed(reach), *reach.meant)
    left = on_lists(reach, Subscription.left_at.is_not(None))
    stayed = on_lists(reach, Subscription.left_at.is_(None))
    return {
        "left the list": count(session, gone.where(left)),
        "has another address now, which hasn't agreed": count(session, gone.where(stayed, ~left)),
    }


def _suppressed(session: Session, reach: Reach) -> Mapping[str, int]:
    same_address = Suppression.address_key == address_key(reach.channel)
    reasons = session.execute(
        select(Suppression.reason, func.count())
        .select_from(Subscriber)
        .join(Suppression, (Suppression.channel == reach.channel) & same_address)
        .where(agreed(reach), *reach.meant)
        .group_by(Suppression.reason)
        .order_by(Suppression.reason)
    )
    return {f"suppressed ({reason})": number for reason, number in reasons.all()}


def _acted(session: Session, reach: Reach, acted: ColumnElement[bool] | None) -> int:
    return 0 if acted is None else count(session, reachable(reach).where(acted))


def _had(session: Session, reach: Reach) -> int:
    return count(session, consenting(reach).where(~suppressed(reach.channel), already_in(reach)))
