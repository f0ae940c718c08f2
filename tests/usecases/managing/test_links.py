"""Fresh links: to whom they are sent, and what they open."""

from datetime import UTC, datetime, timedelta

import pytest
from manage_desk import Desk
from people import add_list, add_person, suppress_person

from dispatcher.errors import BadToken, InvalidAddress
from dispatcher.models import Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.tokens import Kind, Signer
from dispatcher.usecases.managing.links import (
    MANAGE_PATH,
    VALID_FOR,
    manage_url,
    opened_by,
    read_manage_token,
    send_link,
    send_link_to,
)

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PHONE = "+13125550100"


def text_of(desk: Desk, person: int, channel: Channel = Channel.EMAIL) -> str:
    with desk.house.db.reading() as session:
        url = manage_url(desk.signer, "https://x", session.get_one(Subscriber, person), channel, NOW)
    return url.removeprefix(f"https://x{MANAGE_PATH}")


def ask(desk: Desk, address: str) -> None:
    with desk.house.db.transaction() as session:
        send_link(session, desk.house.keys, desk.signer, "https://x", address, NOW)


def test_a_link_is_sent_to_the_address_of_somebody_here_in_their_language(desk: Desk) -> None:
    add_list(desk.house)
    add_person(desk.house, email="Maria@Example.org", phone=PHONE, language="es")
    ask(desk, "maria@example.org")
    ask(desk, "(312) 555-0100")
    sent = desk.notices()
    assert [(one.channel, one.kind, one.language) for one in sent] == [
        ("email", "manage", "es"),
        ("sms", "manage", "es"),
    ]
    assert "https://x/m/" in (sent[0].facts or "")


def test_nobody_gets_a_link_for_an_address_that_is_nobodys(desk: Desk) -> None:
    ask(desk, "nobody@example.org")
    assert desk.notices() == []
    with pytest.raises(InvalidAddress):
        ask(desk, "not an address")


def test_who_gets_no_emails_any_more_still_gets_a_link_but_a_stopped_number_gets_no_text(desk: Desk) -> None:
    add_list(desk.house)
    person = add_person(desk.house, email="maria@example.org", phone=PHONE)
    suppress_person(desk.house, person, Channel.EMAIL, SuppressionReason.BY_STAFF)
    suppress_person(desk.house, person, Channel.SMS)
    ask(desk, "maria@example.org")
    ask(desk, PHONE)
    assert [one.channel for one in desk.notices()] == ["email"]


def test_an_older_links_person_gets_one_where_they_are_reached_today(desk: Desk) -> None:
    add_list(desk.house)
    person = add_person(desk.house, email="maria@example.org")
    with desk.house.db.transaction() as session:
        for channel in Channel:
            send_link_to(session, desk.house.keys, desk.signer, "https://x", person, channel, NOW)
        send_link_to(session, desk.house.keys, desk.signer, "https://x", 4711, Channel.EMAIL, NOW)
    assert [one.channel for one in desk.notices()] == ["email"]


def test_a_link_is_good_for_a_day(desk: Desk) -> None:
    add_list(desk.house)
    text = text_of(desk, add_person(desk.house, email="maria@example.org"))
    almost = NOW + VALID_FOR - timedelta(seconds=1)
    assert read_manage_token(desk.signer, text, almost).subscriber_id == 1
    with pytest.raises(BadToken):
        read_manage_token(desk.signer, text, NOW + VALID_FOR)


def test_a_forged_link_and_one_of_another_kind_open_nothing(desk: Desk) -> None:
    add_list(desk.house)
    text = text_of(desk, add_person(desk.house, email="maria@example.org"))
    payload = desk.signer.opened(Kind.MANAGE, text)
    others = [desk.signer.sealed(kind, payload) for kind in Kind if kind is not Kind.MANAGE]
    forged = [
        text[:-2] + ("AA" if not text.endswith("AA") else "BB"),
        text[:-4],
        "",
        Signer(["o" * 40]).sealed(Kind.MANAGE, payload),
    ]
    for bad in [*others, *forged]:
        with pytest.raises(BadToken):
            read_manage_token(desk.signer, bad, NOW)


def test_a_link_to_an_address_that_was_given_up_or_of_somebody_forgotten_opens_nothing(desk: Desk) -> None:
    add_list(desk.house)
    maria = add_person(desk.house, email="maria@example.org", phone=PHONE)
    token, by_phone = desk.token(maria), desk.token(maria, Channel.SMS)
    with desk.house.db.transaction() as session:
        person = session.get_one(Subscriber, maria)
        person.email_key, person.phone_key = desk.house.keys.address_key("new@example.org"), None
    with desk.house.db.transaction() as session:
        for given_up in (token, by_phone):
            with pytest.raises(BadToken):
                opened_by(session, given_up)
        session.delete(session.get_one(Subscriber, maria))
        session.flush()
        with pytest.raises(BadToken):
            opened_by(session, token)
