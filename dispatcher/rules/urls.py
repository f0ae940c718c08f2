"""Service addresses as people paste them: passwords with raw `+`, `/`, `@` and `%`, numbers with a raw `+`.

RFC 3986 would have those percent-encoded; providers' dashboards hand them out raw, and a refusal at 9 pm over
a slash in a password helps nobody.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

# The password is greedy: everything up to the last `@` after which a host, port, path and query still fit.
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?:(?P<user>[^:/?]*)(?::(?P<password>.*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^:/?@]*)(?::(?P<port>\d+))?"
    r"(?P<path>/[^?]*)?(?:\?(?P<query>.*))?",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ServiceUrl:
    """The parts of a service's address, decoded. `str()` never shows the password."""

    scheme: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    path: str = ""
    options: dict[str, str] = field(default_factory=dict, repr=False)  # a password may be among them

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{user}{self._host}{port}{self.path}"

    def encoded(self) -> str:
        """The address as libraries want it: each part percent-encoded, the password in it. Never print it."""
        login = ""
        if self.user or self.password:
            login = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}@"
        port = f":{self.port}" if self.port else ""
        query = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in self.options.items())
        return f"{self.scheme}://{login}{self._host}{port}{quote(self.path)}" + (f"?{query}" if query else "")

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_service_url(text: str) -> ServiceUrl:
    """Split a service's address; ValueError when it has no `scheme://` or its port isn't one."""
    match = _URL.fullmatch(text.strip())
    if not match:
        raise ValueError("isn't an address of the form scheme://user:password@host:port")
    port = int(match["port"]) if match["port"] else None
    if port is not None and not 0 < port < 65536:
        raise ValueError(f"has port {port}; ports are 1 to 65535")
    options = {}
    for pair in filter(None, (match["query"] or "").split("&")):
        name, _, value = pair.partition("=")
        options[unquote(name)] = unquote(value)  # not unquote_plus: `from=+1312...` is a number
    return ServiceUrl(
        scheme=match["scheme"].lower(),
        user=unquote(match["user"] or ""),
        password=unquote(match["password"] or ""),
        host=match["host"].strip("[]"),  # the brackets of an IPv6 address belong to the URL
        port=port,
        path=unquote(match["path"] or ""),
        options=options,
    )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: what is sent there can reach nobody."""
    return host in {"localhost", "::1"} or bool(re.fullmatch(r"127(\.\d{1,3}){3}", host))
