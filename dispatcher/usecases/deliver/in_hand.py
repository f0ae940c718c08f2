"""A leased chunk in our hands: what of it is rendered and ready, and when the limits let it go."""

import time
from collections import deque
from collections.abc import Sequence

from dispatcher.channels.base import Sender
from dispatcher.errors import DATABASE_AWAY, LimiterUnavailable
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.lanes import DOMAIN
from dispatcher.usecases.deliver.claim import mark_trying
from dispatcher.usecases.deliver.lanes import lanes_of
from dispatcher.usecases.deliver.lease import Lease
from dispatcher.usecases.deliver.pages import Due, Occasion, read_page
from dispatcher.usecases.deliver.prepare import Aside, Preparer, Ready

_PAGE = 100  # messages decrypted at a time: a worker's memory holds no more people than this
_WITHOUT_LIMITER = 1.0  # seconds until the limiter is asked again when it is away: limits fail closed

Slot = tuple[float, Ready]  # a reading of time.monotonic(), and what may go then


class ChunkInHand:
    """One chunk of a turn. Its messages go in their order: page -> rendered -> granted -> begun."""

    def __init__(self, house: House, sender: Sender, lease: Lease, occasion: Occasion | None) -> None:
        self.lease = lease
        self.occasion = occasion
        self.lanes = lanes_of(house.settings, lease)
        self.paced = lease.lane in house.settings.domain_rates  # it waits for its lane alone
        self.read_through = occasion is None  # there is nothing more of it to read
        self.under_way = 0  # granted and not answered
        self.waits_until = 0.0  # a reading of time.monotonic(): no slot is free before
        self.granted_until = 0.0  # the last slot that we were given
        self.rest = 0.0  # seconds for which it is put back
        self._asides: list[Aside] = []
        self._house = house
        self._preparer = Preparer(house, sender, occasion, lease.channel) if occasion else None
        self._page: deque[Due] = deque()
        self._read_to = 0  # the last message read
        self._ready: deque[Ready] = deque()

    @property
    def known_occasion(self) -> Occasion:
        """The alert that it belongs to; nothing is ever read of a chunk without."""
        assert self.occasion is not None
        return self.occasion

    @property
    def left(self) -> bool:
        """Whether nothing more of it goes in this turn."""
        return self.read_through and not self._page and not self._ready

    @property
    def done(self) -> bool:
        """Whether it can be given back."""
        return self.left and not self.under_way

    @property
    def waiting(self) -> int:
        """How many are rendered and wait to be granted."""
        return len(self._ready)

    def leave(self, rest: float = 0.0) -> None:
        """Nothing more of it goes in this turn; it is put back for `rest` seconds."""
        self.read_through = True
        self.rest = max(self.rest, rest)
        self._page.clear()
        self._ready.clear()

    @property
    def wants_page(self) -> bool:
        """Whether what is next should be looked up in the database by now."""
        return not self.read_through and len(self._page) < _PAGE // 2

    def read_page(self) -> list[Due]:
        """The next messages. Touches nothing here: it is called in another thread."""
        edition = self.known_occasion.edition_number
        try:
            with self._house.db.reading() as session:
                return read_page(session, self.lease, edition, after=self._read_to, size=_PAGE)
        except DATABASE_AWAY:  # what is in our hands goes first; the rest of the chunk is left for later
            return []

    def take_page(self, page: Sequence[Due]) -> None:
        """What `read_page` has found; nothing: the chunk is read through."""
        if self.read_through:  # left meanwhile
            return
        self._page.extend(page)
        if page:
            self._read_to = page[-1].message_id  # those before may be queued still: in our hands
        else:
            self.read_through = True

    def take_asides(self) -> list[Aside]:
        """What was put aside, to be written."""
        taken, self._asides = self._asides, []
        return taken

    def prepare_one(self) -> bool:
        """Render the next message; whether there was one."""
        if not self._page:
            return False
        assert self._preparer is not None
        due = self._page.popleft()
        if self.lease.one_by_one:
            with self._house.db.transaction() as session:
                mark_trying(session, due)
        item = self._preparer.prepare(due)
        if isinstance(item, Ready):
            self._ready.append(item)
        else:
            self._asides.append(item)
        return True

    def grant(self, limiter: Limiter, most: int, horizon: float) -> list[Slot]:
        """Up to `most` messages that the limits let go within `horizon` seconds, each with its slot."""
        wanted: Sequence[Ready] = [self._ready[n] for n in range(min(most, len(self._ready)))]
        if not wanted:
            return []
        try:
            grant = limiter.reserve(self.lanes, [item.units for item in wanted], horizon)
        except LimiterUnavailable:
            self.waits_until = time.monotonic() + _WITHOUT_LIMITER
            return []
        now = time.monotonic()  # after the limiter's own clock: late by a round trip, never early
        slots = [(now + delay, self._ready.popleft()) for delay in grant.delays]
        self.under_way += len(slots)
        self.paced = self.paced or grant.behind.startswith(DOMAIN)  # it was slowed meanwhile
        if slots:
            self.granted_until = slots[-1][0]
        if len(slots) < len(wanted):
            self.waits_until = now + grant.wait
        return slots
