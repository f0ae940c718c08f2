"""Every way of leaving takes effect for messages that wait to be sent already."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

from campaigns import frozen_campaign, real, send
from manage_desk import Desk
from people import add_person
from sqlalchemy.orm import Session
from time_machine import TimeMachineFixture
from town import Town

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.tokens import LeaveToken, Signer
from dispatcher.usecases.forget import forget
from dispatcher.usecases.leave import leave_by_link
from dispatcher.usecases.leave_everything import leave_everything
from dispatcher.usecases.managing.choices import save
from dispatcher.usecases.managing.moving import begin_move, finish_move
from dispatcher.usecases.record_inbound import record_inbound
from dispatcher.usecases.unsubscribe import unsubscribe

Way = Callable[[Session, int], object]
SKIPPED = {Status.SKIPPED}


def email_of(way: str) -> str:
    return f"{way.replace(' ', '-')}@example.org"


def test_an_email_that_waits_is_not_sent_to_who_has_left_meanwhile(town: Town) -> None:
    house = town.house
    desk = Desk(house, Signer(["s" * 40]))
    nothing: dict[Channel, set[int]] = {channel: set() for channel in Channel}

    def prefer(session: Session, person: int) -> None:
        save(session, desk.token(person), nothing, language=None, shown=dict.fromkeys(Channel, ""))

    ways: dict[str, Way] = {
        "one click": lambda s, person: leave_by_link(s, LeaveToken(person, (1,), Channel.EMAIL), "one-click"),
        "everything": lambda s, person: leave_everything(s, person, "leave page"),
        "preferences": prefer,
        "forget": lambda s, person: forget(s, house.keys, str(person)),
        "by staff": lambda s, _person: unsubscribe(s, house.keys, email_of("by staff"), "a call"),
        "erase": lambda s, _person: forget(s, house.keys, email_of("erase")),
    }
    people = {way: add_person(house, email=email_of(way)) for way in ways}
    moved = add_person(house, email="old@example.org")
    stays = add_person(house, email="stays@example.org")
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    tokens = desk.token(moved)
    with house.db.transaction() as session:
        begin_move(session, house.keys, tokens, Channel.EMAIL, "new@example.org")
    code = json.loads(desk.notices()[-1].facts or "")["code"]
    for way, leave in ways.items():
        with house.db.transaction() as session:
            leave(session, people[way])
    with house.db.transaction() as session:
        finish_move(session, house.keys, tokens, code)
    town.turn()
    assert town.email.recipients == ["stays@example.org"]
    assert {m.status for m in town.messages() if m.subscriber_id != stays} == SKIPPED


def test_a_text_that_waits_is_not_sent_to_who_has_texted_back_meanwhile(
    town: Town, time_machine: TimeMachineFixture
) -> None:
    house = town.house
    said = {
        "+13125550101": ["STOP"],
        "+13125550102": ["please stop texting me"],
        "+13125550103": ["BORRAR", "borrar si"],
        "+13125550104": ["thank you!"],
        "+13125550105": ["Stop the deportations!"],
    }
    for number in said:
        add_person(house, phone=number)
    send(house, real(frozen_campaign(), channels=[Channel.SMS]))
    for number, texts in said.items():
        for text in texts:
            with house.db.transaction() as session:
                record_inbound(session, house.keys, InboundText(number, text))
    time_machine.move_to(datetime(2026, 12, 1, 16, 0, tzinfo=UTC), tick=False)  # by day in Chicago
    town.turn(Channel.SMS)
    statuses = [message.status for message in town.messages()]
    assert statuses == [Status.SKIPPED] * 3 + [Status.SENT] * 2
