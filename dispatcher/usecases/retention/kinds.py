"""What is kept for how long: the registry. A new kind of thing is one more entry."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.models import (
    AddressChange,
    ErasureAsked,
    HeldForgetting,
    MailTaken,
    Notice,
    ProviderEvent,
    Reply,
    SignOff,
    SignUp,
    SpentToken,
    StopTold,
    Strike,
    Subscriber,
    TextTaken,
    WebhookDelivery,
)
from dispatcher.rules.feedback import STRIKES_WITHIN
from dispatcher.rules.notices import KEPT
from dispatcher.rules.replies import REPLIES_KEPT
from dispatcher.rules.stop_line import EVERY
from dispatcher.settings import Settings
from dispatcher.usecases.forget import erase
from dispatcher.usecases.joining.expire import expire_sign_ups
from dispatcher.usecases.joining.links import VALID_FOR
from dispatcher.usecases.notices.waiting import answers_nothing
from dispatcher.usecases.retention.alerts import closing, emptying
from dispatcher.usecases.retention.asking import silent_numbers
from dispatcher.usecases.retention.duty import Duty, rows_older_than

_A_DAY = timedelta(days=1)
_A_MONTH = timedelta(days=30)  # much longer than any provider goes on telling the same again
_A_YEAR = timedelta(days=365)


def duties(settings: Settings) -> tuple[Duty, ...]:
    """Everything that goes by itself, in the order in which it is seen to."""
    return (
        held_forgettings(),
        closing(settings),
        emptying(),
        replace(
            rows_older_than("sign-ups, confirmed or not", SignUp, SignUp.created_at, VALID_FOR),
            do=lambda session, _at_most: expire_sign_ups(session),
        ),
        rows_older_than("what became of notices", Notice, Notice.created_at, KEPT, answers_nothing()),
        rows_older_than("what people wrote to us, and our answers", Reply, Reply.at, REPLIES_KEPT),
        rows_older_than("which texts were acted on", TextTaken, TextTaken.taken_at, 2 * _A_DAY),
        rows_older_than("which mails were read already", MailTaken, MailTaken.taken_at, 2 * REPLIES_KEPT),
        rows_older_than("whether a number meant ERASE", ErasureAsked, ErasureAsked.asked_at, _A_DAY),
        rows_older_than("codes for new addresses", AddressChange, AddressChange.created_at, 2 * _A_DAY),
        rows_older_than("what webhooks didn't take", WebhookDelivery, WebhookDelivery.found_at, 14 * _A_DAY),
        rows_older_than("when a number was told how to stop", StopTold, StopTold.told_at, EVERY),
        rows_older_than("what providers told us", ProviderEvent, ProviderEvent.taken_at, _A_MONTH),
        rows_older_than("days on which addresses failed", Strike, Strike.at, STRIKES_WITHIN),
        rows_older_than("proofs of providers' calls", SpentToken, SpentToken.spent_at, _A_DAY),
        *silent_numbers(settings),
        rows_older_than("native speakers' sign-offs", SignOff, SignOff.asked_at, _A_YEAR),
    )


def held_forgettings() -> Duty:
    """People who asked to be forgotten while a hold was on; it is over when this is done."""

    def waiting(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(HeldForgetting)) or 0

    def do(session: Session, at_most: int) -> int:
        some = select(Subscriber).join(HeldForgetting).order_by(Subscriber.id).limit(at_most)
        people = session.scalars(some).all()
        for person in people:
            erase(session, person)
        return len(people)

    return Duty(
        "people to be forgotten after a legal hold", "until it ends", waiting, do, lambda _session: None
    )
