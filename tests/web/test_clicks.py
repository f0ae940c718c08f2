"""The links of an email that was sent lead on, and are counted; on a sensitive list without the person."""

import email
import email.policy
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns import frozen_campaign, opening, send, write_campaign
from hand_over import hand_over
from people import add_list, add_people
from sqlalchemy import select, update
from web_site import Site

from dispatcher.db import db_now
from dispatcher.models import Message, Visit
from dispatcher.rules.alert import Channel
from dispatcher.rules.visits import Visitor
from dispatcher.usecases.clicks.tally import AlertClicks, clicks_of
from servers.processes import wait_until

SITE = "https://go.example.org"
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/129.0 Mobile Safari/537.36"


def sent_site(site_with: Callable[..., Site], folder: Path, redis_url: str, *, sensitive: bool) -> Site:
    """A site whose one subscriber got the email a while ago."""
    site = site_with(public_url=SITE, redis_url=redis_url)
    add_list(site.house, sensitive=sensitive)
    add_people(site.house, 1, channels=[Channel.EMAIL])
    own = write_campaign(folder, channels=[Channel.EMAIL])
    with (own / "body.html").open("a") as body:
        body.write('<p><a href="https://example.org/why?a=1&amp;b=2">Why</a></p>')
    with (own / "campaign.toml").open("a") as facts:
        facts.write("count_opens = true\n")
    send(site.house, opening(frozen_campaign()))
    hand_over(site.house)
    with site.house.db.transaction() as session:
        session.execute(update(Message).values(changed_at=db_now(-3600)))
    return site


def links_in_the_email(folder: Path) -> tuple[list[str], str]:
    """The paths of our links in the HTML part, and the text part."""
    (file,) = (folder / "var" / "outbox").rglob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    html, text = (message.get_body([kind]) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    return re.findall(rf'"{SITE}(/k/[^"]+)"', html.get_content()), text.get_content()


def tally(site: Site) -> AlertClicks:
    with site.house.db.reading() as session:
        return clicks_of(session, 1)


def test_a_click_leads_on_and_is_counted_with_its_person(
    site_with: Callable[..., Site], tmp_path: Path, redis_url: str
) -> None:
    site = sent_site(site_with, tmp_path, redis_url, sensitive=False)
    (action, why, picture), text = links_in_the_email(tmp_path)
    assert f"call today: {SITE}{action}" in text
    assert site.get(action, user_agent=PHONE).headers["location"] == "https://p2a.co/budget"
    assert site.get(why, user_agent="curl/8.0").headers["location"] == "https://example.org/why?a=1&b=2"
    assert site.ask("HEAD", why, headers={"User-Agent": PHONE}).status == 302
    opened = site.get(picture, user_agent="Mozilla/5.0 (via ggpht.com GoogleImageProxy)")
    assert (opened.status, opened.headers["content-type"]) == (200, "image/gif")
    wait_until(lambda: sum(link.by_machines for link in tally(site).links) == 2)
    assert [(link.by_people, link.by_machines) for link in tally(site).links] == [(1, 0), (1, 0), (0, 2)]
    assert (tally(site).by_people, tally(site).people) == (1, 1)
    with site.house.db.reading() as session:
        kept = session.execute(select(Visit.message_id, Visit.visitor).order_by(Visit.link_id)).all()
    assert [tuple(row) for row in kept] == [(1, Visitor.PERSON), (1, Visitor.MACHINE), (1, Visitor.PERSON)]


@pytest.mark.parametrize("code", ["x", "AQ" * 200, "%0d%0aSet-Cookie:a=b"])
def test_a_code_that_is_forged_leads_on_all_the_same_and_names_nobody(
    site_with: Callable[..., Site], tmp_path: Path, redis_url: str, code: str
) -> None:
    site = sent_site(site_with, tmp_path, redis_url, sensitive=False)
    action = links_in_the_email(tmp_path)[0][0].rpartition("/")[0]
    answer = site.get(f"{action}/{code}", user_agent=PHONE)
    assert answer.headers["location"] == "https://p2a.co/budget"
    assert "set-cookie" not in answer.headers
    wait_until(lambda: tally(site).by_people == 1)
    assert tally(site).people == 0


def test_on_a_sensitive_list_clicks_are_counted_without_the_person_and_opens_not_at_all(
    site_with: Callable[..., Site], tmp_path: Path, redis_url: str
) -> None:
    site = sent_site(site_with, tmp_path, redis_url, sensitive=True)
    links, _ = links_in_the_email(tmp_path)
    assert [len(link) for link in links] == [len("/k/0001aaaa")] * 2  # the action and another one: no code
    site.get(links[0], user_agent=PHONE)
    wait_until(lambda: tally(site).by_people == 1)
    assert tally(site).people == 0
    with site.house.db.reading() as session:
        assert session.scalars(select(Visit)).all() == []
