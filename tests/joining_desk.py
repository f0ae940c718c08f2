"""Somebody at the sign-up form, at their inbox and at their phone, without a browser."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from people import add_list
from sqlalchemy import event, select

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.house import House
from dispatcher.models import ConsentEvent, Notice, SignUp, Subscriber, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.joining.begin import Wish, begin
from dispatcher.usecases.joining.confirm import SignUpView, confirm_by_link, confirm_by_text
from dispatcher.usecases.joining.links import read_confirm_token

SHOWN = {Channel.EMAIL: "Yes, send me emails. (the words)", Channel.SMS: "Yes, text me. STOP. HELP."}


@dataclass(frozen=True, slots=True)
class JoiningDesk:
    """One house with open lists."""

    house: House

    @property
    def signer(self) -> Signer:
        return Signer.load(self.house.settings)

    def add_list(self, slug: str, *, name: str = "ICIRR alerts", sensitive: bool = False) -> int:
        return add_list(self.house, slug, name, sensitive, is_open=True)

    def sign_up(self, *lists: int, email: str = "", phone: str = "", **wish: Any) -> bytes:
        """Fill the form in; the reference of the sign-up."""
        given = {"language": "es", "read_in": "en", "page": f"/join/{lists[0]}", "shown": SHOWN} | wish
        wanted = Wish(
            list_ids=lists,
            email=parse_email(email) if email else None,
            phone=parse_phone(phone) if phone else None,
            **given,
        )
        with self.house.db.transaction() as session:
            begin(session, self.house.keys, self.signer, "https://a.example", wanted, self.house.db.now())
            newest = select(SignUp.reference).order_by(SignUp.id.desc())
            return session.scalars(newest).first() or b""

    def click(self, reference: bytes) -> SignUpView | None:
        """Press the button behind the link."""
        with self.house.db.transaction() as session:
            return confirm_by_link(session, reference)

    def yes(self, phone: str) -> bool:
        """Reply YES."""
        with self.house.db.transaction() as session:
            return confirm_by_text(session, self.key(phone))

    def linked(self) -> bytes:
        """The reference in the link of the newest email."""
        with self.house.db.reading() as session:
            mail = select(Notice).where(Notice.channel == Channel.EMAIL).order_by(Notice.id.desc())
            notice = session.scalars(mail).first()
            assert notice is not None
            link = json.loads(notice.facts or "{}")["link"]
        return read_confirm_token(self.signer, link.rpartition("/")[2], self.house.db.now())

    def key(self, address: str) -> bytes:
        email = "@" in address
        return self.house.keys.address_key(
            parse_email(address).normalised if email else parse_phone(address).e164
        )

    def people(self) -> list[tuple[str | None, str | None, str, str | None]]:
        """Email, phone, language and ZIP of everybody who is here, in order."""
        with self.house.db.reading() as session:
            people = session.scalars(select(Subscriber).order_by(Subscriber.id)).all()
        return [(one.email, one.phone, one.language, one.postal_code) for one in people]

    def on(self) -> set[tuple[int, str, int]]:
        """Who is on what: list, channel and subscriber."""
        with self.house.db.reading() as session:
            held = session.scalars(select(Subscription).where(Subscription.left_at.is_(None)))
            return {(one.list_id, str(one.channel), one.subscriber_id) for one in held}

    def ledger(self) -> list[ConsentEvent]:
        with self.house.db.reading() as session:
            return list(session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)))

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The SQL of what happens inside, in order."""
        seen: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            seen.append(statement)

        event.listen(self.house.db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.house.db.engine, "before_cursor_execute", note)
