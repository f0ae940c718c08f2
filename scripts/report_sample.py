"""A house with four alerts of one campaign, which went to people who never were: for pictures of its report.

    python scripts/report_sample.py FOLDER [--sensitive]

The same numbers each time. Writes FOLDER/report.html beside the database.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from contextlib import chdir
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from dispatcher.content.edition import Frozen, freeze
from dispatcher.content.load import load_campaign
from dispatcher.house import House, open_house
from dispatcher.keyring import load_keyring
from dispatcher.models import (
    Action,
    Alert,
    Campaign,
    ConsentEvent,
    DeliveryLogEntry,
    Edition,
    LinkCount,
    List,
    Message,
    ShortLink,
    Subscriber,
    Visit,
)
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.consent import ConsentAct
from dispatcher.rules.moves import Status
from dispatcher.rules.visits import Visitor
from dispatcher.settings import load_settings
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.leave import ONE_CLICK
from dispatcher.usecases.migrate import upgrade
from dispatcher.usecases.organisation import PRACTICE
from dispatcher.usecases.report.page import as_page
from dispatcher.usecases.report.report import Report, report

ZONE = timezone(timedelta(hours=-6))
_BEGAN = (
    datetime(2026, 2, 9, 15, tzinfo=UTC),
    datetime(2026, 4, 13, 15, tzinfo=UTC),
    datetime(2026, 7, 7, 15, tzinfo=UTC),
    datetime(2026, 10, 19, 15, tzinfo=UTC),
)
_NAMES = ("", "spring", "summer", "the vote")
_LANGUAGES = ("en",) * 60 + ("es",) * 30 + ("pl",) * 8 + ("ar",) * 2
_DOMAINS = (
    *("gmail.com",) * 48,
    *("yahoo.com",) * 16,
    *("hotmail.com",) * 9,
    *("icloud.com",) * 7,
    *("outlook.com",) * 6,
    *("aol.com",) * 4,
    *("comcast.net",) * 3,
    *("wp.pl",) * 2,
    *("uic.example", "cps.example", "att.example", "parish.example", "union.example"),
)
_EMAILS: Sequence[tuple[float, Status, str | None]] = (
    (0.0055, Status.BOUNCED, "smtp 550 5.1.1"),
    (0.0015, Status.BOUNCED, "5.1.10"),
    (0.0020, Status.FAILED, "tried for 48 hours (smtp 452 4.2.2)"),
    (0.0020, Status.FAILED, "smtp 550 5.7.1"),
    (0.0004, Status.COMPLAINED, None),
    (0.0006, Status.UNCERTAIN, "timeout"),
    (0.0015, Status.SKIPPED, "left the list"),
    (0.0100, Status.SENT, "smtp 250 2.0.0"),
    (1.0000, Status.DELIVERED, "smtp 250 2.0.0"),
)
_TEXTS: Sequence[tuple[float, Status, str | None]] = (
    (0.0120, Status.BOUNCED, "twilio 30006"),
    (0.0060, Status.BOUNCED, "twilio 21610"),
    (0.0150, Status.FAILED, "30003"),
    (0.0050, Status.FAILED, "30007"),
    (0.0400, Status.SENT, "twilio 201"),
    (1.0000, Status.DELIVERED, "twilio 201"),
)


@dataclass(frozen=True, slots=True)
class _Liveliness:
    """How readily people do things after an alert: shares of whom it reached."""

    clicked: float
    acted: float
    left: float


_PEOPLE = (
    _Liveliness(0.020, 0.008, 0.0010),
    _Liveliness(0.018, 0.007, 0.0012),
    _Liveliness(0.021, 0.008, 0.0008),
    _Liveliness(0.034, 0.016, 0.0010),
)


def sample_house(folder: Path, people: int = 4000, *, sensitive: bool = False) -> tuple[House, int]:
    """A new house in `folder` and the number of the newest of its four alerts. The caller closes it."""
    given: dict[str, Any] = {
        "database_url": f"sqlite:///{folder / 'report.db'}",
        "data_key": "a data key for pictures of 32 characters or more",
        "secret_key": "a secret key for pictures of 32 characters or more",
        "sms_prices": "US=0.0079,*=0.04",
    }
    settings = load_settings(**given)
    upgrade(settings, load_keyring(settings, create=True)).close()
    house = open_house(**given)
    chance = random.Random(20261019)  # noqa: S311 - pictures
    frozen = replace(freeze(load_campaign("healthcare"), PRACTICE), sensitive=sensitive)
    with house.db.transaction() as session:
        session.add(List(id=1, slug="healthcare", public_name="ICIRR alerts", sensitive=sensitive))
        session.add(Campaign(id=1, slug="healthcare", title=frozen.title, level=frozen.level))
        session.flush()
        crowd = _crowd(session, house, people, chance)
        for nth, began in enumerate(_BEGAN):
            part = crowd[: round(people * (0.85 + 0.05 * nth))]
            _Occasion(session, frozen, nth + 1, began, chance).write(part, _PEOPLE[nth])
    return house, len(_BEGAN)


def _crowd(session: Session, house: House, people: int, chance: random.Random) -> list[dict[str, Any]]:
    rows = []
    for nth in range(1, people + 1):
        phone = f"+1312{2_000_000 + nth}" if chance.random() < 0.2 else None
        rows.append(
            {
                "id": nth,
                "email_key": house.keys.address_key(f"person{nth}"),
                "email_domain": chance.choice(_DOMAINS),
                "phone": phone,
                "phone_key": phone and house.keys.address_key(phone),
                "language": chance.choice(_LANGUAGES),
            }
        )
    session.execute(insert(Subscriber), rows)
    return rows


class _Occasion:
    """One alert, as it would stand in the tables some days later."""

    def __init__(
        self, session: Session, frozen: Frozen, number: int, began: datetime, chance: random.Random
    ) -> None:
        self._session = session
        self._frozen = frozen
        self._number = number
        self._began = began
        self._chance = chance

    def write(self, people: Sequence[dict[str, Any]], lively: _Liveliness) -> None:
        """Its rows, with what these people did."""
        links = self._alert()
        messages = [*self._messages(people)]
        self._session.execute(insert(Message), messages)
        self._session.execute(insert(DeliveryLogEntry), [*self._log(messages)])
        reached = [one for one in messages if one["status"] in {Status.SENT, Status.DELIVERED}]
        self._visits(reached, links, lively.clicked)
        acted = {one["subscriber_id"] for one in reached if self._chance.random() < lively.acted}
        rows = [
            {"campaign_id": 1, "subscriber_id": who, "at": self._later(20), "how": ActionHow.REPORTED}
            for who in sorted(acted)
        ]
        self._session.execute(insert(Action), rows)
        self._leavings([one for one in reached if self._chance.random() < lively.left])

    def _alert(self) -> dict[tuple[Channel, str], int]:
        choice = Choice((Channel.EMAIL, Channel.SMS), ("healthcare",))
        served = self._began + timedelta(hours=2)
        self._session.add(
            Alert(
                id=self._number,
                campaign_id=1,
                name=_NAMES[self._number - 1],
                state=AlertState.RUNNING,
                audience=choice.to_json(),
                laid_out_at=self._began,
                email_served_at=served,
                sms_served_at=served,
            )
        )
        self._session.flush()
        edition = Edition(alert_id=self._number, number=1, sha256="", content=self._frozen.to_json())
        self._session.add(edition)
        self._session.flush()
        links = [
            ShortLink(edition_id=edition.id, language=language, channel=channel, url="https://p2a.co/mothGm7")
            for channel in Channel
            for language in dict.fromkeys(_LANGUAGES)
        ]
        self._session.add_all(links)
        self._session.flush()
        return {(one.channel, one.language): one.id for one in links}

    def _messages(self, people: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        number = self._number * 10_000_000
        for person in people:
            for channel, key, fates in (
                (Channel.EMAIL, "email_key", _EMAILS),
                (Channel.SMS, "phone_key", _TEXTS),
            ):
                if person[key] is not None:
                    number += 1
                    status, error = self._fate(fates)
                    yield {
                        "id": number,
                        "alert_id": self._number,
                        "channel": channel,
                        "address_key": person[key],
                        "subscriber_id": person["id"],
                        "edition_number": 1,
                        "language": person["language"],
                        "status": status,
                        "error": error,
                        "segments": self._chance.choice((1, 2, 2)) if channel is Channel.SMS else None,
                    }

    def _fate(self, fates: Sequence[tuple[float, Status, str | None]]) -> tuple[Status, str | None]:
        drawn = self._chance.random()
        for share, status, error in fates:
            drawn -= share
            if drawn < 0:
                return status, error
        raise AssertionError("the last share is all that is left")

    def _log(self, messages: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for one in messages:
            sent = self._began + timedelta(minutes=self._chance.triangular(0, 130, 30))
            line = {"message_id": one["id"], "alert_id": self._number, "channel": one["channel"]}
            if one["status"] in {Status.SENT, Status.DELIVERED}:
                yield {**line, "at": sent, "status": Status.SENT}
            if one["status"] is Status.DELIVERED:
                arrived = sent + timedelta(minutes=self._chance.expovariate(1 / 20))
                yield {**line, "at": arrived, "status": Status.DELIVERED}

    def _later(self, hours: float) -> datetime:
        return self._began + timedelta(hours=self._chance.triangular(0.2, hours, 2))

    def _visits(
        self, reached: Sequence[dict[str, Any]], links: dict[tuple[Channel, str], int], share: float
    ) -> None:
        counts: dict[int, int] = dict.fromkeys(links.values(), 0)
        visits = []
        for one in reached:
            if self._chance.random() < share * (1 if one["channel"] is Channel.EMAIL else 2):
                link = links[one["channel"], one["language"]]
                counts[link] += self._chance.choice((1, 1, 1, 2))
                if one["channel"] is Channel.EMAIL and not self._frozen.sensitive:
                    visitor = {"message_id": one["id"], "link_id": link, "visitor": Visitor.PERSON}
                    visits.append({**visitor, "at": self._later(30)})
        if visits:
            self._session.execute(insert(Visit), visits)
        day = self._began.date()
        rows = [
            {"link_id": link, "day": day, "visitor": Visitor.PERSON, "count": number}
            for link, number in counts.items()
        ]
        self._session.execute(insert(LinkCount), rows)

    def _leavings(self, gone: Sequence[dict[str, Any]]) -> None:
        self._session.add_all(
            ConsentEvent(
                subscriber_id=one["subscriber_id"],
                list_id=1,
                channel=one["channel"],
                address_key=one["address_key"],
                act=ConsentAct.LEFT,
                source=ONE_CLICK,
                at=self._later(40),
            )
            for one in gone
        )


def sample_report(folder: Path, *, sensitive: bool = False) -> Report:
    """The report of the newest of four alerts."""
    house, alert_id = sample_house(folder, sensitive=sensitive)
    try:
        with house.db.reading() as session:
            return report(session, house.settings.prices, alert_id, zone=ZONE)
    finally:
        house.db.close()


def main() -> None:
    """Read the arguments, make the house and write the page."""
    parser = argparse.ArgumentParser(description="A report of people who never were.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sensitive", action="store_true")
    chosen = parser.parse_args()
    folder: Path = chosen.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with chdir(folder):
        made = sample_report(folder, sensitive=chosen.sensitive)
    (folder / "report.html").write_text(as_page(made, named=not made.sensitive), encoding="utf-8")
    print(f"{folder / 'report.html'}: alert {made.alert_id}")


if __name__ == "__main__":
    main()
