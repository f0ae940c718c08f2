"""What came back of the last alerts, for who is about to send the next one."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from dispatcher.content.check import Finding, Severity
from dispatcher.models import Alert, Campaign
from dispatcher.rules.alert import Channel
from dispatcher.rules.reputation_words import concern_words
from dispatcher.usecases.reputation import concerns, young_alerts


def reputation_findings(session: Session, slug: str, channels: Iterable[Channel]) -> Iterator[Finding]:
    """What is wrong with the last real alert on each of the channels, and with the campaign's own last."""
    for channel in channels:
        for alert in _asked(session, slug, young_alerts(session, channel)):
            for concern in concerns(session, alert, channel):
                words = concern_words(concern, alert.id)
                problem, _, mend = words.rpartition(". ")
                yield Finding(f"alert {alert.id}", None, Severity.WARNING, f"{problem}.", mend)


def _asked(session: Session, slug: str, alerts: list[Alert]) -> list[Alert]:
    """Of these, newest first: the newest, and the campaign's newest."""
    of_campaign = (one for one in alerts if session.get_one(Campaign, one.campaign_id).slug == slug)
    own = next(of_campaign, None)
    return list(dict.fromkeys(one for one in (*alerts[:1], own) if one is not None))
