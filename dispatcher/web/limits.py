"""How often strangers may ask the site for something: `rules/web_limits.py` says it, Redis counts it."""

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool

from dispatcher.addresses import PhoneNumber
from dispatcher.admission import Admission, Counter
from dispatcher.house import House
from dispatcher.redis_client import redis_of
from dispatcher.rules.web_limits import WEB_LIMITS


class Limits:
    """The limits of one site; several processes count together."""

    def __init__(self, house: House) -> None:
        self._keys = house.keys
        self._admission = Admission(redis_of(house.settings))

    async def allow(self, name: str, parts: Mapping[str, str]) -> bool:
        """Whether one more `name` is allowed for all of these parts, such as network, address and domain; it
        is counted for all of them, or for none.

        In Redis stand keyed hashes: nobody reads there who has asked. Raises LimiterUnavailable: without its
        limits the site takes nothing from strangers, and answers 503.
        """
        return await run_in_threadpool(self._allow, name, parts)

    def _allow(self, name: str, parts: Mapping[str, str]) -> bool:
        counters = []
        for part, allowance in WEB_LIMITS[name].items():
            if part in parts:
                whom = self._keys.address_key(f"limit\0{name}\0{part}\0{parts[part]}").hex()
                counters.append(Counter(f"{name}:{part}:{whom}", allowance.burst, allowance.rate))
        return self._admission.admit(counters)

    async def require(self) -> None:
        """Raises LimiterUnavailable when nothing can be counted now."""
        await run_in_threadpool(self._admission.admit, [])

    def close(self) -> None:
        """Close the connections to Redis."""
        self._admission.close()


def number_parts(phone: PhoneNumber) -> dict[str, str]:
    """What a number is counted by: itself, and its block of ten thousand."""
    return {"address": phone.e164, "block": phone.e164[:-4]}
