"""The pages that answer a form, also a wrong one: how somebody gets to each in a browser."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from playwright.sync_api import Page
from sqlalchemy import select, text, update

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.house import House
from dispatcher.models import Notice, SignUp, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.tokens import LEAVE_PATH
from dispatcher.usecases.joining.begin import Wish, begin
from dispatcher.usecases.joining.links import confirm_url
from dispatcher.usecases.managing.links import manage_url
from dispatcher.usecases.suppress import suppress
from dispatcher.web.join_form import TRAP
from practice_site import PracticeSite

_FILL_TRAP = f"() => {{ document.getElementById('{TRAP}').value = 'x' }}"  # answered alike, and at once
_READING = 3100  # milliseconds: sooner, the form is shown once more
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_MOST = 50  # more than any limit of a network


@dataclass(slots=True)
class Visit:
    """Somebody in front of a browser, in a language; each state has a person of its own."""

    site: PracticeSite
    page: Page
    language: str
    people: Iterator[int]

    @property
    def house(self) -> House:
        return self.site.house

    def open(self, path: str) -> None:
        self.page.goto(f"{self.site.url}{path}?lang={self.language}")

    def send(self, form: str = "form") -> None:
        """Fill nothing more in, and press the form's button."""
        self.page.locator(f"main {form}").first.locator("button").click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def join(self, **fields: str) -> None:
        """The form of a list, filled in and agreed to."""
        self.open("/join/1")
        self.fill(**fields)
        for box in ("agree_email", "agree_sms"):
            self.page.locator(f"#{box}").check()

    def leave_path(self, channel: Channel) -> str:
        return LEAVE_PATH + self.site.signer.leave_token(next(self.people), [1], channel)

    def manage_path(self, person: int = 0, channel: Channel = Channel.EMAIL) -> str:
        with self.house.db.reading() as session:
            one = session.get_one(Subscriber, person or next(self.people))
            return manage_url(self.site.signer, "", one, channel, datetime.now(UTC))

    def code(self) -> str:
        """The code that was sent last."""
        with self.house.db.reading() as session:
            sent = select(Notice.facts).where(Notice.kind == "moved").order_by(Notice.id.desc())
            return str(json.loads(session.scalars(sent).first() or "{}")["code"])

    def new_address(self, channel: Channel, address: str) -> None:
        self.open(f"{self.manage_path()}/new/{channel}")
        self.fill(address=address)
        self.send()

    def new_number(self, code: str = "") -> None:
        """Ask for a code, and send one back if it is given; `right` is the right one."""
        self.new_address(Channel.SMS, f"312555{next(self.people) % 100 + 100:04}")
        if code:
            self.fill(code=self.code() if code == "right" else code)
            self.send()

    def exhaust(self, limit: str) -> None:
        """As if a crowd had asked from here."""

        async def ask() -> None:
            for _ in range(_MOST):
                await self.site.limits.allow(limit, {"network": "127.0.0.0/24"})

        with ThreadPoolExecutor(1) as thread:  # in this one Playwright's own loop runs
            thread.submit(asyncio.run, ask()).result()


def _join_wrong(visit: Visit) -> None:
    visit.open("/join")
    visit.fill(email="nobody", phone="555", zip="here")
    visit.send()


def _join_sent(visit: Visit) -> None:
    visit.join(email="nobody@example.org", phone="312 555 0100")
    visit.page.evaluate(_FILL_TRAP)
    visit.send()


def _join_again(visit: Visit) -> None:
    visit.join(email="nobody@example.org", phone="312 555 0100")
    visit.send()


def _join_busy(visit: Visit) -> None:
    visit.exhaust("join")
    visit.join(email="nobody@example.org", phone="312 555 0100")
    visit.page.wait_for_timeout(_READING)
    visit.send()


def _confirmed(visit: Visit) -> None:
    house, signer = visit.house, visit.site.signer
    shown = dict.fromkeys(Channel, "Practice.")
    email, phone = parse_email(f"new{next(visit.people)}@example.org"), parse_phone("312 555 0199")
    wish = Wish((1,), visit.language, visit.language, "/join", shown, email, phone)
    with house.db.transaction() as session:
        begin(session, house.keys, signer, "", wish, datetime.now(UTC))
        reference = session.scalars(select(SignUp.reference).order_by(SignUp.id.desc())).first() or b""
    visit.open(confirm_url(signer, "", reference, datetime.now(UTC)))
    visit.send()


def _left(visit: Visit, form: str = "form", channel: Channel = Channel.EMAIL) -> None:
    visit.open(visit.leave_path(channel))
    visit.send(form)


def _lost_wrong(visit: Visit) -> None:
    visit.open("/lost")
    visit.fill(address="nobody")
    visit.send()


def _lost_busy(visit: Visit) -> None:
    visit.exhaust("lost")
    visit.open("/lost")
    visit.fill(address="nobody@example.org")
    visit.send()


def _managed(visit: Visit, form: str = "form", way: str = "") -> None:
    visit.open(visit.manage_path() + way)
    visit.send(form)


def _stopped(visit: Visit) -> None:
    person, house = next(visit.people), visit.house
    with house.db.transaction() as session:
        key = session.get_one(Subscriber, person).phone_key or b""
        suppress(session, Channel.SMS, key, SuppressionReason.STOP, "practice")
    visit.open(visit.manage_path(person))


def _family(visit: Visit) -> None:
    first, second = next(visit.people), next(visit.people)
    with visit.house.db.transaction() as session:
        shared = session.get_one(Subscriber, first)
        values = {"phone": shared.phone, "phone_key": shared.phone_key}
        session.execute(update(Subscriber).where(Subscriber.id == second).values(values))
    visit.open(visit.manage_path(first, Channel.SMS))


def _no_more_codes(visit: Visit) -> None:
    visit.new_number()
    for _ in range(5):
        visit.fill(code="0")
        visit.send()


def _enough(visit: Visit) -> None:
    path = f"{visit.manage_path()}/new/sms"
    for number in range(4):
        visit.open(path)
        visit.fill(address=f"312555{next(visit.people) % 90 + 100 + number:04}")
        visit.send()


def _taken(visit: Visit) -> None:
    with visit.house.db.reading() as session:
        other = session.get_one(Subscriber, next(visit.people)).email
    visit.new_address(Channel.EMAIL, other or "")
    visit.fill(code=visit.code())
    visit.send()


def _compared(visit: Visit, words: str = "") -> None:
    visit.open("/texts")
    ours = visit.page.locator(".bubble").last.inner_text()
    visit.fill(words=words.format(ours=ours))
    visit.send()


def _trouble(visit: Visit) -> None:
    with _without_lists(visit.house):
        visit.open("/join")


@contextmanager
def _without_lists(house: House) -> Iterator[None]:
    for before, after in (("lists", "lists_away"), ("lists_away", "lists")):
        with house.db.transaction() as session:
            session.execute(text(f"ALTER TABLE {before} RENAME TO {after}"))
        if after == "lists_away":
            yield


# Name -> how to get there.
STATES: dict[str, Callable[[Visit], None]] = {
    "join-wrong": _join_wrong,
    "join-again": _join_again,
    "join-sent": _join_sent,
    "join-busy": _join_busy,
    "join-closed": lambda visit: visit.open("/join/999"),
    "join-old": lambda visit: visit.open("/c/old"),
    "confirmed": _confirmed,
    "leave-texts": lambda visit: visit.open(visit.leave_path(Channel.SMS)),
    "left": _left,
    "left-texts": lambda visit: _left(visit, channel=Channel.SMS),
    "everything-left": lambda visit: _left(visit, 'form[action*="everything"]'),
    "lost-sent": lambda visit: _left(visit, 'form[action*="choose"]'),
    "lost-wrong": _lost_wrong,
    "lost-busy": _lost_busy,
    "manage-saved": _managed,
    "manage-stopped": _stopped,
    "manage-family": _family,
    "forgotten": lambda visit: _managed(visit, way="/forget"),
    "copy": lambda visit: visit.open(f"{visit.manage_path()}/copy"),
    "new-email": lambda visit: visit.open(f"{visit.manage_path()}/new/email"),
    "new-number-wrong": lambda visit: visit.new_address(Channel.SMS, "555"),
    "new-number-enough": _enough,
    "code": lambda visit: visit.new_number(),
    "code-wrong": lambda visit: visit.new_number("0"),
    "moved": lambda visit: visit.new_number("right"),
    "moved-over": _no_more_codes,
    "moved-taken": _taken,
    "texts-ours": lambda visit: _compared(visit, "{ours}"),
    "texts-other-link": lambda visit: _compared(visit, "{ours} https://evil.example/go"),
    "texts-not-ours": lambda visit: _compared(
        visit, "Your visa is ready: pay 500 dollars by gift card today."
    ),
    "texts-too-short": lambda visit: _compared(visit, "hello"),
    "trouble": _trouble,
}


def everybody(house: House) -> Iterator[int]:
    """The practice people who have an email address and a phone, one after another."""
    with house.db.reading() as session:
        both = (Subscriber.email_key.is_not(None), Subscriber.phone_key.is_not(None))
        return iter(session.scalars(select(Subscriber.id).where(*both).order_by(Subscriber.id.desc())).all())
