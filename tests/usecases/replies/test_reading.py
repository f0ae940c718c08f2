"""What staff see: a conversation, and facts that name nobody."""

import json
from typing import Any

from people import add_person
from sqlalchemy import delete

from dispatcher.models import Notice
from dispatcher.rules.alert import Channel

Desk = Any


def test_a_conversation_has_what_the_same_person_wrote_on_either_channel(replies: Desk) -> None:
    add_person(replies.house, phone="+13125550143")
    by_text = replies.write("By text")
    by_email = replies.write("By email", channel=Channel.EMAIL)
    replies.write("Somebody else", address="+13125550143")
    replies.answer(by_text)
    found = replies.read(by_email)
    assert found.asked.number == by_email
    assert [turn.words for turn in found.turns] == ["By text", "By email"]
    assert [[one.by for one in turn.answers] for turn in found.turns] == [["", "maria"], [""]]


def test_of_an_address_that_nobody_has_it_is_what_that_address_wrote(desk: Desk) -> None:
    first, second = (desk.write(words, address="+13125550199") for words in ("One", "Two"))
    desk.write("Three", address="+13125550198")
    assert [turn.number for turn in desk.read(second).turns] == [first, second]


def test_facts_have_words_only_when_asked(desk: Desk) -> None:
    number = desk.write("my case number")
    desk.answer(number, "my answer")
    seen = desk.read(number).asked
    bare, whole = json.dumps(seen.facts(words=False)), json.dumps(seen.facts(words=True))
    assert "my case" not in bare + repr(seen)
    assert "my answer" not in bare + repr(seen)
    assert "my case number" in whole
    assert "my answer" in whole
    assert seen.facts(words=False)["answers"][1] == {
        "at": seen.answers[1].at.isoformat(),
        "by": "maria",
        "became": "queued",
        "error": None,
    }


def test_what_became_of_an_answer_can_be_unknown(desk: Desk) -> None:
    number = desk.write()
    with desk.house.db.transaction() as session:
        session.execute(delete(Notice))
    assert desk.read(number).asked.facts(words=True)["answers"][0]["became"] is None
