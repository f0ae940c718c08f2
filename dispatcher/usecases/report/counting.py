"""An alert's messages by what became of them: by channel, language, domain and error."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from dispatcher.models import Alert, AlertTotal, Message, Part, Subscriber
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.moves import Status

FORGOTTEN = "(forgotten)"  # who they were, and so which domain, isn't known any more


class Cell(NamedTuple):
    """What messages are alike in. Texts have no domain."""

    channel: Channel
    language: str
    domain: str


class Mishap(NamedTuple):
    """What went wrong, as messages have it."""

    channel: Channel
    status: Status
    error: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many messages had which status; each breakdown is of all of them, domains are of emails."""

    channels: dict[Channel, Counter[Status]] = field(default_factory=dict)
    languages: dict[tuple[Channel, str], Counter[Status]] = field(default_factory=dict)
    domains: dict[str, Counter[Status]] = field(default_factory=dict)
    mishaps: Counter[Mishap] = field(default_factory=Counter)

    def add(self, part: Part, channel: Channel, status: Status, value: str, number: int) -> None:
        """Count so many messages in one of the breakdowns."""
        if part is Part.WHOLE:
            self.channels.setdefault(channel, Counter())[status] += number
        elif part is Part.LANGUAGE:
            self.languages.setdefault((channel, value), Counter())[status] += number
        elif part is Part.DOMAIN:
            self.domains.setdefault(value, Counter())[status] += number
        else:
            self.mishaps[Mishap(channel, status, value)] += number


def domain_of_message() -> ColumnElement[str]:
    """SQL: the domain that an email went to, as the person's address is now; "" of a text."""
    return case(
        (Message.channel == Channel.EMAIL, func.coalesce(Subscriber.email_domain, FORGOTTEN)), else_=""
    )


def counts_of(session: Session, alert: Alert) -> Counts:
    """Every message of the alert, counted; of a closed one what retention has kept."""
    kept = _kept if alert.state is AlertState.CLOSED else _counted
    counts = Counts()
    for part, channel, status, value, number in kept(session, alert.id):
        counts.add(part, channel, status, value, number)
    return counts


_Lines = Iterator[tuple[Part, Channel, Status, str, int]]


def _counted(session: Session, alert_id: int) -> _Lines:
    """One walk over the alert's messages, folded by the database: what comes back is as long as its domains
    and errors are many, whatever the number of messages.
    """
    channel, status, language = (
        Message.channel.expression,
        Message.status.expression,
        Message.language.expression,
    )
    domain, error = domain_of_message(), func.coalesce(Message.error, "")
    rows = session.execute(
        select(channel, status, language, domain, error, func.count())
        .select_from(Message)
        .outerjoin(Subscriber, Subscriber.id == Message.subscriber_id)
        .where(Message.alert_id == alert_id)
        .group_by(channel, status, language, domain, error)
    )
    for of, became, written_in, to, went_wrong, number in rows:
        yield Part.WHOLE, of, became, "", number
        yield Part.LANGUAGE, of, became, written_in, number
        if of is Channel.EMAIL:
            yield Part.DOMAIN, of, became, to, number
        yield Part.ERROR, of, became, went_wrong, number


def _kept(session: Session, alert_id: int) -> _Lines:
    for total in session.scalars(select(AlertTotal).where(AlertTotal.alert_id == alert_id)):
        yield total.part, total.channel, total.status, total.value, total.messages
