"""The first message of each channel in a language."""

from pathlib import Path

from campaigns import frozen_campaign, opening, send, write_campaign
from people import add_list, add_people
from sqlalchemy import select

from dispatcher.house import House
from dispatcher.models import Message
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.usecases.first_messages import first_messages
from dispatcher.usecases.moves import begin, move_all


def test_the_first_that_was_sent_in_the_language_is_named_for_each_channel(
    house: House, tmp_path: Path
) -> None:
    add_list(house)
    add_people(house, 2, language="es")
    add_people(house, 3)
    write_campaign(tmp_path, languages=["en", "es"])
    send(house, opening(frozen_campaign()))
    with house.db.transaction() as session:
        first, *others = session.scalars(
            select(Message.id).where(Message.language == "en").order_by(Message.id)
        )
        begin(session, others)
        move_all(session, 1, Status.SENT, Message.id.in_(others))
    with house.db.reading() as session:
        assert first_messages(session, 1, "en") == {Channel.EMAIL: first + 1, Channel.SMS: others[2]}
        assert first_messages(session, 1, "es") == {}
        assert first_messages(session, 2, "en") == {}
