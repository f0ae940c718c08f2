"""`POST /actions/{number}`: the site where people act tells who has acted for a campaign.

The address has the campaign's number alone: a sensitive one's name stands in no link. Whoever calls proves it
first: by a signature, or by a key of the API that may write acts. For sites that take nothing but an address
the key may be its last part; such a key does nothing else, and can be taken back.
"""

import binascii
from base64 import b64decode
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dispatcher.callbacks.base import RawRequest, Verdict
from dispatcher.callbacks.fields import moment
from dispatcher.callbacks.standard import SIGNATURE, TIMESTAMP, signed
from dispatcher.house import House
from dispatcher.usecases.acting.campaigns import ACTIONS_PATH
from dispatcher.usecases.acting.proofs import proves_for
from dispatcher.usecases.acting.reading import Told, read_acts
from dispatcher.usecases.acting.taking import campaign_here, take_posted
from dispatcher.usecases.api_keys import Scope
from dispatcher.web.keyholders import Keyholders
from dispatcher.web.limits import Limits


class Actions:
    """Believes nobody before the proof, and answers the same of people whom we know and of strangers."""

    def __init__(self, house: House, limits: Limits) -> None:
        self._house = house
        self._keyholders = Keyholders(house, limits)

    def routes(self) -> list[Route]:
        """`POST /actions/{number}`, and with a key behind it."""
        path = f"{ACTIONS_PATH}/{{number:number}}"
        return [Route(one, self.take, methods=["POST"]) for one in (path, f"{path}/{{key}}")]

    async def take(self, request: Request) -> Response:
        """Prove a call, and write down who acted. Repeated it changes nothing."""
        url = f"{self._house.settings.public_url}{ACTIONS_PATH}"
        call = RawRequest("POST", url, dict(request.headers), await request.body(), datetime.now(UTC))
        if call.header(SIGNATURE):
            verdict = signed(call, self._house.settings.actions_keys)
            if verdict is not Verdict.GENUINE:
                return PlainTextResponse(f"{verdict}\n", verdict.status)
        else:
            key = request.path_params.get("key") or _key_in(call)
            await self._keyholders.require(request, key, Scope.ACTIONS, "actions")
        acts = read_acts(call)
        if acts is None:
            return PlainTextResponse("Send JSON or a form.\n", Verdict.MALFORMED.status)
        return await run_in_threadpool(self._take, request.path_params["number"], acts, call)

    def _take(self, campaign_id: int, acts: list[Told], call: RawRequest) -> Response:
        at = None
        with self._house.db.transaction() as session:
            if call.header(SIGNATURE):
                at = moment(call.header(TIMESTAMP))
                if not proves_for(session, self._house.keys, call, campaign_id):
                    return PlainTextResponse("This call was for another campaign.\n", 409)
            if not campaign_here(session, campaign_id):
                return PlainTextResponse("There is no such campaign.\n", 404)
            understood = take_posted(session, self._house, campaign_id, acts, at)
        return JSONResponse({"status": "accepted", "acts": understood})


def _key_in(call: RawRequest) -> str:
    """The bearer token (RFC 6750), or the password of whatever user (RFC 7617)."""
    scheme, _, given = call.header("Authorization").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except (ValueError, binascii.Error):
        return ""
