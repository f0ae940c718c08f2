"""Who holds a key of the API that a request shows: looked up, counted, and believed or not."""

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dispatcher.house import House
from dispatcher.usecases.api_keys import Holder, Scope, holder_of, note_use
from dispatcher.web.limits import Limits
from dispatcher.web.network import network_of

_WAIT = {"Retry-After": "60"}  # seconds


class Keyholders:
    """The keys of one installation, as `dispatch keys` makes them."""

    def __init__(self, house: House, limits: Limits) -> None:
        self._house = house
        self._limits = limits

    async def require(self, request: Request, shown: str, scope: Scope, limit: str = "api") -> Holder:
        """Let a key pass that may do this, and not too often; whose it is. HTTPException 401, 403 or 429."""
        holder = await run_in_threadpool(self._holder, shown)
        if holder is None:
            whence = {"network": network_of(request, self._house.settings)}
            if not await self._limits.allow("api_refused", whence):
                raise HTTPException(429, "Too many wrong keys.", _WAIT)
            raise HTTPException(401, "Show a key of ours.", {"WWW-Authenticate": "Bearer"})
        if scope not in holder.scopes:
            raise HTTPException(403, f"This key may not do that: it lacks the scope {scope}.")
        if not await self._limits.allow(limit, {"key": str(holder.key_id)}):
            raise HTTPException(429, "Too many requests with this key.", _WAIT)
        return holder

    def _holder(self, shown: str) -> Holder | None:
        today = datetime.now(UTC).date()
        with self._house.db.reading() as session:
            holder = holder_of(session, shown)
        if holder and holder.last_used != today:
            with self._house.db.transaction() as session:
                note_use(session, holder, today)
        return holder
