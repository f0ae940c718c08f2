"""Among hostile subscribers everybody else gets their message, and nobody gets two."""

from datetime import UTC, datetime

from campaigns import frozen_campaign, real, send
from hostile import HOSTILE_NAMES
from people import add_person
from strict_parsing import assert_for_one
from time_machine import TimeMachineFixture
from town import Town

from dispatcher.rules.alert import Channel
from dispatcher.rules.rendered import RenderedEmail, RenderedSms

_DAY = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)  # 10 am in Chicago
_TOO_LONG = sum(len(name) == 5000 for name in HOSTILE_NAMES.values()) + 1  # and the family of emoji


def test_hostile_names_add_no_recipient_and_stop_nobody(town: Town) -> None:
    for number, name in enumerate(["Ana", *HOSTILE_NAMES.values(), "Ben"]):
        add_person(town.house, email=f"person{number}@example.org", first_name=name)
    send(town.house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    assert town.turn() is False
    assert town.statuses() == {"sent": len(HOSTILE_NAMES) + 2}
    wanted = {f"person{number}@example.org" for number in range(len(HOSTILE_NAMES) + 2)}
    assert len(town.email.taken) == len(wanted)
    for rendered in town.email.taken:
        assert isinstance(rendered, RenderedEmail)
        assert_for_one(rendered, rendered.to)
    assert {rendered.to for rendered in town.email.taken} == wanted


def test_a_name_too_long_for_a_text_fails_its_own_text_alone(
    town: Town, time_machine: TimeMachineFixture
) -> None:
    for number, name in enumerate(["Ana", *HOSTILE_NAMES.values(), "Ben"]):
        add_person(
            town.house, phone=f"+1312555{100 + number:04d}", first_name=name, time_zone="America/Chicago"
        )
    send(town.house, real(frozen_campaign(), channels=[Channel.SMS]))
    time_machine.move_to(_DAY, tick=False)
    town.turn(Channel.SMS)
    assert town.statuses() == {"sent": len(HOSTILE_NAMES) + 2 - _TOO_LONG, "failed": _TOO_LONG}
    assert all("@" not in (message.error or "") for message in town.messages())
    for taken in town.sms.taken:
        assert isinstance(taken, RenderedSms)
        assert "\r" not in taken.body
