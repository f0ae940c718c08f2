"""One person's way from the form to the last message, on a phone with JavaScript off, in three languages."""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from campaigns import frozen_campaign, opening, send, write_campaign
from hand_over import hand_over
from people import add_list, add_person
from playwright.sync_api import Browser, Page, ViewportSize
from postbox import Arrived, Postbox, hand_over_notices
from sqlalchemy import select
from web_site import ORG, Site, serving

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.content.catalogue import catalogues
from dispatcher.content.locales import own_name
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Disclosure, List, Subscriber, Subscription, Suppression
from dispatcher.rules.consent import SuppressionReason
from dispatcher.rules.masking import masked
from dispatcher.usecases.notices.waiting import anything_due
from dispatcher.usecases.record_inbound import Answer, record_inbound
from servers.processes import wait_until

PHONE: ViewportSize = {"width": 375, "height": 667}
MARIA, OLD, NEW = "maria@example.org", "+13125550147", "+13125550188"
JOSE, ROSA = "jose@example.org", "rosa@example.org"
VOTE, HEALTH = "Voting rights", "Health for all"
YES = {"en": "Yes!", "es": "Sí", "ar": "نعم"}
THEN = {"en": "es", "es": "ar", "ar": "en"}  # the language that the person changes to
READING = 60.0  # seconds that the form was open


@dataclass(slots=True)
class Walk:
    """Maria, her phone's browser, her inbox and her texts; and what a worker and staff do meanwhile."""

    site: Site
    page: Page
    post: Postbox
    language: str
    first: dict[str, Arrived] = field(default_factory=dict)  # what each address got of the first alert

    def word(self, key: str, **gaps: str) -> str:
        """What stands on the pages in the language that she has chosen."""
        gaps = {"org": ORG["org_name"], "programme": ORG["from_name"]} | gaps
        return catalogues()[self.language].words[key].format(**gaps)

    def open(self, path: str) -> None:
        answer = self.page.goto(f"http://127.0.0.1:{self.site.port}{path}")
        assert answer
        assert answer.status == 200
        self.look()

    def press(self, name: str, role: str = "button") -> None:
        """A button, or a link, by its words."""
        self.page.get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]
        self.look()

    def look(self) -> None:
        """Every page is in her language, fits the phone, and has one heading."""
        html = self.page.locator("html")
        assert html.get_attribute("lang") == self.language
        assert html.get_attribute("dir") == ("rtl" if self.language == "ar" else "ltr")
        assert self.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
        assert self.page.get_by_role("heading", level=1).count() == 1

    def reads(self, key: str, **gaps: str) -> None:
        """The page has these words."""
        assert self.word(key, **gaps) in self.page.locator("main").inner_text()

    def notices(self) -> list[Arrived]:
        """What a worker sends of what the site has queued."""
        wait_until(lambda: anything_due(self.site.house))
        hand_over_notices(self.site.house)
        return self.post.new()

    def texted(self, body: str, number: str = OLD) -> Answer | None:
        house = self.site.house
        with house.db.transaction() as session:
            return record_inbound(session, house.keys, InboundText(number, body)).reply

    def alert(self, name: str | None = None) -> None:
        """Staff send: everybody has a message now, and none has gone."""
        send(self.site.house, opening(frozen_campaign(), again=name))

    def on_of(self, *addresses: str) -> set[tuple[str, str]]:
        """The lists that reach any of these addresses, and by which channel."""
        held = select(List.slug, Subscription.channel).join(Subscription, Subscription.list_id == List.id)
        of_them = Subscription.address_key.in_([self.key(address) for address in addresses])
        with self.site.house.db.reading() as session:
            rows = session.execute(held.where(of_them, Subscription.left_at.is_(None)))
            return {(slug, str(channel)) for slug, channel in rows}

    def key(self, address: str) -> bytes:
        return self.site.house.keys.address_key(address)


@pytest.fixture(params=["en", "es", "ar"])
def walk(
    request: pytest.FixtureRequest,
    browser: Browser,
    open_house_with: Callable[..., House],
    redis_url: str,
    tmp_path: Path,
) -> Iterator[Walk]:
    """A site with two lists that can be joined, two people on one of them, and a campaign."""
    house = open_house_with(**ORG, redis_url=redis_url)
    for slug, name in (("vote", VOTE), ("health", HEALTH)):
        add_list(house, slug, name, is_open=True)
    for address in (JOSE, ROSA):
        add_person(house, email=address, language=request.param, lists=("vote",))
    write_campaign(tmp_path, languages=("en", "es", "ar"), lists=("vote",))
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, is_mobile=True)
    with serving(house) as site:
        yield Walk(site, context.new_page(), Postbox(tmp_path / "var" / "outbox"), request.param)
        assert context.cookies() == []
        context.close()


def test_a_person_joins_chooses_moves_and_leaves(walk: Walk) -> None:
    began_in = walk.language
    sign_up(walk)
    confirm(walk)
    get_an_alert(walk)
    walk.alert("second")  # queued for everybody before anybody leaves
    manage = ask_for_a_fresh_link(walk)
    change_what_comes(walk, manage)
    move_the_number(walk)
    leave_by_one_click(walk)
    walk.language = began_in
    leave_by_the_footer(walk)
    hand_over(walk.site.house)
    assert [one.to for one in walk.post.new()] == [ROSA]
    what_the_database_says(walk, began_in)


def sign_up(walk: Walk) -> None:
    """From the front page, in her language; one box is forgotten at first."""
    page = walk.page
    page.goto(f"http://127.0.0.1:{walk.site.port}/")
    with time_machine.travel(time.time() - READING, tick=True):
        walk.press(own_name(walk.language), "link")
        walk.press(walk.word("site.join"), "link")
    assert page.locator("input:checked").count() == 0
    assert page.get_by_label(walk.word("join.language"), exact=True).input_value() == walk.language
    for name in (VOTE, HEALTH):
        page.get_by_label(name, exact=True).check()
    for field_name, value in (("email", MARIA), ("phone", "(312) 555-0147"), ("zip", "60608")):
        page.get_by_label(walk.word(f"join.{field_name}"), exact=True).fill(value)
    page.get_by_label(walk.word("join.agree_email"), exact=True).check()
    walk.press(walk.word("join.button"))
    walk.press(walk.word("join.error_agree_sms"), "link")
    page.get_by_label(walk.word("join.agree_sms"), exact=True).check()
    walk.press(walk.word("join.button"))
    walk.reads("join.sent_email")
    walk.reads("join.sent_sms")
    assert walk.on_of(MARIA, OLD) == set()


def confirm(walk: Walk) -> None:
    """By the link in the email, and by a YES from the phone."""
    mail, text = walk.notices()
    assert (mail.to, text.to) == (MARIA, OLD)
    assert walk.word("notice.confirm_sms", org=ORG["from_name"]) in text.words
    walk.open(mail.path("/c/"))
    assert walk.on_of(MARIA, OLD) == set()
    walk.press(walk.word("confirm.button"))
    walk.reads("confirm.text_waits")
    assert walk.texted(YES[walk.language]) is Answer.JOINED
    assert walk.on_of(MARIA) == {("vote", "email"), ("health", "email")}
    assert walk.on_of(OLD) == {("vote", "sms"), ("health", "sms")}


def get_an_alert(walk: Walk) -> None:
    walk.alert()
    hand_over(walk.site.house)
    walk.first = {one.to: one for one in walk.post.new()}
    assert set(walk.first) == {MARIA, OLD, JOSE, ROSA}
    assert walk.first[MARIA].words.startswith(f"[{walk.language}] Hello")
    assert walk.first[OLD].words.startswith(f"[{walk.language}] ICIRR")


def ask_for_a_fresh_link(walk: Walk) -> str:
    """What a message's link may not show, one may that is sent to the address now."""
    walk.open(walk.first[MARIA].path("/l/"))
    walk.press(walk.word("manage.from_leaving"))
    walk.reads("lost.sent")
    (mail,) = walk.notices()
    assert mail.to == MARIA
    return mail.path("/m/")


def change_what_comes(walk: Walk, manage: str) -> None:
    """Another language, and one list less by email."""
    walk.open(manage)
    group = walk.page.get_by_role("group", name=walk.word("manage.email", address=masked(MARIA)))
    assert group.locator("input:checked").count() == 2
    group.get_by_label(HEALTH, exact=True).uncheck()
    walk.page.get_by_label(walk.word("manage.language"), exact=True).select_option(THEN[walk.language])
    save, walk.language = walk.word("manage.save"), THEN[walk.language]
    walk.press(save)
    walk.reads("manage.saved")
    assert walk.on_of(MARIA) == {("vote", "email")}
    assert walk.on_of(OLD) == {("vote", "sms"), ("health", "sms")}


def move_the_number(walk: Walk) -> None:
    """The code goes to the new number; it is mistyped at first."""
    walk.press(walk.word("manage.move_sms"), "link")
    walk.page.get_by_label(walk.word("moved.title_sms"), exact=True).fill("312-555-0188")
    walk.press(walk.word("moved.button"))
    (text,) = walk.notices()
    assert text.to == NEW
    (code,) = re.findall(r"\b\d{6}\b", text.words)
    for tried, told in ((f"{(int(code) + 1) % 10**6:06}", "moved.code_wrong"), (code, "moved.done")):
        walk.page.get_by_label(walk.word("moved.code"), exact=True).fill(tried)
        walk.press(walk.word("moved.code_button"))
        walk.reads(told)
    assert walk.on_of(OLD) == set()
    assert walk.on_of(NEW) == {("vote", "sms"), ("health", "sms")}


def leave_by_one_click(walk: Walk) -> None:
    """As a mail provider does it, without a browser (RFC 8058, section 3.1)."""
    head = walk.first[MARIA].head
    assert head is not None
    assert head["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (https,) = re.findall(r"<(http[^>]+)>", head["List-Unsubscribe"])
    assert walk.site.post(urlsplit(https).path, b"List-Unsubscribe=One-Click").status == 200
    assert walk.on_of(MARIA) == set()


def leave_by_the_footer(walk: Walk) -> None:
    """José, who opens it, looks, and presses the button."""
    walk.open(walk.first[JOSE].path("/l/"))
    assert walk.on_of(JOSE) == {("vote", "email")}
    walk.press(walk.word("email.button"))
    walk.reads("email.done", lists=VOTE)
    assert walk.on_of(JOSE) == set()


def what_the_database_says(walk: Walk, began_in: str) -> None:
    """Who agreed to what and took it back, where, and shown which words."""
    maria, old, new, jose = (walk.key(one) for one in (MARIA, OLD, NEW, JOSE))
    with walk.site.house.db.reading() as session:
        ledger = select(ConsentEvent, List.slug).join(List).order_by(ConsentEvent.id)
        acts = [
            (slug, one.address_key, str(one.act), one.source)
            for one, slug in session.execute(ledger)
            if one.source != "a test"
        ]
        asked = session.scalars(select(ConsentEvent).where(ConsentEvent.source == "sign-up")).all()
        words = {one.id: one.words for one in session.scalars(select(Disclosure))}
        stopped = session.execute(select(Suppression.address_key, Suppression.reason)).all()
        person = session.scalars(select(Subscriber).where(Subscriber.email_key == maria)).one()
    both = ("vote", "health")
    assert acts[:4] == [(slug, key, "joined", "sign-up") for key in (maria, old) for slug in both]
    assert acts[4] == ("health", maria, "left", "preferences page")
    assert sorted(acts[5:9]) == sorted(
        [(slug, key, act, "moved") for key, act in ((new, "joined"), (old, "left")) for slug in both]
    )
    assert acts[9:] == [("vote", maria, "left", "one-click"), ("vote", jose, "left", "leave page")]
    walk.language = began_in
    for one in asked:
        shown = (walk.word(f"join.{part}_{one.channel}") for part in ("agree", "disclosure"))
        assert words[one.disclosure_id or 0] == " ".join(shown)
        assert (one.language, one.page, one.ip_address) == (began_in, "/join", "127.0.0.1")
    assert [tuple(row) for row in stopped] == [(old, SuppressionReason.MOVED)]
    assert (person.phone, person.language, person.postal_code) == (NEW, THEN[began_in], "60608")
