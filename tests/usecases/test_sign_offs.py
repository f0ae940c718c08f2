"""A native speaker's word about a campaign: asked for by text, noted by hand, stale when words change."""

from pathlib import Path

import pytest
from campaigns import frozen_campaign, write_campaign
from people import add_list, add_person
from sqlalchemy import select, update

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.content.catalogue import chrome
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.models import SignOff
from dispatcher.rules.alert import Channel
from dispatcher.usecases.record_inbound import Reaction, record_inbound
from dispatcher.usecases.sign_offs import (
    OPEN_FOR,
    SOMEBODY,
    Standing,
    ask,
    initials_of,
    sign_off,
    signed_off,
)

NUMBER = "+13125550100"


@pytest.fixture(autouse=True)
def budget(tmp_path: Path) -> Path:
    """The folder of a campaign in English, Spanish and Arabic."""
    return write_campaign(tmp_path, languages=["en", "es", "ar"])


def key_of(house: House) -> bytes:
    return house.keys.address_key(NUMBER)


def asked(house: House, language: str = "ar") -> None:
    with house.db.transaction() as session:
        ask(session, frozen_campaign(), language, key_of(house), "H.")


def texted(house: House, body: str, number: str = NUMBER) -> Reaction:
    with house.db.transaction() as session:
        return record_inbound(session, house.keys, InboundText(number, body))


def standings(house: House, channel: Channel = Channel.SMS) -> dict[str, Standing]:
    with house.db.reading() as session:
        found = signed_off(session, frozen_campaign(), channel, ["en", "es", "ar", "pl"])
    return {one.language: one.standing for one in found}


def test_a_language_is_read_once_its_reader_has_answered_ok(any_house: House) -> None:
    assert standings(any_house) == {"ar": Standing.UNREAD, "es": Standing.UNREAD}
    asked(any_house)
    assert standings(any_house)["ar"] is Standing.ASKED
    assert texted(any_house, "Ok!") == Reaction(None)
    assert standings(any_house) == {"ar": Standing.READ, "es": Standing.UNREAD}
    assert standings(any_house, Channel.EMAIL)["ar"] is Standing.UNREAD
    with any_house.db.reading() as session:
        (one,) = signed_off(session, frozen_campaign(), Channel.SMS, ["ar"])
    assert (one.reader, one.at is not None) == ("H.", True)


def test_a_changed_word_makes_it_stale_and_the_frame_does_not(house: House, budget: Path) -> None:
    asked(house)
    texted(house, "OK")
    layout = budget.parent.parent / "layouts" / "plain.txt"
    layout.write_text(layout.read_text() + "More.\n")
    (budget / "ar" / "subject.txt").write_text("Another subject")  # of the email, not of the text
    (budget / "sms.txt").write_text("ICIRR: other English words. STOP")
    assert standings(house)["ar"] is Standing.READ
    (budget / "ar" / "sms.txt").write_text("ICIRR: other words. STOP")
    assert standings(house)["ar"] is Standing.STALE
    asked(house)
    assert standings(house)["ar"] is Standing.ASKED


def test_changed_words_of_the_frame_make_it_stale_where_a_message_shows_them(
    house: House, tmp_path: Path
) -> None:
    with house.db.transaction() as session:
        for channel in Channel:
            sign_off(session, frozen_campaign(), "ar", channel, "H.")
    catalogue = tmp_path / "templates" / "locale" / "ar.po"
    catalogue.parent.mkdir()

    def say(key: str, words: str) -> None:
        entry = f'msgctxt "chrome.{key}"\nmsgid "{chrome("en")[key]}"\nmsgstr "{words}"\n'
        catalogue.write_text(f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n{entry}')

    say("view_in_browser", "Show it")  # which this campaign's layout doesn't
    assert (standings(house)["ar"], standings(house, Channel.EMAIL)["ar"]) == (Standing.READ, Standing.READ)
    say("leave", "Go")
    assert (standings(house)["ar"], standings(house, Channel.EMAIL)["ar"]) == (Standing.READ, Standing.STALE)
    say("reply_stop", "STOP it")
    assert (standings(house)["ar"], standings(house, Channel.EMAIL)["ar"]) == (Standing.STALE, Standing.READ)
    say("greeting_nobody", "You there,")
    assert standings(house)["ar"] is Standing.READ
    (tmp_path / "templates" / "campaigns" / "budget" / "ar" / "sms.txt").write_text("{{ greeting }} STOP")
    with house.db.transaction() as session:
        sign_off(session, frozen_campaign(), "ar", Channel.SMS, "H.")
    say("greeting_nobody", "You over there,")
    assert standings(house)["ar"] is Standing.STALE


def test_words_that_are_put_back_count_as_read_again(house: House, budget: Path) -> None:
    file = budget / "ar" / "sms.txt"
    before = file.read_text()
    asked(house)
    texted(house, "OK")
    file.write_text("ICIRR: other words. STOP")
    asked(house)
    file.write_text(before)
    assert standings(house)["ar"] is Standing.READ


def test_an_ok_from_somebody_else_or_about_nothing_changes_nothing(house: House) -> None:
    asked(house)
    texted(house, "OK", "+13125550111")
    texted(house, "It is wrong")
    assert standings(house)["ar"] is Standing.ASKED


def test_an_ok_answers_the_newest_question_and_keeps_its_time(house: House) -> None:
    asked(house, "es")
    asked(house, "ar")
    texted(house, "OK")
    assert standings(house) == {"ar": Standing.READ, "es": Standing.ASKED}
    with house.db.reading() as session:
        first = session.scalars(select(SignOff.answered_at).order_by(SignOff.id.desc())).first()
    texted(house, "OK")
    with house.db.reading() as session:
        assert session.scalars(select(SignOff.answered_at).order_by(SignOff.id.desc())).first() == first


def test_an_ok_that_comes_much_later_is_about_something_else(house: House) -> None:
    asked(house)
    with house.db.transaction() as session:
        now = session.scalars(select(db_now())).one()
        session.execute(update(SignOff).values(asked_at=now - OPEN_FOR))
    texted(house, "OK")
    assert standings(house)["ar"] is Standing.ASKED


def test_who_read_an_email_is_written_down_by_hand(house: House) -> None:
    with house.db.transaction() as session:
        sign_off(session, frozen_campaign(), "ar", Channel.EMAIL, "H.")
    assert standings(house, Channel.EMAIL)["ar"] is Standing.READ
    assert standings(house)["ar"] is Standing.UNREAD


def test_the_readers_number_is_not_kept(house: House) -> None:
    asked(house)
    with house.db.reading() as session:
        (row,) = session.scalars(select(SignOff))
        assert row.address_key == key_of(house)
        assert NUMBER not in repr(vars(row))


def test_a_subscribers_initial_is_known(house: House) -> None:
    with house.db.reading() as session:
        assert initials_of(session, key_of(house)) == SOMEBODY
    add_list(house)
    add_person(house, phone=NUMBER, first_name="huda")
    with house.db.reading() as session:
        assert initials_of(session, key_of(house)) == "H."
    add_person(house, phone="+13125550111")
    with house.db.reading() as session:
        assert initials_of(session, house.keys.address_key("+13125550111")) == SOMEBODY
