"""An alert of the budget campaign to people of the list daca, sent long ago."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import update

from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import Alert, DeliveryLogEntry
from dispatcher.rules.moves import Status
from dispatcher.usecases.moves import Move, begin, settle_each

Sent = Callable[..., int]


def make_older(house: House, alert_id: int, days: float) -> None:
    """As if everything of the alert had been so many days ago."""
    with house.db.transaction() as session:
        then = db_now(-timedelta(days=days).total_seconds())
        session.execute(update(DeliveryLogEntry).where(DeliveryLogEntry.alert_id == alert_id).values(at=then))
        session.execute(update(Alert).where(Alert.id == alert_id).values(laid_out_at=then))


@pytest.fixture
def sent(tmp_path: Path) -> Sent:
    """Send an alert of the list daca to three people who are there; returns its number."""

    def send_to(
        house: House,
        *,
        days: float = 100,
        sensitive: bool = False,
        open_messages: int = 0,
        again: str | None = None,
    ) -> int:
        if again is None:
            add_list(house, sensitive=sensitive)
            add_people(house, 3)
            write_campaign(tmp_path)
        alert_id = send(house, opening(frozen_campaign(), again=again)).alert_id
        messages = messages_of(house, alert_id)
        settled = messages[: len(messages) - open_messages]
        with house.db.transaction() as session:
            begin(session, [one.id for one in settled])
            moves = [
                Move(
                    one.id,
                    alert_id,
                    one.channel,
                    one.subscriber_id,
                    Status.SENT,
                    1,
                    segments=2 if one.channel == "sms" else None,
                )
                for one in settled
            ]
            settle_each(session, moves)
        make_older(house, alert_id, days)
        return alert_id

    return send_to
