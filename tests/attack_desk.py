"""What attackers find: a site with people, messages and every kind of token, and how to tell what changed."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from campaigns import frozen_campaign, opening, send, write_campaign
from joining_desk import JoiningDesk
from people import add_person, suppress_person
from sqlalchemy import select, update
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message
from web_site import ORG, Site, serving

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, Subscriber
from dispatcher.models.base import Base
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.tokens import Kind, Signer
from dispatcher.usecases.api_keys import Scope, add_key
from dispatcher.usecases.joining.links import confirm_url
from dispatcher.usecases.managing.links import manage_url
from dispatcher.usecases.short_links import as_written, short_links_of
from dispatcher.web.app import create_app
from houses import copy_of, opened

PUBLIC_URL = "https://go.example.org"
MARIA, PHONE = "maria@example.org", "+13125550101"
_COUNTED = {"visits", "link_counts", "short_links"}  # the one thing that a GET may write
_LAST_CHANGED = {"A": "B"}  # another letter than the last


@dataclass(frozen=True, slots=True)
class Town:
    """A running site, and what somebody may hold who knows it well."""

    site: Site
    app: Any  # with connections of its own, of which `backdoor` tells everything
    backdoor: JoiningDesk
    desk: JoiningDesk
    redis_url: str
    tokens: Mapping[str, str]  # by the first part of the path that takes it
    api_key: str
    folder: Path

    @property
    def signer(self) -> Signer:
        return self.desk.signer

    def routes(self, method: str) -> list[str]:
        """The paths, gaps open, that answer this method; without the API."""
        routes = [route for route in self.app.routes if not isinstance(route, Mount)]
        assert all(isinstance(route, Route) for route in routes)
        return [route.path for route in routes if method in (route.methods or set())]

    def path(self, route: str, token: str | None = None) -> str:
        """A route's path with a token, its own kind's unless it is given, and with what else it wants."""
        own = self.tokens.get(first_part(route), "")
        facts = {"{token}": token or own, "{ref}": token or own, "{code}": self.tokens["code"]}
        facts |= {"{number}": "1", "{number:number}": "1", "{alert:number}": "1", "{language}": "en"}
        facts |= {"{channel:str}": "sms", "{provider}": "postmark", "{key}": "dispatch_1_" + "x" * 43}
        for gap, value in facts.items():
            route = route.replace(gap, value)
        assert "{" not in route
        return route

    def forget_limits(self) -> None:
        """As if nobody had asked for anything yet."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of all tables, but for what is counted."""
        with self.site.house.db.reading() as session:
            return {
                table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
                for table in Base.metadata.sorted_tables
                if table.name not in _COUNTED
            }

    def asked(
        self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded", **headers: str
    ) -> tuple[int, bytes, list[str]]:
        """The answer to a POST, and the SQL that came before its last byte did."""
        named = {"content-type": kind} | {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self._asked(path, body, named))

    async def _asked(
        self, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes, list[str]]:
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "https",
            "path": path,
            "query_string": b"",
            "client": ("203.0.113.9", 1),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }
        status, said, before = 0, b"", 0
        with self.backdoor.statements() as seen:

            async def receive() -> Message:
                return {"type": "http.request", "body": body, "more_body": False}

            async def sent(message: Message) -> None:
                nonlocal status, said, before
                status = message.get("status", status)
                said += message.get("body", b"")
                before = len(seen)

            app: ASGIApp = self.app
            await app(scope, receive, sent)
        return status, said, seen[:before]


def first_part(path: str) -> str:
    """`l` of /l/{token}/everything."""
    return path.split("/")[1]


def wrong_tokens(town: Town, own: str) -> list[str]:
    """Every other kind's token, and tokens of the own kind that are forged, cut off, expired or swapped."""
    others = [token for part, token in town.tokens.items() if part != own and token != town.tokens[own]]
    right = town.tokens[own]
    wrong = [*others, right[:-1] + _LAST_CHANGED.get(right[-1], "A"), right[:-5], f"A{right}", right + right]
    if own in {"l", "c", "m"}:
        kind = {"l": Kind.LEAVE, "c": Kind.CONFIRM, "m": Kind.MANAGE}[own]
        payload = town.signer.opened(kind, right)
        wrong += [Signer(["a key of somebody else's " * 2]).sealed(kind, payload)]
        wrong += [town.signer.sealed(other, payload) for other in Kind if other is not kind]
    aged = {"c": confirm_token(town, age=timedelta(days=8)), "m": manage_token(town, age=timedelta(days=2))}
    wrong += [aged[own]] if own in aged else []
    return [*wrong, "x", "A" * 600, "%D9%A3", "a%0d%0aSet-Cookie:%20a=1", "%3Cscript%3E", "..%5c..%5cetc"]


def confirm_token(town: Town, *, age: timedelta = timedelta(0), email: str = "aged@example.org") -> str:
    """Of a sign-up for the second list."""
    reference = town.desk.sign_up(2, email=email)
    return confirm_url(town.signer, "", reference, town.site.house.db.now() - age).removeprefix("/c/")


def manage_token(town: Town, *, age: timedelta = timedelta(0), person: int = 1) -> str:
    """Maria's, or another's."""
    return _manage(town.site.house, town.signer, person, age)


def _manage(house: House, signer: Signer, person: int = 1, age: timedelta = timedelta(0)) -> str:
    with house.db.reading() as session:
        subscriber = session.get_one(Subscriber, person)
        return manage_url(signer, "", subscriber, Channel.EMAIL, house.db.now() - age).removeprefix("/m/")


@contextmanager
def town_with(migrated: Path, folder: Path, redis_url: str) -> Iterator[Town]:
    """Two lists, the first sensitive; Maria on both, Gone who has left, and an alert that runs."""
    (folder / "var").mkdir()
    given = ORG | {"redis_url": redis_url, "public_url": PUBLIC_URL}
    url = copy_of(migrated, folder)
    with opened(**given, database_url=url) as house, opened(**given, database_url=url) as other:
        desk = JoiningDesk(house)
        desk.add_list("daca", sensitive=True)
        desk.add_list("vote", name="Voting rights")
        lists = ("daca", "vote")
        add_person(house, email=MARIA, phone=PHONE, lists=lists)
        gone = add_person(house, email="gone@example.org", phone="+13125550102", lists=lists)
        suppress_person(house, gone, Channel.EMAIL, SuppressionReason.COMPLAINED)
        suppress_person(house, gone, Channel.SMS, SuppressionReason.STOP)
        write_campaign(folder)
        with (folder / "templates/campaigns/budget/campaign.toml").open("a") as facts:
            facts.write('card = "Keep the budget whole"\n')
        send(house, opening(frozen_campaign()))
        with house.db.transaction() as session:
            session.execute(update(Alert).values(email_served_at=db_now(), laid_out_at=db_now()))
        with house.db.transaction() as session:
            key = add_key(session, "our-website", set(Scope))
        with serving(house) as site:
            backdoor = JoiningDesk(other)
            tokens = _tokens(house, desk)
            yield Town(site, create_app(other), backdoor, desk, redis_url, tokens, key, folder)


def _tokens(house: House, desk: JoiningDesk) -> dict[str, str]:
    signer = desk.signer
    reference = signer.references("budget")[0]
    confirm = confirm_url(signer, "", desk.sign_up(2, email="rosa@example.org"), house.db.now())
    with house.db.reading() as session:
        short = as_written(short_links_of(session, 1, 1), house.settings, signer)["en"]
    return {
        "l": signer.leave_token(1, [1], Channel.EMAIL),
        "c": confirm.removeprefix("/c/"),
        "m": _manage(house, signer),
        "k": short.rpartition("/")[2],
        "code": signer.visitor_code(1).removeprefix("/"),
        "form": signer.sealed(Kind.FORM, b"\x01" * 9),
        **dict.fromkeys(("before", "go", "pictures"), reference),
    }
