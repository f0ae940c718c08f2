"""A sign-up is written down and asked back; nobody is a subscriber, and nobody learns whom we know."""

import json
from email import message_from_bytes, policy

import pytest
from joining_desk import SHOWN, JoiningDesk
from people import add_person, suppress_person
from sqlalchemy import select

from dispatcher.addresses import parse_email, parse_phone
from dispatcher.content.notice import NoticeRequest, NoticeWriter
from dispatcher.content.parts import Organisation
from dispatcher.errors import BadToken, ListClosed
from dispatcher.models import List, Notice, SignUp, SignUpAddress, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import SuppressionReason
from dispatcher.tokens import Kind
from dispatcher.usecases.joining.begin import Wish
from dispatcher.usecases.joining.links import VALID_FOR, confirm_url, new_reference, read_confirm_token

MARIA, PHONE = "maria@example.org", "312-555-0147"


def test_nothing_is_written_of_a_subscriber_before_they_confirm(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    desk.sign_up(vote, email=MARIA, phone=PHONE)
    assert desk.people() == []
    assert desk.ledger() == []
    assert desk.on() == set()


def test_each_address_is_asked_once_in_the_language_that_was_chosen(any_desk: JoiningDesk) -> None:
    vote = any_desk.add_list("vote", name="Voting rights")
    reference = any_desk.sign_up(vote, email=MARIA, phone=PHONE)
    with any_desk.house.db.reading() as session:
        asked = {str(one.channel): one for one in session.scalars(select(Notice))}
    assert {one.kind for one in asked.values()} == {"confirm"}
    assert {one.language for one in asked.values()} == {"es"}
    assert (asked["email"].address, asked["sms"].address) == (MARIA, "+13125550147")
    assert '"lists": "Voting rights"' in (asked["email"].facts or "")
    assert "link" not in (asked["sms"].facts or "")
    assert any_desk.linked() == reference


def test_no_list_but_an_open_one_can_be_joined(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    with desk.house.db.transaction() as session:
        session.add(List(slug="staff", public_name="Staff"))
    for lists in ((99,), (vote, 2)):
        with pytest.raises(ListClosed):
            desk.sign_up(*lists, email=MARIA)


@pytest.mark.parametrize("sensitive", [False, True])
def test_where_it_came_from_is_kept_unless_a_list_is_sensitive(desk: JoiningDesk, sensitive: bool) -> None:
    lists = [desk.add_list("vote"), desk.add_list("daca", sensitive=sensitive)]
    desk.sign_up(*lists, email=MARIA, ip_address="203.0.113.9")
    with desk.house.db.reading() as session:
        assert session.scalar(select(SignUp.ip_address)) == (None if sensitive else "203.0.113.9")


def test_the_work_is_the_same_whether_an_address_is_known_or_not(any_desk: JoiningDesk) -> None:
    vote = any_desk.add_list("vote")
    left = add_person(any_desk.house, email="left@example.org", phone="312-555-0102", lists=("vote",))
    suppress_person(any_desk.house, left, Channel.EMAIL, SuppressionReason.COMPLAINED)
    suppress_person(any_desk.house, left, Channel.SMS, SuppressionReason.STOP)
    add_person(any_desk.house, email="known@example.org", phone="312-555-0101", lists=("vote",))
    any_desk.sign_up(vote, email="first@example.org")  # the words are in the database from here on
    any_desk.sign_up(vote, phone="312-555-0199")
    work = {}
    for who, phone in (("nobody", "0103"), ("known", "0101"), ("left", "0102")):
        with any_desk.statements() as seen:
            any_desk.sign_up(vote, email=f"{who}@example.org", phone=f"312-555-{phone}")
        work[who] = seen
    assert len(work["nobody"]) > 5
    assert work["known"] == work["nobody"]
    assert work["left"] == work["nobody"]


def test_an_address_that_was_asked_just_now_is_not_asked_again_and_nobody_is_told(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    for _ in range(5):
        desk.sign_up(vote, email=MARIA)
    with desk.house.db.reading() as session:
        asked = session.scalars(select(SignUpAddress.asked).order_by(SignUpAddress.sign_up_id)).all()
    assert asked == [True, False, False, False, False]


def test_addresses_and_networks_stand_nowhere_in_the_clear(desk: JoiningDesk) -> None:
    desk.sign_up(desk.add_list("vote"), email=MARIA, phone=PHONE, ip_address="203.0.113.9")
    folder = desk.house.db.url.database or ""
    with desk.house.db.reading() as session:
        assert session.scalars(select(Subscriber.id)).all() == []
    desk.house.db.close()  # the log of writes goes into the file
    for written in (MARIA, "+13125550147", "203.0.113.9"):
        for file in (folder, f"{folder}-wal"):
            try:
                with open(file, "rb") as kept:  # noqa: PTH123 - the log may be gone
                    assert written.encode() not in kept.read()
            except FileNotFoundError:
                pass


def test_a_wish_tells_no_address_when_it_is_shown() -> None:
    wish = Wish((1,), "en", "en", "/join", SHOWN, parse_email(MARIA), parse_phone(PHONE), None, "203.0.113.9")
    assert not any(secret in repr(wish) for secret in ("maria", "5550147", "203.0"))


def test_a_link_is_good_for_seven_days_and_no_other_kind_of_token_is_one(desk: JoiningDesk) -> None:
    reference, now = new_reference(), desk.house.db.now()
    token = confirm_url(desk.signer, "https://a.example", reference, now).rpartition("/")[2]
    nearly = now + VALID_FOR * 0.99
    assert read_confirm_token(desk.signer, token, nearly) == reference
    for wrong, when in (
        (token, now + VALID_FOR),
        (token[:-3] + ("AAA" if token[-3:] != "AAA" else "BBB"), now),
        (desk.signer.sealed(Kind.MANAGE, reference + b"\x01"), now),
        (desk.signer.leave_token(1, [1], Channel.EMAIL), now),
    ):
        with pytest.raises(BadToken):
            read_confirm_token(desk.signer, wrong, when)


@pytest.mark.parametrize("language", ["en", "es", "pl", "ar"])
def test_what_is_asked_can_be_read_in_every_language(desk: JoiningDesk, language: str) -> None:
    desk.sign_up(desk.add_list("daca", sensitive=True), email=MARIA, phone=PHONE, language=language)
    writer = NoticeWriter(Organisation("Coalition", "1 Main St", "a@example.org", "Alerts"), salt=b"s" * 16)
    with desk.house.db.reading() as session:
        letters = {
            str(one.channel): NoticeRequest(
                1, one.address or "", one.kind, one.language, json.loads(one.facts or "")
            )
            for one in session.scalars(select(Notice))
        }
    mail = message_from_bytes(writer.email(letters["email"]).mime, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert letters["email"].facts["link"] in text.split()
    assert "ICIRR alerts" in text
    assert mail["Content-Language"] == language
    sent = writer.sms(letters["sms"], stop_due=True)
    assert sent.segments == (2 if language == "ar" else 1)
    assert sent.tells_stop
    assert "daca" not in text + str(mail) + sent.body
