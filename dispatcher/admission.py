"""Whether somebody who asks may come in now. The limiter gives messages slots to wait for; a person at a page
isn't kept waiting: they are let in, or told to come back.

GCRA (the meter of ATM Forum TM 4.0, with its burst), in one Lua script on Redis's own clock: several counters
at once, all of them or none. Whom Redis doesn't know has done nothing yet; a flush forgives, where the
limiter's lanes fear it: no provider's limit hangs on these.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dispatcher.errors import LimiterUnavailable
from dispatcher.redis_client import connect
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import ServiceUrl

_PREFIX = "dispatch:asked:"
_MICRO = 1_000_000

# KEYS: the counters, each the time at which it would be empty. ARGV: for each its interval and what it may be
# ahead of now, whole microseconds. 1: admitted, and counted everywhere; 0: refused, and counted nowhere.
_ADMIT = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local empty = {}
for number, key in ipairs(KEYS) do
  empty[number] = math.max(tonumber(redis.call('GET', key) or 0), now)
  if empty[number] - now > tonumber(ARGV[2 * number]) then return 0 end
end
for number, key in ipairs(KEYS) do
  local filled = empty[number] + ARGV[2 * number - 1]
  redis.call('SET', key, string.format('%.0f', filled), 'PX', math.ceil((filled - now) / 1000))
end
return 1
"""


@dataclass(frozen=True, slots=True)
class Counter:
    """One thing that is counted: `burst` at once, and again as `rate` brings them back. `name` is no
    address.
    """

    name: str
    burst: int
    rate: Rate


class Admission:
    """Counts who asks. Connects by itself, and again after it was cut off; for several threads at once."""

    def __init__(self, url: ServiceUrl) -> None:
        self._url = url
        self._redis = connect(url)
        self._admit = self._redis.register_script(_ADMIT)

    def admit(self, counters: Sequence[Counter]) -> bool:
        """Count one in each counter, if none of them is full; else in none. Raises LimiterUnavailable."""
        from redis import RedisError

        limits: list[int] = []
        for counter in counters:
            interval = math.ceil(counter.rate.seconds * _MICRO / counter.rate.count)
            limits += [interval, interval * (counter.burst - 1)]
        keys = [f"{_PREFIX}{counter.name}" for counter in counters]
        try:
            return bool(self._admit(keys, limits))
        except RedisError as error:
            raise LimiterUnavailable(where=self._url, reason=str(error).rstrip(".")) from error

    def close(self) -> None:
        """Close the connections; it may be used again afterwards."""
        self._redis.close()
