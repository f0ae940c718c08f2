"""`GET /health`: whether people can leave here. `dispatch send` asks before it sends to anybody."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dispatcher.db import SCHEMA_VERSION, check_schema
from dispatcher.errors import DispatchError
from dispatcher.house import House
from dispatcher.tokens import Signer


class Health:
    """Looks at the database for real. Says nothing of the installation that would help an attacker."""

    def __init__(self, house: House, signer: Signer) -> None:
        self._house = house
        self._signer = signer

    def routes(self) -> list[Route]:
        """`GET /health`."""
        return [Route("/health", self.show, methods=["GET"])]

    async def show(self, _request: Request) -> Response:
        """`ok`, and which keys links may be signed with: ids that give nothing of the keys away."""
        try:
            await run_in_threadpool(check_schema, self._house.db)
        except DispatchError as error:
            return JSONResponse({"ok": False, "database": error.code}, 503)
        return JSONResponse(
            {"ok": True, "database": "ok", "schema": SCHEMA_VERSION, "token_keys": self._signer.key_ids}
        )
