"""A sign-up is confirmed: by the link in an email, or by a YES from the phone. Only now somebody agrees."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.models import SignUp, SignUpAddress, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason, own_act_lifts
from dispatcher.usecases.consent import Agreement, Evidence, ListLedger
from dispatcher.usecases.importing.crowd import lock_people
from dispatcher.usecases.joining.links import VALID_FOR
from dispatcher.usecases.joining.open_lists import list_ids_of, public_names
from dispatcher.usecases.joining.whose import may_take_over, take_over, whose_email, whose_phone
from dispatcher.usecases.retention.silence import heard_from
from dispatcher.usecases.suppress import lift, suppressed_for


@dataclass(frozen=True, slots=True)
class SignUpView:
    """What the page behind a link shows. `text_waits`: the phone of the same sign-up hasn't said YES yet."""

    language: str
    list_names: tuple[str, ...]
    text_waits: bool


def view_sign_up(session: Session, reference: bytes) -> SignUpView | None:
    """The sign-up of a link; None when it is gone, or never had an email address."""
    sign_up = session.scalars(select(SignUp).where(SignUp.reference == reference)).first()
    if sign_up is None:
        return None
    addresses = _addresses(session, sign_up)
    if Channel.EMAIL not in addresses:
        return None
    phone = addresses.get(Channel.SMS)
    waits = phone is not None and phone.confirmed_at is None
    return SignUpView(sign_up.language, public_names(session, sign_up), text_waits=waits)


def confirm_by_link(session: Session, reference: bytes) -> SignUpView | None:
    """The email address of a sign-up joins its lists; the second time nothing happens, and the answer is the
    same. None when the sign-up is gone.
    """
    lock_people(session)
    found = session.execute(
        select(SignUp, SignUpAddress)
        .join(SignUpAddress, SignUpAddress.sign_up_id == SignUp.id)
        .where(SignUp.reference == reference, SignUpAddress.channel == Channel.EMAIL)
    ).first()
    if found and found[1].confirmed_at is None:
        _confirm(session, *found)
    return view_sign_up(session, reference)


def confirm_by_text(session: Session, phone_key: bytes) -> bool:
    """A number has said YES: it joins the lists of the sign-up that it was asked about last.

    False, and nothing changes, when no sign-up of the last seven days waits for it, or when it has said STOP:
    START comes first. Of several sign-ups each takes a YES of its own.
    """
    lock_people(session)
    waiting = session.execute(
        select(SignUp, SignUpAddress)
        .join(SignUpAddress, SignUpAddress.sign_up_id == SignUp.id)
        .where(SignUpAddress.address_key == phone_key, SignUpAddress.channel == Channel.SMS)
        .where(SignUp.created_at >= db_now(-VALID_FOR.total_seconds()))
        .order_by(SignUpAddress.asked.desc(), SignUp.id.desc())
    ).first()
    if waiting is None or suppressed_for(session, Channel.SMS, phone_key) is SuppressionReason.STOP:
        return False
    _confirm(session, *waiting)
    return True


def _confirm(session: Session, sign_up: SignUp, one: SignUpAddress) -> None:
    address, key = one.address, one.address_key
    assert address is not None  # it isn't confirmed yet
    assert key is not None
    if one.channel is Channel.EMAIL:
        person = whose_email(session, sign_up, address, key)
    else:
        email = _addresses(session, sign_up).get(Channel.EMAIL)
        person = whose_phone(session, sign_up, address, key, email.address_key if email else None)
    session.flush()
    _lift(session, one.channel, key)
    _join(session, sign_up, one, person, key)
    other = session.get(Subscriber, sign_up.subscriber_id) if sign_up.subscriber_id else None
    sign_up.subscriber_id = person.id
    if one.channel is Channel.EMAIL and other and other.id != person.id:
        _take_over(session, sign_up, person, other)
    heard_from(session, one.channel, key)
    one.confirmed_at = session.scalar(select(db_now()))
    one.address = one.address_key = None
    if all(each.confirmed_at for each in _addresses(session, sign_up).values()):
        sign_up.ip_address = sign_up.postal_code = None  # the ledger and the subscriber have them
    session.flush()


def _take_over(session: Session, sign_up: SignUp, person: Subscriber, other: Subscriber) -> None:
    """The phone said YES first, and was counted to somebody new: now we know whose it is."""
    if not may_take_over(session, person, other, sign_up):
        return
    key = other.phone_key
    assert key is not None
    session.flush()
    take_over(session, person, other)
    _join(session, sign_up, _addresses(session, sign_up)[Channel.SMS], person, key)


def _join(session: Session, sign_up: SignUp, one: SignUpAddress, person: Subscriber, key: bytes) -> None:
    evidence = Evidence(
        sign_up.source, disclosure_id=one.disclosure_id, page=sign_up.page, ip_address=sign_up.ip_address
    )
    for list_id in list_ids_of(sign_up):
        ledger = ListLedger(session, list_id)
        ledger.look_up({one.channel: [key]}, [person.id])
        ledger.join([Agreement(person.id, one.channel, key, sign_up.read_in)], evidence)


def _lift(session: Session, channel: Channel, key: bytes) -> None:
    reason = suppressed_for(session, channel, key)
    if reason and own_act_lifts(reason, by_text=channel is Channel.SMS):
        lift(session, channel, key, reason)


def _addresses(session: Session, sign_up: SignUp) -> dict[Channel, SignUpAddress]:
    found: Collection[SignUpAddress] = session.scalars(
        select(SignUpAddress).where(SignUpAddress.sign_up_id == sign_up.id)
    ).all()
    return {one.channel: one for one in found}
