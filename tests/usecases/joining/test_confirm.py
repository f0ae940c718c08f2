"""A sign-up is confirmed by a click or a YES: who agrees, to what, and what of them is changed by it."""

from joining_desk import SHOWN, JoiningDesk
from people import add_person, leave, suppress_person
from sqlalchemy import func, select, update

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.db import db_now
from dispatcher.models import Disclosure, SignUp, SignUpAddress, Subscriber, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.rules.consent import ConsentAct, SuppressionReason
from dispatcher.rules.opt_out_words import Keyword
from dispatcher.usecases.forget import forget
from dispatcher.usecases.joining.confirm import view_sign_up
from dispatcher.usecases.joining.expire import expire_sign_ups
from dispatcher.usecases.record_inbound import record_inbound
from dispatcher.usecases.suppress import suppress

MARIA, PHONE, E164 = "maria@example.org", "312-555-0147", "+13125550147"


def test_a_click_makes_a_subscriber_and_the_ledger_has_all_that_was_shown(any_desk: JoiningDesk) -> None:
    vote = any_desk.add_list("vote")
    reference = any_desk.sign_up(vote, email=MARIA, ip_address="203.0.113.9", postal_code="60608")
    seen = any_desk.click(reference)
    assert seen is not None
    assert (seen.language, seen.list_names, seen.text_waits) == ("es", ("ICIRR alerts",), False)
    assert any_desk.people() == [(MARIA, None, "es", "60608")]
    assert any_desk.on() == {(vote, "email", 1)}
    (event,) = any_desk.ledger()
    assert (event.act, event.source, event.page) == (ConsentAct.JOINED, "sign-up", f"/join/{vote}")
    assert (event.language, event.ip_address) == ("en", "203.0.113.9")
    with any_desk.house.db.reading() as session:
        words = select(Disclosure.words).where(Disclosure.id == event.disclosure_id)
        assert session.scalar(words) == SHOWN[Channel.EMAIL]


def test_a_second_click_says_the_same_and_changes_nothing(desk: JoiningDesk) -> None:
    reference = desk.sign_up(desk.add_list("vote"), email=MARIA, phone=PHONE)
    first = desk.click(reference)
    assert first is not None
    assert first.text_waits
    assert desk.click(reference) == first
    assert len(desk.ledger()) == 1


def test_a_click_on_an_old_link_does_not_bring_back_somebody_who_left_since(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    reference = desk.sign_up(vote, email=MARIA)
    desk.click(reference)
    leave(desk.house, 1, Channel.EMAIL, "vote")
    assert desk.click(reference) is not None
    assert desk.on() == set()


def test_the_address_of_a_sign_up_goes_when_it_is_confirmed(desk: JoiningDesk) -> None:
    reference = desk.sign_up(
        desk.add_list("vote"), email=MARIA, ip_address="203.0.113.9", postal_code="60608"
    )
    desk.click(reference)
    with desk.house.db.reading() as session:
        one, sign_up = session.scalars(select(SignUpAddress)).one(), session.scalars(select(SignUp)).one()
    assert (one.address, one.address_key, sign_up.ip_address, sign_up.postal_code) == (None, None, None, None)


def test_email_and_phone_of_one_sign_up_are_one_subscriber_whichever_comes_first(
    any_desk: JoiningDesk,
) -> None:
    vote = any_desk.add_list("vote")
    first = any_desk.sign_up(vote, email=MARIA, phone=PHONE)
    any_desk.click(first)
    assert any_desk.yes(PHONE)
    second = any_desk.sign_up(vote, email="jose@example.org", phone="312-555-0148")
    assert any_desk.yes("312-555-0148")
    any_desk.click(second)
    assert any_desk.people() == [(MARIA, E164, "es", None), ("jose@example.org", "+13125550148", "es", None)]
    assert any_desk.on() == {(vote, channel, person) for channel in ("email", "sms") for person in (1, 2)}


def test_a_known_email_takes_over_the_phone_that_said_yes_first(any_desk: JoiningDesk) -> None:
    vote = any_desk.add_list("vote")
    add_person(any_desk.house, email=MARIA, lists=())
    reference = any_desk.sign_up(vote, email=MARIA, phone=PHONE)
    assert any_desk.yes(PHONE)
    assert any_desk.people()[0] == (MARIA, None, "en", None)  # nobody proved that it is hers
    any_desk.click(reference)
    assert any_desk.people() == [(MARIA, E164, "es", None)]
    assert any_desk.on() == {(vote, "email", 1), (vote, "sms", 1)}
    assert any_desk.click(reference) is not None


def test_a_phone_that_joined_more_meanwhile_stays_by_itself(desk: JoiningDesk) -> None:
    vote, health = desk.add_list("vote"), desk.add_list("health")
    add_person(desk.house, email=MARIA, lists=())
    desk.sign_up(health, phone=PHONE)
    reference = desk.sign_up(vote, email=MARIA, phone=PHONE)
    assert desk.yes(PHONE)
    assert desk.yes(PHONE)
    desk.click(reference)
    assert desk.people() == [(MARIA, None, "es", None), (None, E164, "es", None)]
    assert desk.on() == {(vote, "email", 1), (vote, "sms", 2), (health, "sms", 2)}


def test_a_phone_on_file_is_not_replaced(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    add_person(desk.house, email=MARIA, phone="312-555-0101", lists=())
    clicked_first = desk.sign_up(vote, email=MARIA, phone=PHONE)
    desk.click(clicked_first)
    desk.yes(PHONE)
    assert desk.people() == [(MARIA, "+13125550101", "es", None), (None, E164, "es", None)]
    add_person(desk.house, email="jose@example.org", phone="312-555-0102", lists=())
    yes_first = desk.sign_up(vote, email="jose@example.org", phone="312-555-0149")
    desk.yes("312-555-0149")
    desk.click(yes_first)
    assert desk.people()[2:] == [
        ("jose@example.org", "+13125550102", "es", None),
        (None, "+13125550149", "es", None),
    ]


def test_only_a_click_changes_what_is_on_file_of_an_email_address(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    add_person(desk.house, email=MARIA, language="pl", lists=())
    reference = desk.sign_up(vote, email=MARIA, postal_code="60608")
    assert desk.people() == [(MARIA, None, "pl", None)]
    desk.click(reference)
    assert desk.people() == [(MARIA, None, "es", "60608")]


def test_a_family_shares_a_phone_and_its_yes_changes_nobodys_language(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    add_person(desk.house, email=MARIA, phone=PHONE, lists=())
    add_person(desk.house, email="jose@example.org", phone=PHONE, lists=())
    desk.sign_up(vote, phone=PHONE)
    assert desk.yes(PHONE)
    assert desk.people() == [(MARIA, E164, "en", None), ("jose@example.org", E164, "en", None)]
    assert desk.on() == {(vote, "sms", 1)}
    desk.sign_up(vote, email="jose@example.org", phone=PHONE)
    desk.yes(PHONE)
    assert desk.on() == {(vote, "sms", 1), (vote, "sms", 2)}  # the file says whose the phone is
    desk.sign_up(vote, email="new@example.org", phone=PHONE)
    desk.yes(PHONE)
    assert desk.people()[2:] == [(None, E164, "es", None)]


def test_whoever_is_known_by_their_phone_alone_has_what_they_chose(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    add_person(desk.house, phone=PHONE, lists=())
    reference = desk.sign_up(vote, email=MARIA, phone=PHONE, postal_code="96813")
    desk.yes(PHONE)
    assert desk.people() == [(None, E164, "es", "96813")]
    with desk.house.db.reading() as session:
        assert session.scalar(select(Subscriber.quiet_zones)) == "Pacific/Honolulu"
    desk.click(reference)
    assert desk.people() == [(MARIA, E164, "es", "96813")]


def test_a_yes_of_a_number_that_was_not_asked_is_nothing(desk: JoiningDesk) -> None:
    desk.sign_up(desk.add_list("vote"), phone=PHONE)
    assert not desk.yes("312-555-0199")
    assert desk.yes(PHONE)
    assert not desk.yes(PHONE)
    assert len(desk.ledger()) == 1


def test_a_yes_answers_the_sign_up_that_was_asked_last(desk: JoiningDesk) -> None:
    vote, health, third = (desk.add_list(slug) for slug in ("vote", "health", "third"))
    for one in (vote, health, third):
        desk.sign_up(one, phone=PHONE)
    with desk.house.db.transaction() as session:  # as if five minutes had passed between the first two
        session.execute(update(SignUpAddress).where(SignUpAddress.sign_up_id == 2).values(asked=True))
    assert desk.yes(PHONE)
    assert desk.on() == {(health, "sms", 1)}
    assert desk.yes(PHONE)
    assert desk.on() == {(health, "sms", 1), (vote, "sms", 1)}


def test_somebody_who_had_left_comes_back_by_their_own_act(any_desk: JoiningDesk) -> None:
    vote = any_desk.add_list("vote")
    add_person(any_desk.house, email=MARIA, lists=("vote",))
    leave(any_desk.house, 1, Channel.EMAIL, "vote")
    any_desk.click(any_desk.sign_up(vote, email=MARIA))
    assert any_desk.on() == {(vote, "email", 1)}


def test_every_suppression_of_an_email_address_ends_with_its_owners_click(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    for number, reason in enumerate(SuppressionReason):
        address = f"person{number}@example.org"
        with desk.house.db.transaction() as session:
            suppress(session, Channel.EMAIL, desk.key(address), reason, "a test")
        desk.click(desk.sign_up(vote, email=address))
    with desk.house.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Suppression)) == 0
    assert len(desk.on()) == len(SuppressionReason)


def test_a_stopped_number_comes_back_by_start_and_then_yes(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    person = add_person(desk.house, phone=PHONE, lists=("vote",))
    suppress_person(desk.house, person, Channel.SMS)
    leave(desk.house, person, Channel.SMS, "vote")
    desk.sign_up(vote, phone=PHONE)
    assert not desk.yes(PHONE)
    assert desk.on() == set()
    with desk.house.db.transaction() as session:  # what START does
        session.delete(session.scalars(select(Suppression)).one())
    assert desk.yes(PHONE)
    assert desk.on() == {(vote, "sms", 1)}


def test_a_number_that_was_forgotten_comes_back_by_its_own_yes(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    add_person(desk.house, phone=PHONE, lists=("vote",))
    with desk.house.db.transaction() as session:
        forget(session, desk.house.keys, PHONE)
    desk.sign_up(vote, phone=PHONE)
    assert desk.yes(PHONE)
    assert desk.on() == {(vote, "sms", 2)}


def test_to_forget_somebody_is_to_forget_where_they_signed_up_from(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    reference = desk.sign_up(vote, email=MARIA, phone=PHONE, ip_address="203.0.113.9")
    desk.click(reference)
    with desk.house.db.transaction() as session:
        forget(session, desk.house.keys, MARIA)
    assert [event.ip_address for event in desk.ledger()] == [None] * 2
    assert desk.click(reference) is None
    assert not desk.yes(PHONE)


def test_after_seven_days_nothing_is_left_of_a_sign_up(any_desk: JoiningDesk) -> None:
    vote = any_desk.add_list("vote")
    old, new = (any_desk.sign_up(vote, email=MARIA, phone=phone) for phone in (PHONE, "312-555-0101"))
    week = 7 * 24 * 3600
    with any_desk.house.db.transaction() as session:
        session.execute(update(SignUp).where(SignUp.reference == old).values(created_at=db_now(-week)))
    assert not any_desk.yes(PHONE)
    with any_desk.house.db.transaction() as session:
        assert expire_sign_ups(session) == 1
        assert session.scalars(select(SignUpAddress.sign_up_id).distinct()).all() == [2]
    assert any_desk.click(old) is None
    assert any_desk.click(new) is not None


def test_a_sign_up_without_an_email_address_has_no_page(desk: JoiningDesk) -> None:
    reference = desk.sign_up(desk.add_list("vote"), phone=PHONE)
    assert desk.click(reference) is None
    with desk.house.db.reading() as session:
        assert view_sign_up(session, b"nobody has this") is None


def test_a_yes_that_twilio_has_answered_by_itself_confirms_all_the_same(desk: JoiningDesk) -> None:
    vote = desk.add_list("vote")
    desk.sign_up(vote, phone=PHONE)
    for handled, body in ((Keyword.STOP, "YES"), (Keyword.START, "START"), (Keyword.START, "yes")):
        with desk.house.db.transaction() as session:
            text = InboundText(number=E164, body=body, handled=handled)
            assert record_inbound(session, desk.house.keys, text).reply is None
        assert len(desk.on()) == (body == "yes")
