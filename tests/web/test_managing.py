"""The pages behind a fresh link, and the form that sends one: as people and attackers meet them."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from manage_desk import Desk
from people import add_list, add_person
from sqlalchemy import event, select
from web_site import Answer, Site

from dispatcher.content.catalogue import catalogues
from dispatcher.house import House
from dispatcher.models import AddressChange, ConsentEvent, Subscriber, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Kind, Signer
from dispatcher.usecases.managing.links import manage_url
from dispatcher.web.app import create_app
from servers.processes import wait_until

PHONE, NEW = "+13125550100", "+13125550111"
LANGUAGES = ("en", "es", "pl", "ar")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who holds a fresh link."""

    site: Site
    desk: Desk
    daca: int
    maria: int

    def link(self, person: int | None = None, channel: Channel = Channel.EMAIL, *, age: float = 0) -> str:
        """The path of a link that was sent so many seconds ago."""
        made = datetime.now(UTC) - timedelta(seconds=age)
        with self.site.house.db.reading() as session:
            subscriber = session.get_one(Subscriber, person or self.maria)
            return manage_url(self.desk.signer, "", subscriber, channel, made)

    def post(self, path: str, **fields: str) -> Answer:
        return self.site.post(path, urlencode(fields).encode())

    def code(self) -> str:
        """The code that was sent last."""
        return str(json.loads(self.desk.notices()[-1].facts or "{}")["code"])


@pytest.fixture
def visitor(site_with: Callable[..., Site], redis_url: str) -> Visitor:
    """Maria, who is on daca by email and by text and reads Spanish."""
    site = site_with(redis_url=redis_url)
    daca = add_list(site.house, "daca", "ICIRR alerts", sensitive=True)
    maria = add_person(site.house, email="maria@example.org", phone=PHONE, language="es")
    return Visitor(site, Desk(site.house, Signer.load(site.house.settings)), daca, maria)


@contextmanager
def statements(house: House) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(house.db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(house.db.engine, "before_cursor_execute", note)


def ledger(house: House) -> list[tuple[str, str, str]]:
    with house.db.reading() as session:
        acts = session.scalars(select(ConsentEvent).order_by(ConsentEvent.id))
        return [(str(one.channel), str(one.act), one.source) for one in acts]


def test_the_page_shows_what_comes_in_the_readers_language_and_no_whole_address(visitor: Visitor) -> None:
    page = visitor.site.get(visitor.link()).text
    words = catalogues()["es"].words
    assert 'lang="es"' in page
    assert words["manage.title"] in page
    assert page.count(" checked") == 2
    assert '<bdi dir="ltr">m…@example.org</bdi>' in page
    assert '<bdi dir="ltr">+1312…0100</bdi>' in page
    assert "maria" not in page
    assert "daca" not in page


def test_every_page_can_be_read_in_every_language(visitor: Visitor) -> None:
    link = visitor.link()
    asked = {
        link: "manage.title",
        f"{link}/forget": "manage.forget_explain",
        f"{link}/new/sms": "moved.title_sms",
        f"{link}/new/email": "moved.title_email",
        "/lost": "lost.lead",
    }
    for language in LANGUAGES:
        words = catalogues()[language].words
        for path, word in asked.items():
            page = visitor.site.get(f"{path}?lang={language}")
            assert page.status == 200
            assert words[word] in page.text
            assert f"?lang={language}" in page.text


def test_what_is_not_ticked_is_left_at_once(visitor: Visitor) -> None:
    page = visitor.post(visitor.link(), sms=str(visitor.daca), language="ar")
    assert 'lang="ar" dir="rtl"' in page.text
    assert catalogues()["ar"].words["manage.saved"] in page.text
    assert visitor.desk.on() == {(visitor.maria, "sms")}
    assert ledger(visitor.site.house)[-1] == ("email", "left", "preferences page")


def test_nonsense_in_the_form_is_nobodys_choice(visitor: Visitor) -> None:
    fields = {"sms": "٣", "email": "99999999999999999999", "language": "xx"}
    assert visitor.post(visitor.link(), **fields).status == 200
    assert visitor.desk.on() == set()
    with visitor.site.house.db.reading() as session:
        assert session.get_one(Subscriber, visitor.maria).language == "es"


def test_one_button_leaves_everything(visitor: Visitor) -> None:
    page = visitor.post(visitor.link() + "/everything")
    assert catalogues()["es"].words["manage.everything_done"] in page.text
    assert visitor.desk.on() == set()
    assert visitor.desk.suppressed() == {"email": "opted_out", "sms": "stop"}


def test_a_person_is_forgotten_after_one_question_and_the_link_opens_nothing_then(visitor: Visitor) -> None:
    link = visitor.link()
    page = visitor.post(link + "/forget")
    assert catalogues()["es"].words["manage.forgotten"] in page.text
    with visitor.site.house.db.reading() as session:
        assert session.scalars(select(Subscriber)).all() == []
    assert visitor.desk.suppressed() == {"email": "forgotten", "sms": "forgotten"}
    assert visitor.site.get(link).status == 404


def test_a_new_number_is_confirmed_by_the_code_that_was_sent_to_it(visitor: Visitor) -> None:
    link = visitor.link()
    assert visitor.post(link + "/new/sms", address="nothing").status == 422
    asked = visitor.post(link + "/new/sms", address="312 555 0111")
    assert f'action="{link}/code"' in asked.text
    code = visitor.code()
    assert code not in asked.text
    wrong = visitor.post(link + "/code", code=f"{(int(code) + 1) % 10**6:06}")
    assert wrong.status == 422
    done = visitor.post(link + "/code", code=code)
    assert catalogues()["es"].words["moved.done"] in done.text
    assert visitor.desk.suppressed() == {"sms": "moved"}
    assert visitor.site.get(visitor.link(channel=Channel.SMS)).status == 200
    over = visitor.post(link + "/code", code=code)
    assert catalogues()["es"].words["moved.over"] in over.text


def test_codes_run_out_and_it_is_said(visitor: Visitor) -> None:
    link = visitor.link()
    pages = [visitor.post(link + "/new/sms", address=f"312-555-012{nth}") for nth in range(4)]
    assert [page.status for page in pages] == [200, 200, 200, 422]
    assert catalogues()["es"].words["moved.enough"] in pages[3].text


def test_one_stranger_is_not_flooded_with_codes(visitor: Visitor) -> None:
    add_person(visitor.site.house, email="jose@example.org")
    people = [add_person(visitor.site.house, email=f"p{nth}@example.org") for nth in range(6)]
    pages = [visitor.post(visitor.link(one) + "/new/sms", address=NEW) for one in people]
    assert pages[-1].status == 429
    assert pages[-1].headers["retry-after"]
    assert len(visitor.desk.notices()) <= 3


def test_asking_for_a_known_address_looks_like_asking_for_an_unknown_one(visitor: Visitor) -> None:
    add_person(visitor.site.house, email="jose@example.org")
    link = visitor.link()
    known = visitor.post(link + "/new/email", address="jose@example.org")
    unknown = visitor.post(link + "/new/email", address="nobody@example.org")
    assert known.text == unknown.text
    assert known.status == unknown.status


def bad_links(visitor: Visitor) -> list[str]:
    link, signer = visitor.link(), visitor.desk.signer
    payload = signer.opened(Kind.MANAGE, link.removeprefix("/m/"))
    leaving = signer.leave_token(visitor.maria, [visitor.daca], Channel.EMAIL)
    jose = add_person(visitor.site.house, email="jose@example.org")
    theirs = signer.opened(Kind.MANAGE, visitor.link(jose).removeprefix("/m/"))
    swapped = signer.sealed(Kind.MANAGE, payload[:-8] + theirs[-8:])  # not even we could sign such a one
    return [
        visitor.link(age=25 * 3600),
        link[:-2] + ("AA" if not link.endswith("AA") else "BB"),
        link[:-6],
        f"/m/{leaving}",
        f"/m/{signer.sealed(Kind.CONFIRM, payload)}",
        f"/m/{Signer(['o' * 40]).sealed(Kind.MANAGE, payload)}",
        f"/m/{swapped}",
        "/m/x",
    ]


def test_a_link_that_is_not_right_shows_and_changes_nothing(visitor: Visitor) -> None:
    links = bad_links(visitor)
    before = ledger(visitor.site.house)
    answers = [visitor.site.get(link + rest) for link in links for rest in ("", "/forget", "/new/sms")]
    for link in links:
        answers += [
            visitor.post(link + rest, code="000000", address=NEW)
            for rest in ("", "/everything", "/forget", "/code")
        ]
    assert {answer.status for answer in answers} == {404}
    assert all("<form" not in answer.text.partition("<main")[2] for answer in answers)
    assert ledger(visitor.site.house) == before
    assert visitor.desk.suppressed() == {}


def test_a_scanner_that_opens_every_page_changes_nothing(visitor: Visitor) -> None:
    before = ledger(visitor.site.house)
    leaving = visitor.site.link(visitor.maria, [visitor.daca], Channel.EMAIL)
    pages = [visitor.link() + rest for rest in ("", "/forget", "/new/sms", "/everything", "/code")]
    pages += [leaving, leaving + "/everything", leaving + "/choose", "/lost"]
    for path in pages:
        for method in ("GET", "HEAD", "OPTIONS"):
            assert visitor.site.ask(method, path).status in {200, 405}
    assert ledger(visitor.site.house) == before
    assert visitor.desk.notices() == []
    with visitor.site.house.db.reading() as session:
        assert not session.scalars(select(AddressChange)).all()
        assert not session.scalars(select(Suppression)).all()


def test_a_form_of_another_site_is_refused(visitor: Visitor) -> None:
    answer = visitor.site.post(visitor.link() + "/everything", Sec_Fetch_Site="cross-site")
    assert answer.status == 403
    assert visitor.desk.suppressed() == {}


def test_a_channel_that_there_is_not_has_no_page(visitor: Visitor) -> None:
    assert visitor.site.get(visitor.link() + "/new/fax").status == 404
    assert visitor.post(visitor.link() + "/new/fax", address=NEW).status == 404


def test_a_family_phones_link_shows_its_texts_alone(visitor: Visitor) -> None:
    add_person(visitor.site.house, email="jose@example.org", phone=PHONE)
    link = visitor.link(channel=Channel.SMS)
    page = visitor.site.get(link).text
    assert catalogues()["es"].words["manage.family"] in page
    assert "example.org" not in page.partition("<main")[2].partition("</main")[0]
    assert visitor.post(link + "/forget").status == 404
    assert catalogues()["es"].words["sms.button"] in page
    assert catalogues()["es"].words["manage.everything"] not in page
    left = visitor.post(link + "/everything")
    assert catalogues()["es"].words["sms.done"].format(lists="ICIRR alerts") in left.text
    assert visitor.desk.suppressed() == {"sms": "stop"}
    assert {channel for _, channel in visitor.desk.on()} == {"email"}
    with visitor.site.house.db.reading() as session:
        assert len(session.scalars(select(Subscriber)).all()) == 2


def test_a_link_is_sent_to_an_address_that_we_know(visitor: Visitor) -> None:
    assert visitor.post("/lost", address=" Maria@Example.org ").status == 200
    wait_until(lambda: bool(visitor.desk.notices()))
    (notice,) = visitor.desk.notices()
    assert (notice.kind, notice.language, notice.address) == ("manage", "es", "maria@example.org")
    link = json.loads(notice.facts or "{}")["link"]
    assert visitor.site.get(re.sub(r"^https?://[^/]+", "", link)).status == 200


def before_the_answer(house: House, path: str, **fields: str) -> tuple[str, list[str]]:
    """The answer to a form, and what was asked of the database until it was given."""
    asked: list[str] = []
    answer = b""

    async def visit() -> None:
        nonlocal answer
        waiting = iter([{"type": "http.request", "body": urlencode(fields).encode(), "more_body": False}])

        async def receive() -> dict[str, Any]:
            return next(waiting, {"type": "http.disconnect"})

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal answer
            if message["type"] == "http.response.body":
                answer += message["body"]
                asked[:] = seen

        kind = (b"content-type", b"application/x-www-form-urlencoded")
        scope = {"type": "http", "method": "POST", "path": path, "headers": [kind], "query_string": b""}
        await create_app(house)(scope | {"client": ("127.0.0.1", 1)}, receive, send)

    with statements(house) as seen:
        asyncio.run(visit())
    return answer.decode(), asked


def test_nobody_learns_from_the_form_whom_we_know(visitor: Visitor) -> None:
    """Neither from the words, nor from the time: until the answer the same is asked of the database."""
    addresses = ("maria@example.org", "nobody@example.org", PHONE, NEW)
    answers = [before_the_answer(visitor.site.house, "/lost", address=address) for address in addresses]
    assert len({answer for answer, _ in answers}) == 1
    assert len({tuple(asked) for _, asked in answers}) == 1
    assert not any("subscribers" in one for one in answers[0][1])
    assert {notice.address for notice in visitor.desk.notices()} == {"maria@example.org", PHONE}


def test_what_is_no_address_is_shown_again_to_be_mended(visitor: Visitor) -> None:
    answer = visitor.post("/lost", address='"><script>alert(1)</script>')
    assert answer.status == 422
    assert "<script" not in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_links_are_not_asked_for_without_end(visitor: Visitor) -> None:
    answers = [visitor.post("/lost", address="maria@example.org") for _ in range(4)]
    assert [answer.status for answer in answers][:2] == [200, 200]
    assert answers[-1].status == 429
    assert answers[-1].headers["retry-after"]


def test_without_redis_no_link_is_sent(site_with: Callable[..., Site]) -> None:
    site = site_with(redis_url="redis://127.0.0.1:1")
    answer = site.post("/lost", b"address=maria%40example.org")
    assert answer.status == 503


def test_a_person_sees_all_that_is_held_of_them_and_of_nobody_else(visitor: Visitor) -> None:
    page = visitor.site.get(visitor.link() + "/copy")
    assert page.status == 200
    assert "maria@example.org" in page.text
    assert 'href="/pages.css"' in page.text
    assert "daca" not in page.text
    add_person(visitor.site.house, email="jose@example.org", phone=PHONE)
    assert visitor.site.get(visitor.link(channel=Channel.SMS) + "/copy").status == 404
