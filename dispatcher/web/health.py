"""`GET /health`: whether people can leave here; `dispatch send` asks before it sends to anybody.

`GET /ready`: whether they can join, too.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dispatcher.db import SCHEMA_VERSION, check_schema
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.tokens import Signer
from dispatcher.web.limits import Limits


class Health:
    """Looks at the database for real. Says nothing of the installation that would help an attacker."""

    def __init__(self, house: House, signer: Signer, limits: Limits) -> None:
        self._house = house
        self._signer = signer
        self._limits = limits

    def routes(self) -> list[Route]:
        """`GET /health` and `GET /ready`."""
        return [
            Route("/health", self.show, methods=["GET"]),
            Route("/ready", self.ready, methods=["GET"]),
        ]

    async def show(self, _request: Request) -> Response:
        """`ok`, and which keys links may be signed with: ids that give nothing of the keys away."""
        try:
            await run_in_threadpool(check_schema, self._house.db)
        except DispatchError as error:
            return JSONResponse({"ok": False, "database": error.code}, 503)
        return JSONResponse(
            {"ok": True, "database": "ok", "schema": SCHEMA_VERSION, "token_keys": self._signer.key_ids}
        )

    async def ready(self, _request: Request) -> Response:
        """Each part that a form needs, and its trouble: 503 keeps a proxy from sending anybody here."""
        parts = {"database": "ok", "limits": "ok"}
        try:
            await run_in_threadpool(check_schema, self._house.db)
        except DispatchError as error:
            parts["database"] = error.code
        try:
            await self._limits.require()
        except DispatchError as error:
            parts["limits"] = error.code
        ok = set(parts.values()) == {"ok"}
        return JSONResponse({"ok": ok, **parts}, 200 if ok else 503)
