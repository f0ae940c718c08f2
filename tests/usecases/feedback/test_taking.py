"""Events are taken in once, without any address, and whatever a provider says fits the columns."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from what_came_back import take_in, told

from dispatcher.house import House
from dispatcher.models import ProviderEvent
from dispatcher.rules.events import Event, EventKind
from dispatcher.rules.feedback import KEPT

K = EventKind
TOLD_AT = datetime(2026, 3, 4, 12, tzinfo=UTC)


def rows(house: House) -> list[ProviderEvent]:
    with house.db.reading() as session:
        return list(session.scalars(select(ProviderEvent).order_by(ProviderEvent.id)))


def test_an_event_is_news_once_to_each_provider(any_house: House) -> None:
    one, other = told(K.DELIVERED, event_id="1"), told(K.DELIVERED, "ses", event_id="1")
    assert take_in(any_house, one, one, other) == 2
    assert take_in(any_house, other, one, told(K.DELIVERED, event_id="2")) == 1
    assert take_in(any_house) == 0
    assert [(row.provider, row.tries, row.outcome) for row in rows(any_house)] == [
        ("sendgrid", 0, None),
        ("ses", 0, None),
        ("sendgrid", 0, None),
    ]
    assert all(row.next_try_at is not None for row in rows(any_house))


def test_no_address_is_kept_but_as_a_keyed_hash(house: House) -> None:
    take_in(
        house,
        told(
            K.SOFT_BOUNCE,
            event_id="bounce of maria@example.org",
            at=TOLD_AT,
            recipient="Maria <Maria@Example.org>",
            code="maria@x.org",
            words="maria@example.org: mailbox of maria is full",
        ),
        told(K.HARD_BOUNCE, "twilio", recipient="+13125550123", words="13125550123 is off", code="30005"),
    )
    text, mail = sorted(rows(house), key=lambda row: row.provider, reverse=True)
    assert (mail.code, mail.words, mail.told_at) == (
        "<address>",
        "<address>: mailbox of maria is full",
        TOLD_AT,
    )
    assert mail.address_key == house.keys.address_key("maria@example.org")
    assert (text.code, text.words) == ("30005", "<number> is off")
    assert text.address_key == house.keys.address_key("+13125550123")


def test_whatever_a_provider_says_fits(any_house: House) -> None:
    hostile = "x\0\ud800" * 1_000
    take_in(
        any_house,
        Event(
            K.SOFT_BOUNCE,
            "ses",
            hostile,
            datetime(1, 1, 1, tzinfo=UTC),
            reference="9" * 41,
            provider_ref=hostile,
            recipient=hostile,
            code=hostile,
            words=hostile,
        ),
    )
    (row,) = rows(any_house)
    assert (row.reference, row.address_key, row.told_at) == ("", None, None)
    assert (len(row.provider_ref), len(row.code), len(row.words)) == (255, 20, 500)
    assert "\0" not in row.provider_ref


@pytest.mark.parametrize("kind", EventKind)
def test_only_what_may_have_consequences_is_kept(house: House, kind: K) -> None:
    assert take_in(house, told(kind, reference="7.00ff00ff00ff00ff")) == (kind in KEPT)
    assert take_in(house, told(kind)) == (kind in KEPT and kind is not K.ACCEPTED)
