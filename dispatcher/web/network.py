"""Who is asking: from the connection, and from X-Forwarded-For as far as our own proxies have written it."""

from starlette.requests import Request

from dispatcher.rules.networks import Address, client_behind, network_around
from dispatcher.settings import Settings

_HEADER = "x-forwarded-for"


def network_of(request: Request, settings: Settings) -> str:
    """The client's network, for limits: `203.0.113.0/24`, `2001:db8:7::/48`, or `unknown`."""
    return network_around(_client(request, settings))


def ip_address_of(request: Request, settings: Settings) -> str | None:
    """The client's IP address; None where there is none. It is evidence of a consent, and nothing to log."""
    found = _client(request, settings)
    return None if found is None else str(found)


def _client(request: Request, settings: Settings) -> Address | None:
    peer = request.client.host if request.client else ""
    forwarded = ",".join(request.headers.getlist(_HEADER)).split(",") if settings.proxies else []
    return client_behind(peer, forwarded, settings.proxies)
