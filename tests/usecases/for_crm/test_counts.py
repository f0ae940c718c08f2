"""Campaigns, lists and counts, as a CRM reads them."""

from datetime import UTC, datetime
from pathlib import Path

from campaigns import write_campaign
from people import add_list, add_person, suppress_person

from dispatcher.house import House
from dispatcher.models import Action, Alert, Campaign
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import AlertState, Channel
from dispatcher.usecases.for_crm.counts import (
    actions_counted,
    campaigns_page,
    lists_seen,
    suppressions_counted,
)


def campaign(house: House, slug: str, *lists: str, sent: bool = True) -> int:
    with house.db.transaction() as session:
        row = Campaign(slug=slug, title=slug.title(), level="state")
        session.add(row)
        session.flush()
        if sent:
            listed = ", ".join(f'"{one}"' for one in lists)
            audience = f'{{"lists": [{listed}]}}'
            session.add(Alert(campaign_id=row.id, name="", state=AlertState.RUNNING, audience=audience))
        return row.id


def test_campaigns_are_numbers_where_a_list_is_sensitive(house: House, tmp_path: Path) -> None:
    add_list(house, "quiet", "Quiet", sensitive=True)
    add_list(house)
    numbers = [
        campaign(house, "vote", "daca"),
        campaign(house, "secret", "quiet"),
        campaign(house, "unknown", sent=False),  # neither an alert nor files
        campaign(house, "budget", sent=False),  # acted on before it was sent, with files
    ]
    write_campaign(tmp_path)
    with house.db.reading() as session:
        rows, behind = campaigns_page(session, 0, 3, named=False)
        rest, end = campaigns_page(session, behind or 0, 3, named=False)
        shown, _ = campaigns_page(session, 1, 1, named=True)
    told = {row["campaign"]: row["slug"] for row in rows + rest}
    assert told == dict(zip(numbers, ["vote", None, None, "budget"], strict=True))
    assert (behind, end) == (numbers[2], None)
    assert (shown[0]["slug"], shown[0]["title"], shown[0]["sensitive"]) == ("secret", "Secret", True)


def test_lists_are_told_with_their_numbers_and_sensitive_ones_without_a_name(house: House) -> None:
    add_list(house, "vote", "Votes")
    add_list(house, "quiet", "Quiet", sensitive=True)
    add_person(house, email="rosa@example.org", lists=["vote", "quiet"])
    with house.db.reading() as session:
        hidden, shown = lists_seen(session, named=False), lists_seen(session, named=True)
    assert [row["public_name"] for row in hidden] == ["Votes", None]
    assert [row["slug"] for row in shown] == ["vote", "quiet"]
    assert [row["people"]["email"] for row in hidden] == [1, 1]


def test_suppressions_and_acts_are_counted(any_house: House) -> None:
    add_list(any_house)
    people = [add_person(any_house, email=f"p{nth}@example.org") for nth in range(3)]
    for person in people[:2]:
        suppress_person(any_house, person, Channel.EMAIL)
    number = campaign(any_house, "vote", "daca")
    with any_house.db.transaction() as session:
        for nth, person in enumerate([people[0], people[0], people[1]]):
            at = datetime(2026, 1, 1 + nth, tzinfo=UTC)
            how = ActionHow.TOLD if nth else ActionHow.REPORTED
            session.add(Action(campaign_id=number, subscriber_id=person, at=at, how=how))
    with any_house.db.reading() as session:
        assert suppressions_counted(session) == [{"channel": "email", "reason": "stop", "addresses": 2}]
        acts = {"reported": 1, "told": 2}
        assert actions_counted(session) == [{"campaign": number, "people": 2, "acts": acts}]
