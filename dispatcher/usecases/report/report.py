"""`report`: everything that is told of one alert, from its tables."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.db import db_now
from dispatcher.errors import UnknownAlert
from dispatcher.models import Alert, Campaign
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.prices import Prices
from dispatcher.rules.text_cost import TextCost
from dispatcher.rules.visits import PICTURE
from dispatcher.usecases.clicks.tally import clicks_of
from dispatcher.usecases.outcomes import outcomes, statuses_of
from dispatcher.usecases.report.answers import Answers, Span, answers_to, span_of
from dispatcher.usecases.report.comparing import Compared, Earlier, compared, earlier_alerts, row_of
from dispatcher.usecases.report.counting import counts_of
from dispatcher.usecases.report.errors import Trouble, troubles
from dispatcher.usecases.report.hiding import without_small
from dispatcher.usecases.report.measures import Row
from dispatcher.usecases.report.rows import Rows
from dispatcher.usecases.report.timeline import Timeline, timeline_of
from dispatcher.usecases.retention.alerts import is_sensitive
from dispatcher.usecases.shown_state import state_of
from dispatcher.usecases.text_spending import spent


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an alert."""

    alert_id: int
    slug: str
    title: str
    name: str
    state: str  # as staff see it (`dispatch status`)
    practice: bool
    sensitive: bool  # small counts of languages and domains aren't told, and the name stays in the house
    made: datetime | date  # of a sensitive one each moment is a whole day
    zone: tzinfo | None  # whose hours and days the timeline has; None: this machine's
    began: datetime | date | None
    next_began: datetime | date | None  # the campaign's next alert: what people did since counts for that
    channels: Mapping[Channel, Row]
    languages: Mapping[Channel, list[Row]]
    domains: list[Row]  # of the emails
    acted: int | None  # people, counted once each
    acted_at_all: int  # also those whom this alert hadn't asked
    troubles: tuple[Trouble, ...]
    texts: Mapping[str, TextCost]  # what they took, by language
    timeline: Timeline
    earlier: tuple[Earlier, ...]
    compared: tuple[Compared, ...]

    @property
    def closed(self) -> bool:
        """Whether its messages are deleted, so that only counts are left."""
        return self.state == AlertState.CLOSED


@dataclass(frozen=True, slots=True)
class _Counted:
    """One alert's rows, and what they were made from."""

    rows: Rows
    answers: Answers
    troubles: tuple[Trouble, ...]


def report(session: Session, prices: Prices, alert_id: int, *, zone: tzinfo | None = None) -> Report:
    """One alert now. `zone` is whose hours its timeline has; None: this machine's. Raises UnknownAlert."""
    found = session.execute(select(Alert, Campaign).join(Campaign).where(Alert.id == alert_id)).one_or_none()
    if found is None:
        raise UnknownAlert(ref=str(alert_id))
    alert, campaign = found
    sensitive, span = is_sensitive(session, alert), span_of(session, alert)
    counted = _counted(session, alert, span, sensitive=sensitive)
    channels = counted.rows.channels()
    when = partial(_told_when, zone=zone, sensitive=sensitive)
    earlier = tuple(_earlier(session, one, zone) for one in earlier_alerts(session, alert))
    languages = {channel: counted.rows.languages(channel) for channel in channels}
    domains = counted.rows.domains()
    if sensitive:
        languages = {channel: without_small(rows) for channel, rows in languages.items()}
        domains = without_small(domains)
    return Report(
        alert_id=alert.id,
        slug=campaign.slug,
        title=campaign.title,
        name=alert.name,
        state=state_of(session, alert, statuses_of(session, alert)).state,
        practice=alert.practice,
        sensitive=sensitive,
        made=when(session.scalars(select(db_now())).one()),
        zone=zone,
        began=when(span.begins) if span else None,
        next_began=when(span.ends) if span and span.ends else None,
        channels=channels,
        languages=languages,
        domains=domains,
        acted=counted.answers.acted,
        acted_at_all=counted.answers.acted_at_all,
        troubles=counted.troubles,
        texts=spent(session, prices, alert.id),
        timeline=_timeline(session, alert, span, zone, sensitive=sensitive),
        earlier=earlier,
        compared=compared(channels, earlier),
    )


def _told_when(moment: datetime, *, zone: tzinfo | None, sensitive: bool) -> datetime | date:
    """A moment; of a sensitive alert the day alone, as somebody in the zone has it."""
    return moment.astimezone(zone).date() if sensitive else moment


def _counted(session: Session, alert: Alert, span: Span | None, *, sensitive: bool) -> _Counted:
    counts, visits = counts_of(session, alert), _visits(session, alert.id)
    clicks_known = _clicks_known(visits, sensitive=sensitive)
    answers = answers_to(session, alert, span, clicks_known) if span else Answers()
    return _Counted(Rows(counts, answers, visits), answers, troubles(counts.mishaps))


def _visits(session: Session, alert_id: int) -> dict[Channel, dict[str, int]]:
    """How often people opened links, by channel and language; not the picture that counts opens."""
    visits: dict[Channel, dict[str, int]] = {}
    for link in clicks_of(session, alert_id).links:
        if link.place != PICTURE:
            by_language = visits.setdefault(link.channel, {})
            by_language[link.language] = by_language.get(link.language, 0) + link.by_people
    return visits


def _timeline(
    session: Session, alert: Alert, span: Span | None, zone: tzinfo | None, *, sensitive: bool
) -> Timeline:
    if span is None:
        return Timeline(by_hour=False, slots=())
    return timeline_of(session, alert, span, zone, sensitive=sensitive)


def _earlier(session: Session, alert: Alert, zone: tzinfo | None) -> Earlier:
    visits, sensitive = _visits(session, alert.id), is_sensitive(session, alert)
    clicks_known = _clicks_known(visits, sensitive=sensitive)
    channels = {
        channel: row_of(channel, found, clicks_known=channel in clicks_known, visits=visits.get(channel))
        for channel, found in outcomes(session, alert).items()
    }
    assert alert.laid_out_at is not None  # that is why it is an earlier one
    closed = alert.state is AlertState.CLOSED
    began = _told_when(alert.laid_out_at, zone=zone, sensitive=sensitive)
    return Earlier(alert.id, alert.name, began, closed, channels)


def _clicks_known(visits: Collection[Channel], *, sensitive: bool) -> frozenset[Channel]:
    """Of which channels it is kept who opened a link: of texts it never is, nor of sensitive lists."""
    return frozenset({Channel.EMAIL} & {*visits}) if not sensitive else frozenset()
