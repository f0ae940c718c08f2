"""What providers tell: proved, written down once, and only then answered."""

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from callback_calls import (
    LOGIN,
    NOW,
    PERSON,
    PUBLIC,
    TOPIC,
    TWILIO_TOKEN,
    amazon,
    as_json,
    basic,
    caller,
    notification,
    request,
    sendgrid_keys,
    sns,
)
from callback_site import Switchboard, answers_at_once
from sqlalchemy import text as sql
from web_site import Site

from dispatcher.callbacks.base import LONGEST_BODY, RawRequest
from dispatcher.callbacks.registry import RECEIVERS
from dispatcher.callbacks.ses import Ses
from dispatcher.house import House
from dispatcher.web.guards import LARGEST_BODY

each_provider = pytest.mark.parametrize("name", sorted(RECEIVERS))
HARD = "hard_bounce"


@pytest.fixture
def ours(open_house_with: Callable[..., House]) -> Switchboard:
    return Switchboard(open_house_with(public_url=PUBLIC))


def told_of(name: str, reference: str = "") -> tuple[str, str, str]:
    return (name, str(caller(name).kind), reference or caller(name).reference)


@each_provider
def test_a_genuine_call_is_kept_and_then_answered(ours: Switchboard, name: str) -> None:
    answer = ours.call(name, caller(name).call())
    assert (answer.status, answer.text) == (200, "")
    assert ours.stored() == [told_of(name)]


@each_provider
def test_a_call_that_is_repeated_is_answered_the_same_and_kept_once(ours: Switchboard, name: str) -> None:
    call = caller(name).call()
    assert [answer.status for answer in ours.calls(name, [call] * 3)] == [200] * 3
    assert ours.call(name, call).status == 200
    assert ours.stored() == [told_of(name)]


def test_one_call_at_two_sites_at_once_is_kept_once(any_house: House) -> None:
    boards = [Switchboard(any_house) for _ in range(4)]
    call = caller("mailgun").call()
    answers = answers_at_once(boards, "mailgun", [call] * 4)
    assert [answer.status for answer in answers] == [200] * 4
    assert boards[0].stored() == [told_of("mailgun")]


@each_provider
def test_a_call_signed_by_somebody_else_is_refused_and_not_kept(ours: Switchboard, name: str) -> None:
    others = Switchboard(ours.house, {name: caller(name).stranger})
    answer = others.call(name, caller(name).call())
    assert (answer.status, answer.text) == (400, "forged\n")
    assert ours.number() == 0


@each_provider
def test_a_call_that_was_cut_short_is_refused_and_not_kept(ours: Switchboard, name: str) -> None:
    call = caller(name).call()
    for length in (0, 1, len(call.body) // 2, len(call.body) - 1):
        assert ours.call(name, replace(call, body=call.body[:length])).status == 400
    assert ours.number() == 0


@each_provider
def test_a_changed_call_is_refused_or_tells_nothing_new(ours: Switchboard, name: str) -> None:
    """Replayed with another body: refused where bodies are signed, and where the proof was used already."""
    provider = caller(name)
    call = provider.call()
    assert ours.call(name, call).status == 200
    changed = replace(call, body=call.body.replace(b"maria", b"jorge").replace(b"30005", b"30006"))
    assert changed.body != call.body
    # A login alone covers nothing: such a provider's repeated calls look as all its others do.
    covered = provider.signs_body or provider.receiver.signs_token_only
    assert ours.call(name, changed).status == (400 if covered else 200)
    assert ours.stored() == [told_of(name)]


@each_provider
def test_a_call_replayed_when_it_is_no_longer_fresh_is_refused(ours: Switchboard, name: str) -> None:
    provider = caller(name)
    window, call = provider.receiver.max_age, provider.call()
    if window is None:
        later = ours.call(name, call, at=NOW + timedelta(days=1))
        assert (later.status, ours.stored()) == (200, [told_of(name)])
        return
    for at in (NOW + window + timedelta(minutes=1), NOW - timedelta(minutes=6)):
        answer = ours.call(name, call, at=at)
        assert (answer.status, answer.text) == (400, "stale\n")
    assert ours.number() == 0


@pytest.mark.parametrize("first", ["opened", "clicked", "delivered"])
def test_a_token_of_mailgun_counts_for_one_body_also_after_a_restart(ours: Switchboard, first: str) -> None:
    mailgun = caller("mailgun")
    told = json.loads(mailgun.body) | {"event": first}
    call = mailgun.call(as_json(told))
    assert ours.call("mailgun", call).status == 200
    restarted = Switchboard(ours.house)
    assert restarted.call("mailgun", call).status == 200
    replayed = restarted.call("mailgun", mailgun.call())
    assert (replayed.status, replayed.text) == (400, "replayed\n")
    assert HARD not in {kind for _, kind, _ in ours.stored()}


def test_of_two_bodies_with_one_token_at_once_one_is_believed(ours: Switchboard) -> None:
    mailgun = caller("mailgun")
    other = as_json(json.loads(mailgun.body) | {"recipient": "jorge@example.org"})
    answers = ours.calls("mailgun", [mailgun.call(), mailgun.call(other)])
    assert sorted(answer.status for answer in answers) == [200, 400]
    assert ours.number() == 1


def test_calls_that_come_together_are_each_kept_and_answered_for_themselves(ours: Switchboard) -> None:
    sendgrid = caller("sendgrid")
    one = json.loads(sendgrid.body)[0]
    batches = [
        sendgrid.call(as_json([one | {"sg_event_id": f"{batch}-{n}"} for n in range(batch)]))
        for batch in range(20)
    ]
    forged = replace(batches[3], body=batches[4].body)
    answers = ours.calls("sendgrid", [*batches, forged])
    assert [answer.status for answer in answers] == [200] * 20 + [400]
    assert ours.number() == sum(range(20))


def change_database(house: House, statement: str) -> None:
    with house.db.transaction() as session:
        session.execute(sql(statement))


def test_one_call_that_the_database_refuses_spoils_no_other(ours: Switchboard) -> None:
    odd = "BEGIN SELECT RAISE(ABORT, 'odd'); END"
    change_database(
        ours.house, f"CREATE TRIGGER odd BEFORE INSERT ON provider_events WHEN NEW.code = '30005' {odd}"
    )
    twilio = caller("twilio")
    told = {"MessageStatus": "delivered", "To": "+13125550123"}
    others = [twilio.call(as_json(told | {"MessageSid": f"SM{n}"})) for n in range(5)]
    answers = ours.calls("twilio", [*others, twilio.call()])
    assert [answer.status for answer in answers] == [200] * 5 + [503]
    assert ours.number() == 5


def test_what_could_not_be_written_down_is_to_be_told_again(
    ours: Switchboard, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ses = caller("ses")
    change_database(ours.house, "ALTER TABLE provider_events RENAME TO gone")
    answer = ours.call("ses", ses.call())
    assert (answer.status, answer.text, answer.headers["retry-after"]) == (503, "busy\n", "10")
    assert ours.call("ses", ses.call()).status == 503
    (line,) = [one.getMessage() for one in caplog.records if one.name == "dispatcher.web"]
    assert line == "Calls of providers can't be written down, and are to be made again: database_unreachable."
    change_database(ours.house, "ALTER TABLE gone RENAME TO provider_events")
    assert ours.call("ses", ses.call()).status == 200
    assert ours.stored() == [told_of("ses")]


@each_provider
def test_no_log_line_tells_anything_of_a_call(
    ours: Switchboard, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level(logging.DEBUG)
    call = caller(name).call()
    change_database(ours.house, "ALTER TABLE provider_events RENAME TO gone")
    ours.call(name, call)
    ours.call(name, replace(call, headers={}))
    for secret in (PERSON, "3125550123", caller(name).reference + ".", "5.1.1"):
        assert secret not in caplog.text


def test_a_call_that_tells_nothing_to_keep_is_answered_all_the_same(ours: Switchboard) -> None:
    assert ours.call("ses", request(sns(notification("Successfully validated")), {})).status == 200
    assert ours.call("sendgrid", caller("sendgrid").call(b"[]")).status == 200
    assert ours.number() == 0


def test_amazon_is_asked_for_its_login_and_then_confirmed(house: House) -> None:
    asked: list[str] = []

    def fetch(url: str) -> bytes | None:
        asked.append(url)
        return amazon(url)

    board = Switchboard(house, {"ses": Ses({TOPIC}, fetch, [LOGIN])})
    confirm = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    message = notification("You have chosen") | {
        "Type": "SubscriptionConfirmation",
        "SubscribeURL": confirm,
        "Token": "t",
    }
    call = request(sns(message), {"Content-Type": "text/plain"})
    refused = board.call("ses", call)
    assert (refused.status, refused.headers["www-authenticate"]) == (401, 'Basic realm="callbacks"')
    assert asked == []
    assert board.call("ses", replace(call, headers=basic(LOGIN))).status == 200
    assert asked[-1] == confirm


# Through the whole site


@pytest.fixture
def site(site_with: Callable[..., Site]) -> Site:
    return site_with(
        public_url=PUBLIC,
        sms_url=f"twilio://AC{'0' * 32}:{TWILIO_TOKEN}@?from=%2B13125550199",
        sendgrid_key=sendgrid_keys()[1],
    )


def headers_of(call: RawRequest) -> dict[str, str]:
    return {name: value for name, value in call.headers.items() if name != "Content-Type"}


def test_the_site_takes_calls_as_programs_make_them_whatever_host_they_name(site: Site) -> None:
    call = caller("twilio").call()
    path = call.url.removeprefix(PUBLIC)
    named = {"Host": "evil.example.org", "Origin": "https://elsewhere.example", **call.headers}
    assert site.ask("POST", path, call.body, named).status == 200
    assert site.ask("POST", path + "&more=1", call.body, named).status == 400
    assert site.ask("GET", path).status == 405


def test_a_provider_that_is_not_set_up_is_told_so(site: Site) -> None:
    for name in ("postmark", "nobody", "twilio/x"):
        assert site.post(f"/callbacks/{name}", b"x").status == 404


def test_a_long_batch_is_taken_and_an_endless_one_refused(site: Site) -> None:
    sendgrid = caller("sendgrid")
    one = json.loads(sendgrid.body)[0]
    batch = as_json([one | {"sg_event_id": str(n)} for n in range(400)])
    assert len(batch) > LARGEST_BODY
    call = sendgrid.call(batch, at=datetime.now(UTC))
    assert site.ask("POST", "/callbacks/sendgrid", call.body, call.headers).status == 200
    endless = site.ask("POST", "/callbacks/sendgrid", b"x" * (LONGEST_BODY + 1), call.headers)
    assert endless.status == 413
    assert site.ask("POST", "/callbacks/postmark", b"x" * (LARGEST_BODY + 1)).status == 413
    assert Switchboard(site.house).number() == 400
