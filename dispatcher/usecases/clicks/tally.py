"""What became of an alert's links, in numbers."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from dispatcher.models import Edition, LinkCount, Message, ShortLink, Visit
from dispatcher.rules.alert import Channel
from dispatcher.rules.visits import OUR_PAGE, PICTURE, Visitor


@dataclass(frozen=True, slots=True)
class LinkTally:
    """How often one link was opened; the versions of an alert's words are counted together."""

    channel: Channel
    language: str
    place: int  # rules.visits
    url: str
    by_people: int
    by_machines: int


@dataclass(frozen=True, slots=True)
class AlertClicks:
    """An alert's links, and how many different people opened one as far as that is kept."""

    links: tuple[LinkTally, ...]
    people: int

    @property
    def by_people(self) -> int:
        """Visits by people; the picture that counts opens is none."""
        return sum(link.by_people for link in self.links if link.place != PICTURE)


def clicks_of(session: Session, alert_id: int) -> AlertClicks:
    """Every link of an alert's messages; none where it was sent without links of our own."""
    of_alert = select(Edition.id).where(Edition.alert_id == alert_id)
    people = (
        select(func.count(func.distinct(Visit.message_id)))
        .join(Message, Message.id == Visit.message_id)
        .join(ShortLink, ShortLink.id == Visit.link_id)
        .where(Message.alert_id == alert_id, Visit.visitor == Visitor.PERSON, ShortLink.place != PICTURE)
    )
    return AlertClicks(_tallied(session, ShortLink.edition_id.in_(of_alert)), session.scalar(people) or 0)


def page_clicks(session: Session) -> tuple[LinkTally, ...]:
    """How often the Calls to Action page led to each action."""
    return _tallied(session, ShortLink.edition_id.is_(None), ShortLink.place == OUR_PAGE)


def _tallied(session: Session, *which: ColumnElement[bool]) -> tuple[LinkTally, ...]:
    links = session.execute(
        select(
            ShortLink.channel,
            ShortLink.language,
            ShortLink.place,
            ShortLink.url,
            _visits_by(Visitor.PERSON),
            _visits_by(Visitor.MACHINE),
        )
        .outerjoin(LinkCount, LinkCount.link_id == ShortLink.id)
        .where(*which)
        .group_by(ShortLink.channel, ShortLink.language, ShortLink.place, ShortLink.url)
        .order_by(ShortLink.channel, ShortLink.language, ShortLink.place)
    )
    return tuple(LinkTally(*link) for link in links)


def _visits_by(visitor: Visitor) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((LinkCount.visitor == visitor, LinkCount.count), else_=0)), 0)
