"""What the texts of an edition will take: reckoned reader by reader, before anybody is asked.

Of a language with very many readers a part of them is looked at, spread evenly. People are read as a stream:
memory holds a few hundred of them, however many there are.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, null, select
from sqlalchemy.orm import Session

from dispatcher.content.frozen import Frozen
from dispatcher.content.render import Compiled
from dispatcher.models import List, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.text_cost import TextCost
from dispatcher.settings import Settings
from dispatcher.tokens import Signer, leave_url
from dispatcher.usecases.audience import Reach
from dispatcher.usecases.lay_out import Audience
from dispatcher.usecases.short_links import sample_short_links
from dispatcher.usecases.stop_line import stop_due
from dispatcher.usecases.text_sizes import TextSizes
from dispatcher.usecases.text_tally import Tally

EXACT_UP_TO = 50_000  # readers of a language: about four seconds where each has another name
_AT_A_TIME = 500


class TextCosts:
    """Reckons the texts of one edition. Nothing is changed, and nobody is written to."""

    def __init__(
        self, settings: Settings, frozen: Frozen, *, at: datetime | None = None, exact: int = EXACT_UP_TO
    ) -> None:
        """`at` is when the texts leave, None: now; of a language with more than `exact` readers a part is
        looked at.
        """
        self._settings = settings
        self._signer = Signer.load(settings)
        links = sample_short_links(settings, self._signer, frozen)
        self._compiled = Compiled(frozen, short_links=links)
        self._at = at
        self._exact = exact

    def by_language(
        self, session: Session, audience: Audience, people: Mapping[str, int]
    ) -> dict[str, TextCost]:
        """What the texts in each of the edition's languages take; `people` is how many readers it has."""
        name = _list_name(session, audience.reach)
        leave_link = partial(self._leave_link, audience.reach)
        costs = {}
        for language, number in people.items():
            readers = [reads for reads, gets in audience.languages.written_in.items() if gets == language]
            query = audience.recipients.where(Subscriber.language.in_(readers))
            sizes = TextSizes(self._compiled, language, name, leave_link)
            costs[language] = self._of_readers(session, self._a_part(query, number), sizes).scaled_to(number)
        return costs

    def _leave_link(self, reach: Reach, subscriber_id: int) -> str:
        token = self._signer.leave_token(subscriber_id, reach.list_ids, Channel.SMS)
        return leave_url(self._settings.public_url, token)

    def _a_part(self, query: Select[int], people: int) -> Select[int]:
        """The query itself, or every so manieth of its people where they are too many."""
        step = -(-people // self._exact)
        if step <= 1:
            return query
        nth = func.row_number().over(order_by=Subscriber.id).label("nth")
        numbered = query.with_only_columns(Subscriber.id, nth).subquery()
        return select(Subscriber.id).where(
            Subscriber.id.in_(select(numbered.c.id).where(numbered.c.nth % step == 0))
        )

    def _of_readers(self, session: Session, query: Select[int], sizes: TextSizes) -> TextCost:
        prices = self._settings.prices
        phone = Subscriber.phone.expression if prices else null()
        due = stop_due(Subscriber.phone_key.expression, self._at)
        columns: list[Any] = [Subscriber.id, *sizes.columns, due, phone]
        rows = query.with_only_columns(*columns).execution_options(yield_per=_AT_A_TIME)
        tally = Tally(prices)
        for subscriber_id, first, last, attributes, is_due, number in session.execute(rows):
            reader = sizes.reader(subscriber_id, first, last, attributes, due=bool(is_due))
            tally.add(sizes.segments(reader), number)
        return tally.total()


def _list_name(session: Session, reach: Reach) -> str:
    """The public name that the alert's messages give: of its first list, as a worker has it."""
    names = select(List.public_name).where(List.id.in_(reach.list_ids)).order_by(List.id).limit(1)
    return session.scalar(names) or ""
