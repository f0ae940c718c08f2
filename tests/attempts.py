"""One attempt at a chunk, without a turn: leased, begun, settled with the outcomes that a test wants."""

from collections.abc import Callable

from town import Town

from dispatcher.channels.base import Outcome, Result
from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import Rendered, RenderedEmail, RenderedSms
from dispatcher.usecases.deliver.lease import give_back, lease_chunk
from dispatcher.usecases.deliver.pages import Due, occasion_of, read_page
from dispatcher.usecases.deliver.prepare import Ready
from dispatcher.usecases.deliver.settle import Answer, settle
from dispatcher.usecases.deliver.slowing import Slowing
from dispatcher.usecases.moves import begin

ACCEPTED = Result.ACCEPTED


def attempt(
    town: Town,
    answer: Callable[[Due], tuple[Result, str, str]],
    channel: Channel = Channel.EMAIL,
    *,
    retry_after: float | None = None,
) -> int:
    """Attempt every message of the next chunk; `answer` gives result, code and words for each. Returns how
    many there were.
    """
    with town.house.db.transaction() as session:
        lease = lease_chunk(session, channel, 60, practice=False)
        assert lease is not None
        occasion = occasion_of(session, lease)
        assert occasion is not None
        page = read_page(session, lease, occasion.edition_number, after=0, size=1000)
        begin(session, [due.message_id for due in page])
        answers = [
            Answer(
                Ready(due, _rendered(due, channel)), Outcome(due.message_id, *answer(due), "", retry_after)
            )
            for due in page
        ]
        settle(session, lease, occasion, answers, Slowing(town.house, town.limiter))
        give_back(session, lease)
    return len(page)


def _rendered(due: Due, channel: Channel) -> Rendered:
    if channel is Channel.SMS:
        return RenderedSms(due.message_id, due.address or "", "Call today", segments=2)
    return RenderedEmail(due.message_id, due.address or "", "alerts@example.org", b"")
