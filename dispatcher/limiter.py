"""The limiter: how fast messages may leave, over all workers, several lanes at once.

GCRA (the leaky bucket of ATM Forum TM 4.0, as a meter) without any burst, in one Lua script on Redis's own
clock. A lane is one number, its theoretical arrival time: when its next unit may go. A grant gives each
message its own slot up to `horizon` seconds ahead, and the worker waits for it: so the spacing is exact,
and a worker that wakes late loses nothing.

A message in several lanes goes at the latest of their slots, and each lane moves on by what the message
costs it from its *own* slot. A lane that isn't the bottleneck is thus never blocked until the bottleneck's
far slot; the price is that such a lane may see a message up to a horizon after the slot that it gave,
beside those of that moment: in w seconds it never has more than its rate times (w + horizon). A single
lane has its rate exactly.

A lane that Redis doesn't know grants nothing at first and starts about a horizon from now: should it have
been forgotten (FLUSHALL, a restart without persistence), whatever it had granted has gone by then, an
interval before. So the rate holds across that, too.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from dispatcher.errors import LimiterUnavailable
from dispatcher.redis_client import connect
from dispatcher.rules.rates import Rate
from dispatcher.rules.urls import ServiceUrl

_PREFIX = "dispatch:lane:"
_MICRO = 1_000_000
_REMEMBERED = 86_400_000  # milliseconds that an idle lane is kept

# KEYS: each lane's time, then each lane's factor. ARGV: the horizon, how long to remember, the lanes'
# intervals, the messages' costs. Times are whole microseconds, exact in Lua's doubles until the year 2255.
# A lane's reach is the last slot it may ever have granted by now; a lane that isn't known starts beyond that.
_RESERVE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local horizon, lanes = tonumber(ARGV[1]), #KEYS / 2
local free, interval, reach, changed = {}, {}, now + horizon, false
for lane = 1, lanes do
  local factor = redis.call('GET', KEYS[lanes + lane])
  interval[lane] = math.ceil(ARGV[2 + lane] / (factor or 1))
  local its_reach = now + math.max(horizon - interval[lane], math.floor(horizon / 2))
  reach = math.min(reach, its_reach)
  local known = redis.call('GET', KEYS[lane])
  free[lane] = known and math.max(tonumber(known), now) or its_reach + math.min(interval[lane], 1000000)
  changed = changed or not known
end
local answer = {clock[1], clock[2], 0}
for item = 3 + lanes, #ARGV do
  local slot = now
  for lane = 1, lanes do slot = math.max(slot, free[lane]) end
  if slot > reach then
    answer[3] = slot - reach
    break
  end
  for lane = 1, lanes do free[lane] = free[lane] + ARGV[item] * interval[lane] end
  answer[#answer + 1] = slot - now
  changed = true
end
for lane = 1, changed and lanes or 0 do
  local keep = math.ceil((free[lane] - now) / 1000) + ARGV[2]
  redis.call('SET', KEYS[lane], string.format('%.0f', free[lane]), 'PX', string.format('%.0f', keep))
end
return answer
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """One thing that limits speed: a provider, a sender number, a recipient domain."""

    name: str
    rate: Rate

    @property
    def interval(self) -> int:
        """Microseconds between two units, rounded up: never faster than the rate."""
        return math.ceil(self.rate.seconds * _MICRO / self.rate.count)


@dataclass(frozen=True, slots=True)
class Grant:
    """`delays[i]`: in how many seconds message i may go. Fewer than were asked for: the next one can be
    granted in `wait` seconds. `at` is Redis's clock at the grant, Unix seconds.
    """

    delays: list[float]
    wait: float
    at: float


class Limiter:
    """Grants slots. One a process, made after the fork; connects by itself, and again after it was cut
    off.
    """

    def __init__(self, url: ServiceUrl) -> None:
        self._url = url
        self._redis = connect(url)
        self._reserve = self._redis.register_script(_RESERVE)

    def reserve(self, lanes: Sequence[Lane], costs: Sequence[int], horizon: float = 1.0) -> Grant:
        """Take a slot for as many messages, in their order, as can go within `horizon` seconds.

        Each costs its units (segments) in every lane; one that costs more than a second's worth is granted on
        a lane that is free, and leaves debt. Slots aren't given back: one that isn't used is lost. Without
        lanes everything is granted at once. Raises LimiterUnavailable: then nothing may go; try again later.
        """
        if not lanes or not costs:
            return Grant([0.0] * len(costs), 0.0, time.time())
        keys = [f"{_PREFIX}{lane.name}" for lane in lanes]
        factors = [f"{key}:factor" for key in keys]
        ahead = round(horizon * _MICRO)
        answer = self._call(
            self._reserve, [*keys, *factors], [ahead, _REMEMBERED, *(lane.interval for lane in lanes), *costs]
        )
        seconds, micros, wait, *delays = map(int, cast("list[bytes | int]", answer))
        return Grant([delay / _MICRO for delay in delays], wait / _MICRO, seconds + micros / _MICRO)

    def lower(self, lane: str, factor: float, seconds: float) -> None:
        """Run a lane at `factor` (0 to 1) of its rate for the next `seconds`: its provider said slow down.

        Raises LimiterUnavailable.
        """
        self._call(self._redis.set, f"{_PREFIX}{lane}:factor", factor, px=round(seconds * 1000))

    def check(self) -> None:
        """Reach the server. Raises LimiterUnavailable."""
        self._call(self._redis.ping)

    def close(self) -> None:
        """Close the connections; the limiter may be used again afterwards."""
        self._redis.close()

    def _call(self, command: Any, *arguments: Any, **options: Any) -> object:
        from redis import RedisError

        try:
            return cast("object", command(*arguments, **options))
        except RedisError as error:
            raise LimiterUnavailable(where=self._url, reason=str(error).rstrip(".")) from error
