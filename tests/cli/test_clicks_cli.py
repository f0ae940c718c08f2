"""`dispatch clicks`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from campaigns import write_campaign
from cli_desk import CliDesk
from sqlalchemy import select

from dispatcher.models import ShortLink
from dispatcher.rules.visits import OUR_PAGE, PICTURE, Visitor
from dispatcher.usecases.clicks.recording import Opened, record_visits
from dispatcher.usecases.short_links import link_on_our_page

NOON = datetime(2026, 1, 12, 12, 0, tzinfo=UTC)


def visit(desk: CliDesk, place: int, *visitors: Visitor) -> None:
    """Open the link at this place, without its person."""
    with desk.house.db.transaction() as session:
        link_id = session.scalars(select(ShortLink.id).where(ShortLink.place == place)).first()
        assert link_id
        record_visits(session, [Opened(link_id, visitor, NOON) for visitor in visitors])


def test_links_are_told_with_people_and_machines_apart(
    desk: CliDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_campaign(tmp_path)
    with (folder / "campaign.toml").open("a") as facts:
        facts.write("count_opens = true\n")
    monkeypatch.setenv("DISPATCH_PUBLIC_URL", "https://go.example.org")
    desk.run("send", "--campaign", "budget", "--yes")
    visit(desk, 0, Visitor.PERSON, Visitor.PERSON, Visitor.MACHINE)
    visit(desk, PICTURE, Visitor.PERSON)
    told = desk.run("clicks", "budget").stdout
    assert "Opened 2 times by people." in told
    assert "(the email was opened)" in told
    links = json.loads(desk.run("clicks", "1", "--json").stdout)["links"]
    assert [(link["channel"], link["place"], link["by_people"], link["by_machines"]) for link in links] == [
        ("email", PICTURE, 1, 0),
        ("email", 0, 2, 1),
        ("sms", 0, 0, 0),
    ]


def test_without_links_of_ours_it_says_why(desk: CliDesk, tmp_path: Path) -> None:
    write_campaign(tmp_path)
    desk.run("send", "--campaign", "budget", "--yes")
    assert "DISPATCH_PUBLIC_URL is https" in desk.run("clicks").stderr


def test_the_calls_to_action_page_is_counted_by_itself(desk: CliDesk) -> None:
    assert "Nobody has followed" in desk.run("clicks", "--our-page").stderr
    for _ in range(2):
        link_on_our_page(desk.house.db, "es", "https://p2a.co/actua")
    visit(desk, OUR_PAGE, Visitor.PERSON)
    assert "https://p2a.co/actua" in desk.run("clicks", "--our-page").stdout
    (link,) = json.loads(desk.run("clicks", "--our-page", "--json").stdout)["links"]
    assert (link["language"], link["by_people"]) == ("es", 1)
