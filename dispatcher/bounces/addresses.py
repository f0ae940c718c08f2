"""Addresses in other people's text."""

import re
from collections.abc import Iterable

# Controls and marks of direction: what shows an address would obey them.
UNSHOWN = r"\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_AROUND = rf"\s<>()\[\],;:\"'|`*{UNSHOWN}"
# Begins only where a word does, so that hostile text costs linear time.
ADDRESS = rf"(?<![^{_AROUND}=])[^{_AROUND}@=][^{_AROUND}@]{{0,127}}@[A-Za-z0-9][A-Za-z0-9.-]{{0,252}}"
_ADDRESS = re.compile(ADDRESS)
_MOST = 200


def addresses_in(text: str) -> list[str]:
    """Every email address in a text, each once, in its order."""
    found: dict[str, None] = {}
    for match in _ADDRESS.finditer(text):
        found[match[0].rstrip(".-")] = None
        if len(found) >= _MOST:
            break
    return list(found)


def unlike(addresses: Iterable[str], own: frozenset[str]) -> list[str]:
    """Those that aren't in `own` (lower case), each mailbox once."""
    return list({address.lower(): address for address in addresses if address.lower() not in own}.values())
