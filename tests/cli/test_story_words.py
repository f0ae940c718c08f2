"""`dispatch subscribers show`: messages with their events, and why an alert didn't come."""

import json
import re
from pathlib import Path

from campaigns import frozen_campaign, messages_of, opening, send, write_campaign
from cli_desk import CliDesk
from people import add_list, add_person

from dispatcher.models import Action, Reply, StopTold, Subscriber
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.moves import Status
from dispatcher.usecases.hold import begin_hold
from dispatcher.usecases.moves import Move, begin, settle_each


def test_a_story_has_events_reasons_and_what_other_tables_have(cli: CliDesk, tmp_path: Path) -> None:
    add_list(cli.house)
    write_campaign(tmp_path)
    maria = add_person(cli.house, email="maria@example.org", phone="312-555-0100", channels=[Channel.EMAIL])
    send(cli.house, opening(frozen_campaign()))
    (message,) = messages_of(cli.house)
    with cli.house.db.transaction() as session:
        begin(session, [message.id])
        failed = Move(message.id, 1, Channel.EMAIL, maria, Status.FAILED, 1, "smtp 550", "no such mailbox")
        settle_each(session, [failed])
        key = session.get_one(Subscriber, maria).phone_key
        assert key
        session.add(StopTold(address_key=key, told_at=cli.house.db.now()))
        words = {
            "words": "call my mother",
            "language": "en",
            "channel": Channel.SMS,
            "tier": next(iter(Tier)),
        }
        session.add(Reply(address_key=key, subscriber_id=maria, **words))
        session.add(Action(campaign_id=1, subscriber_id=maria, how=ActionHow.TOLD, thanked=True))
        begin_hold(session, "a subpoena")
    cli.run("subscribers", "forget", str(maria), "--yes")

    told = cli.run("subscribers", "show", str(maria)).stdout
    assert f"message {message.id}: failed (smtp 550: no such mailbox)" in told
    assert "alert 1, budget by email: failed: smtp 550" in told
    assert "alert 1, budget by sms: nothing: wasn't on its lists" in told
    assert "is to be forgotten" in told
    assert re.search(r"\n  \d{4}-\d\d-\d\d \d\d:\d\d  was told in a text how to stop\n", told)
    assert "wrote to us by sms (reply 1): open" in told
    assert "acted for budget: told, noted 20" in told
    assert "call my mother" not in told

    (story,) = json.loads(cli.run("subscribers", "show", str(maria), "--json").stdout)["subscribers"]
    assert [event["status"] for event in story["messages"][0]["events"]] == ["failed"]
    assert {one["channel"]: one["reason"] for one in story["alerts"]}["sms"] == "wasn't on its lists"
    assert (story["to_be_forgotten"], "words" in story["more"]["replies"][0]) == (True, False)
    assert "call my mother" in cli.run("subscribers", "show", str(maria), "--reveal").stdout
