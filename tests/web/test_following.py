"""A short link in a text leads to the page of its campaign, and to nowhere else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from people import add_list, add_people
from web_site import Site

from dispatcher.tokens import Signer
from dispatcher.usecases.short_links import as_written, short_links_of, trial_short_links

SITE = "https://go.example.org"


@pytest.fixture
def https(site_with: Callable[..., Site], tmp_path: Path) -> Site:
    """A site behind https, and an alert that runs."""
    site = site_with(public_url=SITE)
    add_list(site.house)
    add_people(site.house, 1)
    write_campaign(tmp_path)
    send(site.house, opening(frozen_campaign()))
    return site


def path_of(site: Site) -> str:
    """The path of the alert's short link."""
    with site.house.db.reading() as session:
        links = short_links_of(session, 1, 1)
    settings = site.house.settings
    return as_written(links, settings, Signer.load(settings))["en"].removeprefix(SITE)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_link_leads_on_and_nothing_is_kept_of_who_opens_it(https: Site, method: str) -> None:
    answer = https.ask(method, path_of(https))
    assert (answer.status, answer.headers["location"]) == (302, "https://p2a.co/budget")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers


def test_the_link_of_a_test_message_works_as_well(https: Site) -> None:
    settings = https.house.settings
    links = trial_short_links(https.house.db, settings, Signer.load(settings), frozen_campaign())
    assert https.get(links["en"].removeprefix(SITE)).headers["location"] == "https://p2a.co/budget"


@pytest.mark.parametrize("token", ["0001aaaa", "x", "0" * 600, "elsewhere.example.org", "%00%0d%0a"])
def test_a_link_that_is_not_ours_gets_the_page_for_broken_ones(https: Site, token: str) -> None:
    answer = https.get(f"/k/{token}", accept_language="es")
    assert answer.status == 404
    assert "Este enlace no funciona" in answer.text
    assert "location" not in answer.headers


def test_a_link_can_not_be_posted_to(https: Site) -> None:
    assert https.post(path_of(https)).status == 405
