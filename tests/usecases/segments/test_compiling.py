"""Whom a segment means: asked of real people on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from campaigns import frozen_campaign, opening, real, send, write_campaign
from people import add_list, leave
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatcher.errors import WrongSegment
from dispatcher.models import Message, ShortLink, Subscriber, Visit
from dispatcher.rules.actions import ActionHow, Became
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.visits import PICTURE, Visitor
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.acting.reporting import report_action
from dispatcher.usecases.segments import condition, parse
from dispatcher.usecases.segments.counting import count_people

EVERYBODY = "Ana Ben Cai Dov Eva"
FIELDS = {
    "everyone": EVERYBODY,
    "nobody": "",
    "language = es": "Ana Dov",
    "language = es-MX": "Dov",
    "language != es": "Ben Cai Eva",
    "language in en, zh": "Ben Cai",
    "language in (e*)": "Ana Ben Dov Eva",
    "postal_code = 60608": "Ana",
    "postal_code in 606*": "Ana Ben Dov",
    "postal_code in (60608, 60609)": "Ana Dov",
    "postal_code not in 606*": "Cai Eva",
    "not (postal_code = 60608 or language = en)": "Cai Dov Eva",
    "postal_code in '606%', '606_2'": "",
    "time_zone = America/*": "Ana Ben Dov",
    "time_zone = america/chicago": "",
    "time_zone != America/Chicago": "Cai Dov Eva",
    "has(email)": "Ana Ben Cai Eva",
    "not has(email) and has(phone)": "Dov",
    "joined = 2026-11-01": EVERYBODY,
    "joined != 2026-11-01": "",
    "joined before 2026-11-01": "",
    "joined <= 2026-11-01": EVERYBODY,
    "joined after 2026-11-01": "",
    "joined >= 2026-11-01": EVERYBODY,
    "joined in 2026-10-31, 2026-11-02": "",
    "language = es and postal_code in 606* or language = zh": "Ana Cai Dov",
}
ATTRIBUTES = {
    "union": "Ana Dov",
    "not union": "Ben Cai Eva",
    "union = no": "Ben",
    "union != no": "Ana Cai Dov Eva",
    "city = Chicago": "Ben Dov",
    "city in ('park ridge', chicago)": "Ana Ben Dov",
    'city = "O\'Fallon; DROP TABLE"': "Eva",
    "age < 18": "Ana",
    "age <= 40": "Ana Dov",
    "age > 40": "Ben",
    "age >= 40 and language = es": "Dov",
    "age in 17, 40.0": "Ana Dov",
    "age != 17": "Ben Cai Dov Eva",
    "born before 2000-01-01": "Ben",
    "born = 5/1/2009": "Ana",
}


@pytest.mark.parametrize("meant", [FIELDS, ATTRIBUTES], ids=["fields", "attributes"])
def test_each_field_means_whom_it_says(town: Any, meant: dict[str, str]) -> None:
    assert {text: town.who(text) for text in meant} == meant


def test_who_is_on_a_list_has_agreed_with_the_address_of_today_and_has_not_left(town: Any) -> None:
    add_list(town.house, "rents")
    leave(town.house, town.id_of("Ana"), Channel.SMS)
    leave(town.house, town.id_of("Ben"), Channel.EMAIL)
    with town.house.db.transaction() as session:
        cai = Subscriber.id == town.id_of("Cai")
        session.execute(update(Subscriber).where(cai).values(email_key=b"n" * 16))
    meant = {
        "on(daca)": "Ana Dov Eva",
        "on(daca, sms)": "Dov Eva",
        "on(rents)": "",
        "left(daca)": "Ben",
        "left(daca, sms)": "Ana",
        "left(rents)": "",
        "not on(daca) and not left(daca)": "Cai",
    }
    assert {text: town.who(text) for text in meant} == meant


def click(session: Session, person: int, place: int, visitor: Visitor) -> None:
    """The person opens a link of their message."""
    link = ShortLink(language="en", place=place, url="https://example.org")
    session.add(link)
    session.flush()
    message_id = session.scalars(select(Message.id).where(Message.subscriber_id == person)).all()[-1]
    session.add(Visit(message_id=message_id, link_id=link.id, visitor=visitor, at=datetime.now(UTC)))


def test_what_people_did_and_got_is_asked_by_campaign_and_since_a_day(town: Any, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    write_campaign(tmp_path, "rents")
    first = datetime(2026, 10, 1, tzinfo=UTC)
    with town.house.db.transaction() as session:
        budget = campaign_to_act_on(session, "budget")
        assert campaign_to_act_on(session, "budget") == budget
        later = first + timedelta(days=31)
        for who, at, how in (
            ("ana@example.org", first, ActionHow.TOLD),
            ("312-555-0104", later, ActionHow.REPORTED),
        ):
            became = report_action(session, town.house, budget, who, at=at, how=how, thanks=False)
            assert became is Became.RECORDED
    send(town.house, opening(frozen_campaign()))  # practice: nobody got anything
    wanted = real(frozen_campaign(), channels=[Channel.EMAIL], fallback=True)
    everybody = replace(wanted, choice=replace(wanted.choice, include_acted=True))
    alert = send(town.house, everybody).alert_id
    with town.house.db.transaction() as session:
        reached = Message.subscriber_id.in_([town.id_of("Ana"), town.id_of("Ben")])
        session.execute(update(Message).where(Message.alert_id == alert, reached).values(status=Status.SENT))
        click(session, town.id_of("Ben"), 1, Visitor.PERSON)
        click(session, town.id_of("Ana"), 2, Visitor.MACHINE)
        click(session, town.id_of("Eva"), PICTURE, Visitor.PERSON)
    meant = {
        "acted(budget)": "Ana Dov",
        "acted(budget, since 2026-10-02)": "Dov",
        "clicked(budget)": "Ben",
        "clicked(budget, since 2199-01-01)": "",
        "got(budget)": "Ana Ben",
        "got(budget, since 2199-01-01)": "",
        "got(budget) and not acted(budget)": "Ben",
        "acted(rents) or got(rents)": "",
    }
    assert {text: town.who(text) for text in meant} == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("on(dacca)", "there is no list 'dacca'. Did you mean daca?"),
        ("acted(bugdet)", "there is no campaign 'bugdet'. Did you mean budget?"),
        ("clicked(secret)", "secret is sensitive: its clicks are counted without saying who"),
        ("clicked(budget)", "budget is sensitive"),
        ("clicked(broken)", "broken is sensitive"),
    ],
)
def test_lists_and_campaigns_that_cannot_be_asked_are_refused(
    build_town: Any, tmp_path: Path, text: str, said: str
) -> None:
    town = build_town()
    add_list(town.house, "fears", sensitive=True)
    write_campaign(tmp_path, lists=["fears"])
    (write_campaign(tmp_path, "broken") / "campaign.toml").write_text("?")
    secret = write_campaign(tmp_path, "secret") / "campaign.toml"
    secret.write_text(secret.read_text() + "sensitive = true\n")
    with pytest.raises(WrongSegment, match=said):
        town.who(text)


def test_a_segment_that_was_kept_holds_nobody_of_what_is_gone_since(build_town: Any) -> None:
    """A worker lays out a scheduled alert: nobody is there to read an error."""
    town = build_town()
    with town.house.db.reading() as session:
        count_of = condition(session, parse("on(gone) or left(gone) or acted(gone) or got(gone)"))
        assert session.query(Subscriber).where(count_of).count() == 0


def test_people_are_counted_with_how_many_each_channel_reaches(town: Any) -> None:
    leave(town.house, town.id_of("Ben"), Channel.EMAIL)
    with town.house.db.reading() as session:
        found = count_people(session, "language in es, en")
    assert (found.people, dict(found.reachable)) == (3, {Channel.EMAIL: 1, Channel.SMS: 2})
