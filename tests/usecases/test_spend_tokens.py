"""A proof that covers no body is used for one thing."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import SpentToken
from dispatcher.rules.events import Event, EventKind
from dispatcher.usecases.spend_tokens import spend_tokens

TOLD = Event(
    EventKind.OPENED, "mailgun", "token-1", datetime(2026, 11, 22, tzinfo=UTC), recipient="maria@example.org"
)
FORGED = replace(TOLD, kind=EventKind.HARD_BOUNCE)
OTHER = replace(FORGED, event_id="token-2")


def spent(house: House, *events: Event) -> set[Event]:
    with house.db.transaction() as session:
        return spend_tokens(session, house.keys, events)


def test_a_proof_counts_for_what_it_told_first_however_often_that_is_repeated(any_house: House) -> None:
    assert spent(any_house) == set()
    assert spent(any_house, TOLD, TOLD, OTHER) == set()
    assert spent(any_house, TOLD) == set()
    assert spent(any_house, FORGED, OTHER) == {FORGED}
    assert spent(any_house, replace(TOLD, provider="sendgrid", recipient="other")) == set()


def test_of_two_things_told_at_once_by_one_proof_one_counts(any_house: House) -> None:
    assert len(spent(any_house, FORGED, TOLD)) == 1


def test_what_is_kept_tells_nobodys_address(house: House) -> None:
    spent(house, TOLD)
    with house.db.reading() as session:
        (row,) = session.scalars(select(SpentToken))
    assert (len(row.token_key), len(row.told_key)) == (16, 16)
    assert house.keys.address_key("maria@example.org") != row.told_key
