"""The sign-up form and the page behind its link, as browsers, programs and attackers meet them."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from joining_desk import JoiningDesk
from people import add_person, suppress_person
from sqlalchemy import func, select
from web_site import Answer, Site

from dispatcher.content.catalogue import catalogues
from dispatcher.models import Disclosure, List, Notice, SignUp, SignUpAddress
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.tokens import Kind, Signer
from dispatcher.usecases.joining.links import confirm_url
from dispatcher.web.stamps import MOST, Stamps

LANGUAGES = ("en", "es", "pl", "ar")
MARIA, PHONE = "maria@example.org", "312-555-0147"
BOTH = {"email": MARIA, "phone": PHONE, "agree_email": "yes", "agree_sms": "yes"}
BY_EMAIL = {"email": MARIA, "agree_email": "yes"}
DACA, VOTE, HEALTH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who opens the form, reads it, and sends it."""

    site: Site
    desk: JoiningDesk

    def open(self, path: str, *, ago: float = 60) -> tuple[str, str]:
        """Where the form goes, and its stamp; it was opened so many seconds ago."""
        with time_machine.travel(time.time() - ago, tick=True):
            page = self.site.get(path).text
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        assert action
        return action[1], stamp_in(page)

    def send(self, fields: dict[str, str], path: str = f"/join/{VOTE}", *, after: float = 60) -> Answer:
        """The answer to a form that was open for so many seconds."""
        action, stamp = self.open(path, ago=after)
        return self.post(action, {"stamp": stamp} | fields)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self.site.post(path, urlencode(fields).encode())

    def count(self, model: type) -> int:
        with self.site.house.db.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def link(self, *, age: timedelta = timedelta(0), **wish: str) -> str:
        """The path of the link that somebody gets who signs up."""
        reference = self.desk.sign_up(VOTE, **({"email": MARIA} | wish))
        return confirm_url(self.desk.signer, "", reference, self.site.house.db.now() - age)


def stamp_in(page: str) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def visitor(site_with: Callable[..., Site], redis_url: str) -> Visitor:
    """A visitor of a site with three open lists, one of them sensitive."""
    site = site_with(redis_url=redis_url)
    desk = JoiningDesk(site.house)
    desk.add_list("daca", sensitive=True)
    desk.add_list("vote", name="Voting rights")
    desk.add_list("healthcare", name="Health for <all>")
    return Visitor(site, desk)


def test_people_sign_up_and_confirm_in_their_language(visitor: Visitor) -> None:
    for number, language in enumerate(LANGUAGES, start=1):
        words = catalogues()[language].words
        path = f"/join/{DACA}?lang={language}"
        page = visitor.site.get(path).text
        for word in ("join.zip_hint", "join.sensitive", "join.button", "join.agree_sms"):
            assert words[word] in page
        assert " checked" not in page
        assert f'<option value="{language}" lang="{language}" selected>' in page
        email = f"{language}@example.org"
        chosen = {"email": email, "phone": f"312-555-010{number}", "zip": "60608-1234", "language": language}
        sent = visitor.send(BOTH | chosen, path)
        assert sent.status == 200
        assert words["join.sent_email"] in sent.text
        assert words["join.sent_start_reply"] in sent.text
        assert visitor.desk.click(visitor.desk.linked()) is not None
        event = visitor.desk.ledger()[-1]
        assert (event.language, event.page, event.ip_address) == (language, f"/join/{DACA}", None)
        assert visitor.desk.people()[-1] == (email, None, language, "60608")
        with visitor.site.house.db.reading() as session:
            shown = session.scalar(select(Disclosure.words).where(Disclosure.id == event.disclosure_id))
        told = words["join.disclosure_email"].format(org="Illinois Coalition")
        assert shown == f"{words['join.agree_email']} {told}"
        assert told in page


def test_the_page_for_everybody_names_no_sensitive_list_and_ticks_nothing(visitor: Visitor) -> None:
    twin = visitor.desk.add_list("vote-2", name="Voting rights")
    page = visitor.site.get("/join").text
    assert re.findall(r'name="list" value="(\d+)">', page) == [str(VOTE), str(HEALTH)]
    assert "Health for &lt;all&gt;" in page
    assert "ICIRR alerts</bdi></label>" not in page
    assert " checked" not in page
    assert not {"daca", "healthcare", "vote"} & set(re.findall(r"[a-z]+", page.lower()))
    assert 'name="list"' not in visitor.site.get(f"/join/{VOTE}").text
    assert visitor.send(BY_EMAIL | {"list": str(DACA)}, "/join").status == 422
    # Lists that people know by one name are one choice.
    assert visitor.send(BY_EMAIL | {"list": str(VOTE)}, "/join").status == 200
    visitor.desk.click(visitor.desk.linked())
    assert visitor.desk.on() == {(VOTE, "email", 1), (twin, "email", 1)}
    assert [event.ip_address for event in visitor.desk.ledger()] == ["127.0.0.1"] * 2


def test_a_list_that_is_closed_is_as_one_that_is_not_there(visitor: Visitor) -> None:
    with visitor.site.house.db.transaction() as session:
        for one in session.scalars(select(List)):
            one.open = False
    pages = [
        "/join",
        f"/join/{VOTE}",
        f"/join/{DACA}",
        "/join/99",
        "/join/x",
        f"/join/0{VOTE}",
        "/join/" + "9" * 5000,
    ]
    for answer in [visitor.site.get(path) for path in pages] + [
        visitor.post(path, BY_EMAIL) for path in pages
    ]:
        assert answer.status == 404
        assert "There is nothing to sign up for here" in answer.text


def test_what_is_to_be_mended_is_said_above_and_beside_and_the_rest_stays(visitor: Visitor) -> None:
    answer = visitor.send({"email": MARIA, "phone": "555-0147", "zip": "x", "agree_sms": "yes"}, "/join")
    assert answer.status == 422
    wrong = ["list", "phone", "zip", "agree_email"]
    assert re.findall(r'<li><a href="#([a-z_]+)">', answer.text) == wrong
    for name in wrong:
        field = re.search(rf'<(?:input|fieldset)[^>]* id="{name}"[^>]*>', answer.text)
        assert field
        assert ('aria-invalid="true"' in field[0]) == (name != "list")  # a group can't be said to be wrong
        described = re.search(r'aria-describedby="([^"]+)"', field[0])
        assert described
        assert f"{name}-error" in described[1].split()
        assert all(answer.text.count(f'id="{one}"') == 1 for one in described[1].split())
    assert answer.text.count('aria-invalid="true"') == len(wrong) - 1
    assert "<title>Something needs another look: Sign up" in answer.text
    assert f'value="{MARIA}"' in answer.text
    assert re.findall(r'name="(\w+)"[^>]* checked', answer.text) == ["agree_sms"]
    assert visitor.count(SignUp) == 0


def test_what_is_filled_in_is_shown_again_as_text_alone(visitor: Visitor) -> None:
    hostile = '\u202e"><script>alert(1)</script>\u0007'
    answer = visitor.send({"email": hostile, "phone": hostile, "zip": hostile, "language": hostile})
    assert answer.status == 422
    assert not any(each in answer.text for each in ("<script>", "\u202e", "\u0007"))
    assert visitor.site.post(f"/join/{VOTE}", b"email=a%00b").status == 400
    assert visitor.site.post(f"/join/{VOTE}", b"email=" + b"a" * 10**6).status == 413


def test_a_domain_in_any_script_is_written_to_by_its_ascii_name(visitor: Visitor) -> None:
    assert visitor.send({"email": "maria@ex\u0430mple.org", "agree_email": "yes"}).status == 200
    visitor.desk.click(visitor.desk.linked())
    assert visitor.desk.people()[0][0] == "maria@xn--exmple-4nf.org"


def test_the_answer_is_the_same_whether_an_address_is_known_or_not(visitor: Visitor) -> None:
    house = visitor.site.house
    add_person(house, email="known@example.org", phone="312-555-0101", lists=("vote",))
    gone = add_person(house, email="gone@example.org", phone="312-555-0102", lists=("vote",))
    suppress_person(house, gone, Channel.EMAIL, SuppressionReason.COMPLAINED)
    suppress_person(house, gone, Channel.SMS, SuppressionReason.STOP)
    answers = [
        visitor.send(BOTH | {"email": f"{who}@example.org", "phone": f"312-555-01{number}"})
        for who, number in (("nobody", "03"), ("known", "01"), ("gone", "02"), ("known", "01"))
    ]
    # A program that fills every field in hears the same; nothing is done.
    answers.append(visitor.send(BOTH | {"homepage": "https://spam.example"}, after=0))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers)) for answer in answers}) == 1
    assert visitor.count(SignUp) == 4


def test_a_flooded_address_is_left_in_peace_and_nobody_is_told(visitor: Visitor) -> None:
    answers = [visitor.send(BY_EMAIL) for _ in range(5)]
    assert len({(answer.status, answer.text) for answer in answers}) == 1
    assert (visitor.count(SignUpAddress), visitor.count(Notice)) == (3, 1)


def test_a_network_that_signs_up_a_crowd_must_wait(visitor: Visitor) -> None:
    action, stamp = visitor.open(f"/join/{VOTE}")
    crowd = [BY_EMAIL | {"email": f"person{number}@example.org", "stamp": stamp} for number in range(21)]
    answer = [visitor.post(action, sent) for sent in crowd][-1]
    assert (answer.status, answer.headers["retry-after"]) == (429, "3600")
    assert "Please send it again in an hour" in answer.text
    assert visitor.count(SignUp) == 20


def test_nobody_sees_reaches_or_hears_the_trap(visitor: Visitor) -> None:
    trap = re.search(r'<p class="trap"[^>]*>.*?</p>', visitor.site.get("/join").text)
    assert trap
    assert all(kept in trap[0] for kept in ('aria-hidden="true"', 'autocomplete="off"', 'tabindex="-1"'))


def test_a_form_that_comes_back_at_once_is_shown_once_more(visitor: Visitor) -> None:
    answer = visitor.send(BY_EMAIL, after=0)
    assert answer.status == 422
    assert "Please press the button once more." in answer.text
    assert answer.text.count(" checked") == 1
    assert visitor.count(SignUp) == 0


def test_a_form_that_we_did_not_make_like_this_is_shown_again_without_its_ticks(visitor: Visitor) -> None:
    action, of_other_language = f"/join/{VOTE}?lang=en", visitor.open(f"/join/{VOTE}?lang=es")[1]
    other_words = Stamps(visitor.desk.signer).make(time.time() - 60, ["en", "we sell your address"])
    too_old = visitor.open(action, ago=MOST + 60)[1]
    stamps = ("", "A" * 5000, of_other_language, other_words, too_old)
    answers = [visitor.post(action, BY_EMAIL | {"stamp": stamp}) for stamp in stamps]
    for answer in answers:
        assert answer.status == 422
        assert "its words have changed since" in answer.text
        assert " checked" not in answer.text
        assert f'value="{MARIA}"' in answer.text
    assert visitor.count(SignUp) == 0
    assert visitor.post(action, BY_EMAIL | {"stamp": stamp_in(answers[0].text)}).status == 200


def test_opening_the_link_changes_nothing_and_the_button_can_be_pressed_twice(visitor: Visitor) -> None:
    link = visitor.link(phone=PHONE)
    page = visitor.site.get(link)
    assert page.status == visitor.site.ask("HEAD", link).status == 200
    assert 'lang="es"' in page.text
    assert page.text.count("<button") == 1
    assert visitor.desk.ledger() == []
    first, second = visitor.site.post(link), visitor.site.post(link)
    assert (first.status, first.text) == (second.status, second.text) == (200, first.text)
    assert "Ahora recibe nuestros correos de <bdi>Voting rights</bdi>." in first.text
    assert "responda SI" in first.text
    assert len(visitor.desk.ledger()) == 1


def test_forged_swapped_old_and_foreign_links_get_the_same_page(visitor: Visitor) -> None:
    link, signer = visitor.link(), visitor.desk.signer
    links = [
        link[:-3] + ("AAA" if link[-3:] != "AAA" else "BBB"),
        link[:-10],
        link.replace("/c/", "/c/A"),
        visitor.link(age=timedelta(days=7)),
        visitor.link(email="", phone=PHONE),
        "/c/" + Signer(["z" * 40]).sealed(Kind.CONFIRM, signer.opened(Kind.CONFIRM, link[3:])),
        "/c/" + signer.sealed(Kind.MANAGE, signer.opened(Kind.CONFIRM, link[3:])),
        "/c/" + signer.leave_token(1, [VOTE], Channel.EMAIL),
        "/c/" + "A" * 600,
    ]
    shown, pressed = [visitor.site.get(path) for path in links], [visitor.site.post(path) for path in links]
    assert {answer.status for answer in shown + pressed} == {404}
    assert len({answer.text for answer in shown}) == len({answer.text for answer in pressed}) == 1
    assert catalogues()["en"].words["join.old_title"] in pressed[0].text
    assert visitor.desk.ledger() == []
    assert visitor.site.get(link + "/").status == 404


def test_a_form_from_another_site_is_refused(visitor: Visitor) -> None:
    for path in (f"/join/{VOTE}", visitor.link()):
        assert visitor.site.post(path, b"email=x", Sec_Fetch_Site="cross-site").status == 403
    assert visitor.desk.ledger() == []


def test_without_redis_nothing_is_taken(site_with: Callable[..., Site]) -> None:
    site = site_with(redis_url="redis://127.0.0.1:1")
    visitor = Visitor(site, JoiningDesk(site.house))
    visitor.desk.add_list("daca")
    assert visitor.send(BY_EMAIL, "/join/1").status == 503
    assert visitor.count(SignUp) == 0


def test_our_number_is_named_where_texts_come_from_one(
    site_with: Callable[..., Site], redis_url: str
) -> None:
    site = site_with(redis_url=redis_url, sms_url="twilio://AC1:token@?from=+13125550100")
    visitor = Visitor(site, JoiningDesk(site.house))
    visitor.desk.add_list("vote")
    sent = visitor.send({"phone": PHONE, "agree_sms": "yes"}, "/join/1")
    assert 'Text START to <bdi dir="ltr">+13125550100</bdi> first' in sent.text


def test_privacy_and_terms_are_said_in_every_language(visitor: Visitor) -> None:
    for language in LANGUAGES:
        for name in ("privacy", "terms"):
            answer = visitor.site.get(f"/{name}?lang={language}")
            assert answer.status == 200
            assert f'<html lang="{language}"' in answer.text
            assert 'href="mailto:alerts@example.org"' in answer.text
            assert not re.search(r"[{}]|<built-in|None", answer.text.partition("<main")[2])
        told = visitor.site.get(f"/privacy?lang={language}").text
        assert all(days in told for days in ("90", "30"))
