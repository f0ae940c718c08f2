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

A provider that says slow down lowers its lane: half of what it had, for what left meanwhile once, and from
then on it gets its rate back bit by bit, a straight line until `seconds` are over. So a lane keeps finding
the fastest that its provider bears, as TCP does (RFC 5681). A lane without a rate of its own is lowered from
the speed that it had lately, and then unlimited again.
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
_NOTE = ":slow"
_MICRO = 1_000_000
_REMEMBERED = 86_400_000  # milliseconds that an idle lane is kept
_ONE_COMPLAINT = 5_000_000  # microseconds: what is said again so soon is about what had left before
_LOWEST = 1 / 64  # of its rate: a lane never stands still for good
_LONGEST_REST = 300.0  # seconds that a lane rests at its provider's word; then it is asked again
_LOOK_EVERY = 1.0  # seconds between two looks whether a lane without a rate was lowered
_LOOK_AGAIN = 10.0  # seconds, when Redis was away at the last one

# What both scripts begin with. A note says: share of the rate, since when, until when it is whole again, and
# the interval of a lane that has no rate of its own.
_COMMON = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local function read(note)
  local share, since, over, interval = string.match(note, '^(%S+) (%d+) (%d+) (%d+)$')
  share = share + (1 - share) * math.min(1, (now - since) / (over - since))
  return share, tonumber(since), tonumber(interval)
end
"""

# KEYS: each lane's time, then each lane's note. ARGV: the horizon, how long to remember, the lanes'
# intervals, the messages' costs. Times are whole microseconds, exact in Lua's doubles until the year 2255.
# A lane's reach is the last slot it may ever have granted by now; a lane that isn't known starts beyond that.
_RESERVE = f"""{_COMMON}
local horizon, lanes = tonumber(ARGV[1]), #KEYS / 2
local free, interval, reach, changed = {{}}, {{}}, now + horizon, false
for lane = 1, lanes do
  local note, share, since, own = redis.call('GET', KEYS[lanes + lane]), 1, 0, 0
  if note then share, since, own = read(note) end
  interval[lane] = math.ceil(math.max(ARGV[2 + lane], own) / share)
  free[lane] = now
  if interval[lane] > 0 then
    local its_reach = now + math.max(horizon - interval[lane], math.floor(horizon / 2))
    reach = math.min(reach, its_reach)
    local known = redis.call('GET', KEYS[lane])
    free[lane] = known and math.max(tonumber(known), now) or its_reach + math.min(interval[lane], 1000000)
    changed = changed or not known
  end
end
local answer = {{clock[1], clock[2], 0, 0}}
for item = 3 + lanes, #ARGV do
  local slot, behind = now, 0
  for lane = 1, lanes do
    if free[lane] > slot then slot, behind = free[lane], lane end
  end
  if slot > reach then
    answer[3], answer[4] = slot - reach, behind
    break
  end
  for lane = 1, lanes do free[lane] = free[lane] + ARGV[item] * interval[lane] end
  answer[#answer + 1] = slot - now
  changed = true
end
for lane = 1, changed and lanes or 0 do
  if interval[lane] > 0 then
    local keep = math.ceil((free[lane] - now) / 1000) + ARGV[2]
    redis.call('SET', KEYS[lane], string.format('%.0f', free[lane]), 'PX', string.format('%.0f', keep))
  end
end
return answer
"""

# KEYS: the lane's time, its note. ARGV: the factor, microseconds until it is whole again, the interval of a
# lane without a rate, microseconds of rest, how long to remember, what counts as one complaint, the lowest
# share.
_LOWER = f"""{_COMMON}
if tonumber(ARGV[4]) > 0 then
  local free = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now + ARGV[4])
  local keep = math.ceil((free - now) / 1000) + ARGV[5]
  redis.call('SET', KEYS[1], string.format('%.0f', free), 'PX', string.format('%.0f', keep))
end
local note, share, interval = redis.call('GET', KEYS[2]), 1, tonumber(ARGV[3])
if note then
  local since
  share, since, interval = read(note)
  if now - since < tonumber(ARGV[6]) then return 0 end
end
share = math.max(tonumber(ARGV[7]), share * ARGV[1])
note = string.format('%.6f %.0f %.0f %.0f', share, now, now + ARGV[2], interval)
redis.call('SET', KEYS[2], note, 'PX', math.ceil(ARGV[2] / 1000))
return 1
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """One thing that limits speed: a provider, a sender number, a recipient domain."""

    name: str
    rate: Rate | None  # None: it limits nothing, unless its provider has said slow down

    @property
    def interval(self) -> int:
        """Microseconds between two units, rounded up: never faster than the rate. 0: no rate."""
        return _interval(self.rate)


def _interval(rate: Rate | None) -> int:
    return math.ceil(rate.seconds * _MICRO / rate.count) if rate else 0


@dataclass(frozen=True, slots=True)
class Grant:
    """`delays[i]`: in how many seconds message i may go. Fewer than were asked for: the next one can be
    granted in `wait` seconds, and `behind` is the lane that it waits for. `at` is Redis's clock at the grant,
    Unix seconds.
    """

    delays: list[float]
    wait: float
    at: float
    behind: str = ""


class Limiter:
    """Grants slots. One a process, made after the fork; connects by itself, and again after it was cut
    off.
    """

    def __init__(self, url: ServiceUrl) -> None:
        self._url = url
        self._redis = connect(url)
        self._reserve = self._redis.register_script(_RESERVE)
        self._lower = self._redis.register_script(_LOWER)
        self._lowered: dict[str, bool] = {}  # of lanes without a rate, at the last look
        self._look_at: dict[str, float] = {}  # a reading of time.monotonic(): when to look again

    def reserve(self, lanes: Sequence[Lane], costs: Sequence[int], horizon: float = 1.0) -> Grant:
        """Take a slot for as many messages, in their order, as can go within `horizon` seconds.

        Each costs its units (segments) in every lane; one that costs more than a second's worth is granted on
        a lane that is free, and leaves debt. Slots aren't given back: one that isn't used is lost. Without
        lanes, or with such as have no rate and weren't lowered, everything is granted at once, also while
        Redis is away. Raises LimiterUnavailable: then nothing may go; try again later.
        """
        lanes = [lane for lane in lanes if lane.rate or self._is_lowered(lane.name)]
        if not lanes or not costs:
            return Grant([0.0] * len(costs), 0.0, time.time())
        keys = [f"{_PREFIX}{lane.name}" for lane in lanes]
        notes = [f"{key}{_NOTE}" for key in keys]
        ahead = round(horizon * _MICRO)
        answer = self._call(
            self._reserve, [*keys, *notes], [ahead, _REMEMBERED, *(lane.interval for lane in lanes), *costs]
        )
        seconds, micros, wait, behind, *delays = map(int, cast("list[bytes | int]", answer))
        return Grant(
            [delay / _MICRO for delay in delays],
            wait / _MICRO,
            seconds + micros / _MICRO,
            lanes[behind - 1].name if behind else "",
        )

    def lower(
        self, lane: str, factor: float, seconds: float, *, speed: Rate | None = None, rest: float = 0.0
    ) -> bool:
        """Its provider said slow down: run a lane at `factor` (0 to 1) of what it has now, and give it its
        rate back bit by bit over `seconds`. False when it was lowered just before: then this was said of
        what left earlier, and changes nothing.

        `speed`: for a lane without a rate, how fast it was lately. `rest`: for how many seconds nothing at
        all goes (at most five minutes). Raises LimiterUnavailable.
        """
        key = f"{_PREFIX}{lane}"
        pause = round(min(rest, _LONGEST_REST) * _MICRO)
        answer = self._call(
            self._lower,
            [key, f"{key}{_NOTE}"],
            [factor, round(seconds * _MICRO), _interval(speed), pause, _REMEMBERED, _ONE_COMPLAINT, _LOWEST],
        )
        self._look_at.pop(lane, None)
        return answer == 1

    def lowered(self) -> list[str]:
        """The lanes that are lowered now, by name. Walks through all of Redis's keys: for people who ask.

        Raises LimiterUnavailable.
        """
        found = self._call(lambda: list(self._redis.scan_iter(f"{_PREFIX}*{_NOTE}", count=1000)))
        names = (key.decode() for key in cast("list[bytes]", found))
        return sorted(name.removeprefix(_PREFIX).removesuffix(_NOTE) for name in names)

    def check(self) -> None:
        """Reach the server. Raises LimiterUnavailable."""
        self._call(self._redis.ping)

    def close(self) -> None:
        """Close the connections; the limiter may be used again afterwards."""
        self._redis.close()

    def _is_lowered(self, lane: str) -> bool:
        """Whether a lane without a rate was told to slow down: asked of Redis at most once a second, so that
        what nothing limits costs no exchange. While Redis is away, as it was at the last look.
        """
        now = time.monotonic()
        if now >= self._look_at.get(lane, now):
            try:
                self._lowered[lane] = bool(self._call(self._redis.exists, f"{_PREFIX}{lane}{_NOTE}"))
                self._look_at[lane] = now + _LOOK_EVERY
            except LimiterUnavailable:
                self._look_at[lane] = now + _LOOK_AGAIN
        return self._lowered.get(lane, False)

    def _call(self, command: Any, *arguments: Any, **options: Any) -> object:
        from redis import RedisError

        try:
            return cast("object", command(*arguments, **options))
        except RedisError as error:
            raise LimiterUnavailable(where=self._url, reason=str(error).rstrip(".")) from error
