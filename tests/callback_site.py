"""The site's address for providers, called in this process: no server, and whatever time it is to be."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import time_machine
from callback_calls import NOW, caller
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.types import Message

from dispatcher.callbacks.base import RawRequest, Receiver
from dispatcher.callbacks.registry import RECEIVERS
from dispatcher.house import House
from dispatcher.models import ProviderEvent
from dispatcher.web.callbacks import Callbacks


@dataclass(frozen=True)
class Said:
    """What a provider is answered."""

    status: int
    headers: Mapping[str, str]
    text: str


class Switchboard:
    """Takes calls for a house: of all providers as tests/callback_calls.py has them, or of those given."""

    def __init__(self, house: House, receivers: Mapping[str, Receiver] | None = None) -> None:
        self.house = house
        everybody = receivers or {name: caller(name).receiver for name in RECEIVERS}
        self.app = Starlette(routes=list(Callbacks(house, everybody).routes()))

    def call(self, name: str, call: RawRequest, at: datetime = NOW) -> Said:
        """One call, at a time of day."""
        return self.calls(name, [call], at)[0]

    def calls(self, name: str, calls: list[RawRequest], at: datetime = NOW) -> list[Said]:
        """Several at once."""
        return answers_at_once([self] * len(calls), name, calls, at)

    def stored(self) -> list[tuple[str, str, str]]:
        """Provider, kind and our reference of each event that is kept, in the order of their keys."""
        columns = (ProviderEvent.provider, ProviderEvent.kind, ProviderEvent.reference)
        with self.house.db.reading() as session:
            found = session.execute(
                select(*columns).order_by(ProviderEvent.provider, ProviderEvent.event_key)
            )
            return [(provider, str(kind), reference) for provider, kind, reference in found]

    def number(self) -> int:
        """How many events are kept."""
        with self.house.db.reading() as session:
            return session.scalar(select(func.count()).select_from(ProviderEvent)) or 0

    async def answer(self, name: str, call: RawRequest) -> Said:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": call.body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": "POST",
            "path": f"/callbacks/{name}",
            "query_string": urlsplit(call.url).query.encode(),
            "headers": [
                (k.lower().encode(), v.encode("latin-1", "replace")) for k, v in call.headers.items()
            ],
        }
        await self.app(scope, receive, send)
        headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
        return Said(sent[0]["status"], headers, b"".join(m.get("body", b"") for m in sent[1:]).decode())


def answers_at_once(
    boards: Sequence[Switchboard], name: str, calls: Sequence[RawRequest], at: datetime = NOW
) -> list[Said]:
    """A call to each of several sites, as processes of one house are."""

    async def all_of_them() -> list[Said]:
        return await asyncio.gather(
            *(board.answer(name, call) for board, call in zip(boards, calls, strict=True))
        )

    with time_machine.travel(at, tick=False):
        return asyncio.run(all_of_them())
