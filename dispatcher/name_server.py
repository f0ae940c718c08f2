"""Texts in the DNS, as receivers of our mail find them."""

from typing import TYPE_CHECKING

from dispatcher.errors import NameServerSilent

if TYPE_CHECKING:
    from dns.resolver import Resolver

_WITHIN = 3.0  # seconds for one name, whatever number of servers is asked


class NameServer:
    """Asks this machine's name servers, or the one at `host` and `port`."""

    def __init__(self, host: str | None = None, port: int = 53) -> None:
        self._host = host
        self._port = port

    def texts(self, name: str) -> list[str]:
        """Every TXT record of a name, each with its pieces put together; none when there is no such name.

        Raises NameServerSilent when no server could say.
        """
        import dns.exception
        import dns.name
        import dns.resolver

        try:
            asked = dns.name.from_text(name)
        except dns.exception.DNSException:
            return []  # nothing can be called that
        try:
            answer = self._resolver().resolve(asked, "TXT", search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise NameServerSilent(name=name, reason=type(error).__name__) from None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]

    def _resolver(self) -> "Resolver":
        from dns.resolver import Resolver

        resolver = Resolver(configure=self._host is None)
        if self._host is not None:
            resolver.nameservers, resolver.port = [self._host], self._port
        resolver.lifetime = _WITHIN
        return resolver
