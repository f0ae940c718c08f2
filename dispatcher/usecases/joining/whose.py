"""Whose address was confirmed? Somebody known, or somebody new; never on the word of an unproved address.

| confirmed | the sign-up's other address | known here by it       | the subscriber is                      |
| --------- | --------------------------- | ---------------------- | -------------------------------------- |
| email     | not confirmed, or none      | that person, or nobody | that person, or a new one              |
| email     | phone, confirmed before     | nobody                 | whoever the phone was counted to       |
| email     | phone, confirmed before     | somebody else          | that person, who takes the number over |
| phone     | email, confirmed before     | -                      | that person, unless they have another  |
| phone     | email, not confirmed        | the person of that one | that person: it is theirs on file      |
| phone     | any, or none                | one without an email   | that one                               |
| phone     | none                        | others: a family       | the first of them, who only consents   |
| phone     | any                         | others, or nobody      | a new one, who may share the phone     |

What is on file of somebody known changes by their own act alone. A click proves the email address, which is
one person's; a YES proves a phone, which a family may share.
"""

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from dispatcher.addresses import parse_email, quiet_zones_for
from dispatcher.models import Message, SignUp, Subscriber, Subscription
from dispatcher.usecases.joining.open_lists import list_ids_of


def whose_email(session: Session, sign_up: SignUp, address: str, key: bytes) -> Subscriber:
    """The subscriber of an email address that was confirmed, with language and ZIP as they gave them."""
    by_phone = session.get(Subscriber, sign_up.subscriber_id) if sign_up.subscriber_id else None
    person = session.scalars(select(Subscriber).where(Subscriber.email_key == key)).first()
    if person is None:
        person = by_phone if by_phone and by_phone.email_key is None else _new(session)
        email = parse_email(address)
        person.email, person.email_key, person.email_domain = email.address, key, email.domain
    _take_choices(person, sign_up)
    return person


def whose_phone(
    session: Session, sign_up: SignUp, number: str, key: bytes, email_key: bytes | None
) -> Subscriber:
    """The subscriber of a number that said YES; `email_key` is the sign-up's email, not confirmed yet."""
    by_email = session.get(Subscriber, sign_up.subscriber_id) if sign_up.subscriber_id else None
    if by_email and by_email.phone_key in (None, key):
        _take_phone(by_email, number, key)
        return by_email
    family = session.scalars(
        select(Subscriber).where(Subscriber.phone_key == key).order_by(Subscriber.id)
    ).all()
    if mine := [one for one in family if email_key and one.email_key == email_key]:
        return mine[0]
    if len(family) == 1 and family[0].email_key is None:
        _take_choices(family[0], sign_up)
        return family[0]
    if family and by_email is None and email_key is None:
        return family[0]
    person = _new(session)
    _take_phone(person, number, key)
    _take_choices(person, sign_up)
    return person


def may_take_over(session: Session, person: Subscriber, other: Subscriber, sign_up: SignUp) -> bool:
    """Whether `other` is but what the phone's YES made of this very sign-up, and `person` has no other phone.

    Two rows would be one person. Once something was sent to the other, or they joined more, they stay: the
    log names them.
    """
    theirs = Subscription.subscriber_id == other.id
    more = exists().where(theirs, Subscription.list_id.not_in(list_ids_of(sign_up)))
    sent = exists().where(Message.subscriber_id == other.id)
    return (
        other.email_key is None
        and other.phone_key is not None
        and other.created_at >= sign_up.created_at
        and person.phone_key in (None, other.phone_key)
        and not session.scalar(select(or_(more, sent)))
    )


def take_over(session: Session, person: Subscriber, other: Subscriber) -> None:
    """The other's number becomes the person's, and the other is nobody any more."""
    assert other.phone is not None  # what a YES made
    assert other.phone_key is not None
    _take_phone(person, other.phone, other.phone_key)
    session.execute(update(SignUp).where(SignUp.subscriber_id == other.id).values(subscriber_id=person.id))
    session.delete(other)
    session.flush()


def _new(session: Session) -> Subscriber:
    person = Subscriber()
    session.add(person)
    return person


def _take_phone(person: Subscriber, number: str, key: bytes) -> None:
    person.phone, person.phone_key = number, key
    person.quiet_zones = quiet_zones_for(person.time_zone, person.postal_code, number)


def _take_choices(person: Subscriber, sign_up: SignUp) -> None:
    person.language = sign_up.language
    person.postal_code = sign_up.postal_code or person.postal_code
    if person.phone:
        person.quiet_zones = quiet_zones_for(person.time_zone, person.postal_code, person.phone)
