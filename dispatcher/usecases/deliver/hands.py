"""The chunks that a turn holds: one that goes at full speed, and beside it one of each limited domain."""

from collections.abc import Sequence

from dispatcher.channels.base import Sender
from dispatcher.errors import DATABASE_AWAY
from dispatcher.house import House
from dispatcher.rules.alert import Channel
from dispatcher.usecases.deliver.in_hand import ChunkInHand
from dispatcher.usecases.deliver.lease import lease_chunk
from dispatcher.usecases.deliver.pages import occasion_of


class Hands:
    """Leases chunks as they are needed."""

    def __init__(self, house: House, sender: Sender, channel: Channel) -> None:
        self.chunks: list[ChunkInHand] = []
        self._house = house
        self._sender = sender
        self._channel = channel
        self._closed = False
        self._nothing_more = False  # no chunk was free at the last look

    @property
    def has_work(self) -> bool:
        """Whether anything of them may still go in this turn."""
        return any(not chunk.left for chunk in self.chunks)

    @property
    def wants_page(self) -> ChunkInHand | None:
        """A chunk of which more should be read."""
        return next((chunk for chunk in self.chunks if chunk.wants_page), None)

    def wants_more(self, width: int) -> bool:
        """Whether another chunk should be leased: fewer than `width` messages are left at full speed."""
        if self._nothing_more:
            return False
        at_full_speed = [chunk for chunk in self.chunks if not chunk.paced]
        rendered = sum(chunk.waiting for chunk in at_full_speed)
        return rendered < width and all(chunk.read_through for chunk in at_full_speed)

    def lease(self) -> ChunkInHand | None:
        """Another chunk, if one is free and the database is there. Touches nothing here: called in another
        thread.
        """
        try:
            return self._lease()
        except DATABASE_AWAY:  # what is in our hands goes first; the next turn will say it
            return None

    def take(self, chunk: ChunkInHand | None) -> None:
        """What `lease` has found."""
        if chunk is None:
            self._nothing_more = True
            return
        self.chunks.append(chunk)
        if self._closed:  # while it was being leased
            chunk.leave()

    def leave_all(self, rest: float) -> None:
        """Nothing more of any of them goes in this turn; they are put back for `rest` seconds."""
        self._closed = True
        for chunk in self.chunks:
            chunk.leave(rest)

    def forget(self, done: Sequence[ChunkInHand]) -> None:
        """These have been given back."""
        self.chunks = [chunk for chunk in self.chunks if chunk not in done]

    def _lease(self) -> ChunkInHand | None:
        in_hand = {chunk.lease.lane for chunk in self.chunks if chunk.paced}
        seconds = self._house.settings.lease_seconds
        with self._house.db.transaction() as session:
            lease = lease_chunk(
                session, self._channel, seconds, practice=self._sender.practice, but_for=in_hand
            )
            occasion = occasion_of(session, lease) if lease else None
        return ChunkInHand(self._house, self._sender, lease, occasion) if lease else None
