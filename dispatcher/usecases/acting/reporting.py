"""Write down acts that were reported: of whom, once a day, and with what follows: peace, and thanks.

Whoever reports comes here: webhook, API, file, staff. Of people whom we don't know nothing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Action, Subscriber
from dispatcher.rules.actions import ActionHow, Became, day_of, is_thanked
from dispatcher.rules.alert import Channel
from dispatcher.sql import insert_with_conflicts
from dispatcher.usecases.acting.sparing import spare
from dispatcher.usecases.acting.thanking import thank
from dispatcher.usecases.bulk import one_of
from dispatcher.usecases.find_subscriber import address_key_of, is_id


@dataclass(frozen=True, slots=True)
class Report:
    """One act, of whoever has the address, or both addresses."""

    campaign_id: int
    at: datetime
    email_key: bytes | None = field(default=None, repr=False)
    phone_key: bytes | None = field(default=None, repr=False)
    subscriber_id: int | None = None  # where staff named somebody by number


@dataclass(frozen=True, slots=True)
class Act:
    """One person's act that is news. `alone`: the address was theirs alone, so it was them."""

    campaign_id: int
    subscriber_id: int
    at: datetime
    alone: bool


def report_action(
    session: Session, house: House, campaign_id: int, who: str, *, at: datetime, how: ActionHow, thanks: bool
) -> Became:
    """One act of whom staff mean, by id or address. Raises InvalidAddress."""
    if is_id(who):
        report = Report(campaign_id, at, subscriber_id=int(who))
    else:
        channel, key = address_key_of(house.keys, who)
        email, phone = (key, None) if channel is Channel.EMAIL else (None, key)
        report = Report(campaign_id, at, email, phone)
    return report_all(session, house, [report], how=how, thanks=thanks)[0]


def report_all(
    session: Session,
    house: House,
    reports: Sequence[Report],
    *,
    how: ActionHow,
    thanks: bool,
    batch_id: int | None = None,
) -> list[Became]:
    """Some acts, a thousand at most; what became of each, in their order.

    A phone that a family shares means all of them: better one asked too seldom. `thanks`: who has acted in
    the last days is thanked, unless the campaign thanks nobody.
    """
    people = _People(session, reports)
    book = _Book(session, ZoneInfo(house.settings.org_zone), reports, people.ids)
    became = [book.enter(report, people.meant(report)) for report in reports]
    # Its foreign key waits for whoever lays out the campaign's audience just now, and they for us: either
    # they see the act, or we their messages.
    _write(session, book.news, how, batch_id)
    spare(session, house.settings, {(act.campaign_id, act.subscriber_id): act.at for act in book.news})
    if thanks:
        now = session.scalars(select(db_now())).one()
        recent = [act for act in book.news if act.alone and is_thanked(act.at, now)]
        thank(session, house.keys, [(act.campaign_id, act.subscriber_id, act.at) for act in recent])
    return became


class _People:
    """Whoever has one of the reports' addresses; locked, so that of two reports one comes first."""

    def __init__(self, session: Session, reports: Sequence[Report]) -> None:
        self.ids: set[int] = set()
        self._by_email: dict[bytes, int] = {}
        self._by_phone: dict[bytes, list[int]] = {}
        wanted: dict[InstrumentedAttribute[Any], set[Any]] = {
            Subscriber.email_key: {report.email_key for report in reports} - {None},
            Subscriber.phone_key: {report.phone_key for report in reports} - {None},
            Subscriber.id: {report.subscriber_id for report in reports} - {None},
        }
        either = [one_of(session, column, values) for column, values in wanted.items() if values]
        if not either:
            return
        # In the order of ids, as everybody locks them; their keys stay, so messages may be added meanwhile.
        found = select(Subscriber.id, Subscriber.email_key, Subscriber.phone_key).where(or_(*either))
        for person, email, phone in session.execute(
            found.order_by(Subscriber.id).with_for_update(key_share=True)
        ):
            self.ids.add(person)
            if email:
                self._by_email[email] = person
            if phone:
                self._by_phone.setdefault(phone, []).append(person)

    def meant(self, report: Report) -> list[int] | None:
        """Whose act it is; nobody's whom we know; or None: the two addresses are different people's."""
        if report.subscriber_id is not None:
            return [report.subscriber_id] if report.subscriber_id in self.ids else []
        owner = self._by_email.get(report.email_key) if report.email_key else None
        owners = self._by_phone.get(report.phone_key, []) if report.phone_key else []
        if owner is None:
            return owners
        return [owner] if not owners or owner in owners else None


class _Book:
    """What is known of these people's acts for these campaigns, and what comes new."""

    def __init__(self, session: Session, zone: ZoneInfo, reports: Sequence[Report], people: set[int]) -> None:
        self.news: list[Act] = []
        self._zone = zone
        self._known: set[tuple[int, int, datetime]] = set()
        if not people:
            return
        campaigns = {report.campaign_id for report in reports}
        acts = select(Action.campaign_id, Action.subscriber_id, Action.at).where(
            Action.campaign_id.in_(campaigns), one_of(session, Action.subscriber_id, people)
        )
        for campaign, person, at in session.execute(acts):
            self._known.add((campaign, person, day_of(at, zone)))

    def enter(self, report: Report, meant: list[int] | None) -> Became:
        """What becomes of a report of these people."""
        if meant is None:
            return Became.CONFLICT
        before = len(self.news)
        for person in meant:
            of_day = (report.campaign_id, person, day_of(report.at, self._zone))
            if of_day not in self._known:
                self._known.add(of_day)
                self.news.append(Act(report.campaign_id, person, report.at, alone=len(meant) == 1))
        if len(self.news) > before:
            return Became.RECORDED
        return Became.KNOWN if meant else Became.UNKNOWN


def _write(session: Session, news: Sequence[Act], how: ActionHow, batch_id: int | None) -> None:
    if not news:
        return
    rows = [
        {
            "campaign_id": act.campaign_id,
            "subscriber_id": act.subscriber_id,
            "at": act.at,
            "how": how,
            "noted_at": db_now(),
            "thanked": False,
            "batch_id": batch_id,
        }
        for act in news
    ]
    session.execute(insert_with_conflicts(session, Action).values(rows).on_conflict_do_nothing())
