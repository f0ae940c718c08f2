"""What a copy of the database tells somebody who hasn't the data key."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from dispatcher.models import (
    Action,
    AttributeValue,
    DeliveryLogEntry,
    List,
    Message,
    Subscriber,
    Subscription,
    Visit,
)
from dispatcher.rules.free_mailboxes import FREE_MAILBOXES
from dispatcher.usecases.exposure.exposed import Exposed, Taken, exposed

FEW = 5  # people who share something: fewer than that can be told apart by who knows one of them
_NEARLY_A_NAME = 2  # a domain that so few people have is a family's or one person's
_exposed = partial(exposed, Taken.DATABASE)
_RETAIN = "`dispatch retention run`, and fewer days in DISPATCH_RETAIN_DETAIL_DAYS_SENSITIVE."


def of_database(session: Session) -> Iterator[Exposed]:
    """In the clear, or to be inferred."""
    people = _number(session, select(Subscriber.id))
    yield Exposed(
        Taken.DATABASE,
        "people",
        None,
        people,
        f"{people:,} people. Names, addresses and what lists and campaigns are called are ciphertext.",
    )
    yield from _places(session)
    yield from _domains(session)
    yield from _memberships(session)
    yield from _histories(session)


def _places(session: Session) -> Iterator[Exposed]:
    zips = _number(session, select(Subscriber.id).where(Subscriber.postal_code.is_not(None)))
    yield _exposed(
        "postal_codes",
        zips,
        f"{zips:,} people's ZIP codes in the clear, beside everybody's language: segments ask for them.",
        "Leave the ZIP column out of imports and forms where no segment needs it.",
    )
    numbers = _number(session, select(AttributeValue.subscriber_id).where(AttributeValue.number.is_not(None)))
    yield _exposed(
        "attribute_numbers",
        numbers,
        f"{numbers:,} numbers and days of kept columns in the clear, for segments compare them; what each "
        "column is called is a keyed hash.",
        "Don't import with --keep what no segment asks for.",
    )
    language, code = Subscriber.language.expression, Subscriber.postal_code.expression
    alone = _in_small_groups(session, code.is_not(None), language, code, fewer=FEW)
    yield _exposed(
        "alone_in_their_place",
        alone,
        f"{alone:,} of them share ZIP code and language with fewer than {FEW} people here: a neighbour who "
        "knows that somebody is on a list may find their row.",
        "Keep the first three digits of rare ZIP codes only.",
    )


def _domains(session: Session) -> Iterator[Exposed]:
    domain = Subscriber.email_domain.expression
    of_its_own = domain.not_in(FREE_MAILBOXES)  # nor null
    own = _in_small_groups(session, of_its_own, domain, fewer=_NEARLY_A_NAME + 1)
    yield _exposed(
        "domains_of_their_own",
        own,
        f"{own:,} people's mail domain is theirs or nearly: at most {_NEARLY_A_NAME} people have it, and "
        "domains are in the clear, for limits need them.",
        "`dispatch subscribers forget` for whoever asks; a free mailbox hides better.",
    )


def _memberships(session: Session) -> Iterator[Exposed]:
    sensitive = select(List.id).where(List.sensitive)
    on_them = select(Subscription.subscriber_id).where(Subscription.list_id.in_(sensitive)).distinct()
    people, lists = _number(session, on_them), _number(session, sensitive)
    yield _exposed(
        "on_sensitive_lists",
        people,
        f"{people:,} people are or were on one of {lists} lists that are marked sensitive. Lists have "
        "numbers there, no names; whoever knows when a list was written to can tell its number by the times.",
        _RETAIN,
    )


def _histories(session: Session) -> Iterator[Exposed]:
    messages = _number(session, select(Message.id))
    yield _exposed(
        "messages",
        messages,
        f"{messages:,} messages: which row of people got which alert, by number, and when.",
        _RETAIN,
    )
    clicks = _number(session, select(Visit.message_id))
    yield _exposed(
        "clicks",
        clicks,
        f"{clicks:,} links opened, with the message each stood in; never one of a sensitive list.",
        "`dispatch retention run`, and fewer days in DISPATCH_RETAIN_DETAIL_DAYS.",
    )
    acts = _number(session, select(Action.subscriber_id))
    yield _exposed(
        "actions",
        acts,
        f"{acts:,} times somebody did what a campaign asked for: who and which campaign, by number.",
        "`dispatch subscribers forget` for whoever asks.",
    )
    told = _number(session, select(DeliveryLogEntry.at).where(DeliveryLogEntry.detail.is_not(None)))
    yield _exposed(
        "servers_words",
        told,
        f"{told:,} answers of mail servers and Twilio in their own words, addresses taken out.",
        _RETAIN,
    )
    refs = _number(session, select(DeliveryLogEntry.at).where(DeliveryLogEntry.provider_ref.is_not(None)))
    yield _exposed(
        "provider_references",
        refs,
        f"{refs:,} numbers under which a provider has the same message, with its address, in its own logs.",
        _RETAIN,
    )


def _number(session: Session, query: Select[Any]) -> int:
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _in_small_groups(
    session: Session, condition: ColumnElement[bool], *columns: ColumnElement[Any], fewer: int
) -> int:
    """People who share the values of `columns` with so few others that together they are fewer."""
    sizes = select(func.count().label("size")).where(condition).group_by(*columns).subquery()
    return session.scalar(select(func.sum(sizes.c.size)).where(sizes.c.size < fewer)) or 0
