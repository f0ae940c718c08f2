"""What the texts of an alert took, by what its messages say."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.models import Message, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.rules.prices import Prices
from dispatcher.rules.text_cost import TextCost
from dispatcher.usecases.retention.totals import texts_taken
from dispatcher.usecases.text_tally import Tally

_AT_A_TIME = 500
_SEGMENTS = func.coalesce(Message.segments, 0)
_TAKEN = (Status.SENT, Status.DELIVERED, Status.BOUNCED, Status.COMPLAINED)  # what a provider bills


def spent(session: Session, prices: Prices, alert_id: int) -> dict[str, TextCost]:
    """What the texts of an alert took by now: each language's, of those that the provider has taken.

    Without prices nobody's number is looked at. Who was forgotten since counts as from a country unknown.
    """
    if kept := texts_taken(session, alert_id, _TAKEN):  # it is closed: nobody's country is known any more
        return {
            language: TextCost(texts, segments, unpriced=segments)
            for language, (texts, segments) in kept.items()
        }
    of_alert = (Message.alert_id == alert_id, Message.channel == Channel.SMS, Message.status.in_(_TAKEN))
    if not prices:
        sums = select(Message.language, func.count(), func.sum(_SEGMENTS)).where(*of_alert)
        found = session.execute(sums.group_by(Message.language).order_by(Message.language))
        return {language: TextCost(texts, number, unpriced=number) for language, texts, number in found}
    taken = (
        select(Message.language, _SEGMENTS, Subscriber.phone)
        .outerjoin(Subscriber, Subscriber.id == Message.subscriber_id)
        .where(*of_alert)
        .execution_options(yield_per=_AT_A_TIME)
    )
    tallies: dict[str, Tally] = {}
    for language, segments, number in session.execute(taken):
        tallies.setdefault(language, Tally(prices)).add(segments, number)
    return {language: tallies[language].total() for language in sorted(tallies)}
