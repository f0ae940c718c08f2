"""Where a request comes from: the address behind our own proxies, and the network that it belongs to."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN = "unknown"
_MOST_HOPS = 20  # of X-Forwarded-For that are looked at
_PREFIXES = {4: 24, 6: 48}  # what one subscriber of a provider may have for themselves, and its neighbours


def parse_networks(text: str) -> tuple[Network, ...]:
    """`10.0.0.5, 172.16.0.0/12, fd00::/8` as networks; ValueError says what would be right."""
    try:
        return tuple(ip_network(part) for part in (part.strip() for part in text.split(",")) if part)
    except ValueError:
        raise ValueError("must be addresses or networks: 10.0.0.5, 172.16.0.0/12, fd00::/8") from None


def client_behind(peer: str, forwarded: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """Whose request it is: the first address, from the nearest hop on, that isn't one of our proxies.

    `peer` is who is connected to us; `forwarded` are the entries of X-Forwarded-For in their order, each
    written by the hop to its right. What stands left of a hop that we don't trust may be invented, and isn't
    read. None when not even the peer has an address (a unix socket).
    """
    found = _address(peer)
    for entry in list(reversed(forwarded))[:_MOST_HOPS]:
        if found is None or not any(found in network for network in trusted):
            break
        nearer = _address(entry)
        if nearer is None:
            break
        found = nearer
    return found


def network_around(address: Address | None) -> str:
    """The network that limits count: a /24 of IPv4, a /48 of IPv6."""
    if address is None:
        return UNKNOWN
    return str(ip_network(f"{address}/{_PREFIXES[address.version]}", strict=False))


def _address(text: str) -> Address | None:
    """An address as proxies write it: alone, with a port, in brackets; None when it is none."""
    host = text.strip()[:64]
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
