"""Short links: one for each language of an edition's texts, and they lead nowhere else."""

from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from sqlalchemy import select

from dispatcher.errors import BadToken
from dispatcher.house import House
from dispatcher.models import ShortLink
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.short_links import (
    Made,
    as_written,
    destination,
    sample_short_links,
    short_links_of,
    trial_short_links,
)
from dispatcher.usecases.steer import correct

SITE = "https://go.example.org"


@pytest.fixture
def https(open_house_with: OpenHouse, any_database_url: str, tmp_path: Path) -> House:
    """A house that subscribers reach by https, with a campaign in two languages and one person."""
    house = open_house_with(database_url=any_database_url, public_url=SITE)
    add_list(house)
    add_people(house, 1)
    write_campaign(tmp_path, languages=["en", "es"])
    return house


def made(house: House, edition: int = 1) -> tuple[Made, ...]:
    with house.db.reading() as session:
        return short_links_of(session, 1, edition)


def leads_to(house: House, link: str) -> str | None:
    with house.db.reading() as session:
        found = destination(session, Signer.load(house.settings), link.removeprefix(f"{SITE}/k/"))
        return found.url if found else None


def test_an_edition_has_a_link_for_each_language_of_its_texts(https: House) -> None:
    send(https, opening(frozen_campaign()))
    links = made(https)
    assert [(link.language, link.url) for link in links] == [
        ("en", "https://p2a.co/budget"),
        ("es", "https://p2a.co/budget"),
    ]
    written = as_written(links, https.settings, Signer.load(https.settings))
    assert written["en"] != written["es"]
    assert {len(link) for link in written.values()} == {len(f"{SITE}/k/") + 8}
    assert [leads_to(https, link) for link in written.values()] == ["https://p2a.co/budget"] * 2


def test_a_correction_has_links_of_its_own_and_the_old_ones_stay(https: House, tmp_path: Path) -> None:
    send(https, opening(frozen_campaign()))
    facts = tmp_path / "templates/campaigns/budget/campaign.toml"
    facts.write_text(facts.read_text().replace("p2a.co/budget", "p2a.co/corrected"))
    with https.db.transaction() as session:
        correct(session, https.settings, 1, frozen_campaign())
    signer = Signer.load(https.settings)
    old, new = (as_written(made(https, edition), https.settings, signer)["en"] for edition in (1, 2))
    assert leads_to(https, old) == "https://p2a.co/budget"
    assert leads_to(https, new) == "https://p2a.co/corrected"


def test_a_link_whose_number_came_to_another_address_leads_nowhere(https: House) -> None:
    send(https, opening(frozen_campaign()))
    english = as_written(made(https), https.settings, Signer.load(https.settings))["en"]
    with https.db.transaction() as session:
        session.get_one(ShortLink, 1).url = "https://elsewhere.example.org"
    assert leads_to(https, english) is None


@pytest.mark.parametrize("token", ["0001", "0001Ab3", "0001Ab3dd", "000!Ab3d", "0001Ab\u0663d"])
def test_what_can_not_be_a_token_is_refused(https: House, token: str) -> None:
    with pytest.raises(BadToken):
        leads_to(https, token)


@pytest.mark.parametrize("token", ["0001aaaa", "zzzzzzzz", "00000000"])
def test_a_guess_leads_nowhere(https: House, token: str) -> None:
    send(https, opening(frozen_campaign()))
    assert leads_to(https, token) is None


def test_a_sample_is_as_long_as_the_real_one_and_leads_nowhere(https: House) -> None:
    frozen, signer = frozen_campaign(), Signer.load(https.settings)
    samples = sample_short_links(https.settings, signer, frozen)
    send(https, opening(frozen))
    real = as_written(made(https), https.settings, signer)
    assert {language: len(link) for language, link in samples.items()} == {
        language: len(link) for language, link in real.items()
    }
    assert not set(samples.values()) & set(real.values())
    assert [leads_to(https, link) for link in samples.values()] == [None, None]


def test_a_trial_has_links_that_work_and_makes_them_once(https: House) -> None:
    frozen, signer = frozen_campaign(), Signer.load(https.settings)
    first = trial_short_links(https.db, https.settings, signer, frozen)
    assert trial_short_links(https.db, https.settings, signer, frozen) == first
    assert [leads_to(https, link) for link in first.values()] == ["https://p2a.co/budget"] * 2
    with https.db.reading() as session:
        assert set(session.scalars(select(ShortLink.edition_id))) == {None}


def test_a_campaign_without_an_action_link_or_without_texts_has_none(https: House, tmp_path: Path) -> None:
    signer = Signer.load(https.settings)
    folder = write_campaign(tmp_path, channels=[Channel.EMAIL])
    (folder / "sms.txt").unlink()
    assert trial_short_links(https.db, https.settings, signer, frozen_campaign()) == {}
    facts = write_campaign(tmp_path) / "campaign.toml"
    facts.write_text(facts.read_text().replace('action_url = "https://p2a.co/budget"\n', ""))
    assert sample_short_links(https.settings, signer, frozen_campaign()) == {}


@pytest.mark.parametrize("given", [{}, {"public_url": SITE, "short_links": "off"}])
def test_without_https_or_where_they_are_turned_off_there_are_none(
    open_house_with: OpenHouse, tmp_path: Path, given: dict[str, str]
) -> None:
    house = open_house_with(**given)
    add_list(house)
    add_people(house, 1)
    write_campaign(tmp_path)
    frozen = frozen_campaign()
    assert sample_short_links(house.settings, Signer.load(house.settings), frozen) == {}
    send(house, opening(frozen))
    assert made(house) == ()


def test_a_campaign_may_leave_the_links_of_its_emails_as_they_are(https: House, tmp_path: Path) -> None:
    with (tmp_path / "templates" / "campaigns" / "budget" / "campaign.toml").open("a") as facts:
        facts.write("count_clicks = false\n")
    send(https, opening(frozen_campaign()))
    with https.db.reading() as session:
        assert short_links_of(session, 1, 1, Channel.EMAIL) == ()
        assert [one.language for one in short_links_of(session, 1, 1)] == ["en", "es"]
