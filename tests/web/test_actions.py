"""Sites where people act tell us who did: by webhook, and by the API."""

import base64
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from people import add_list, add_person
from sqlalchemy import select
from web_site import Answer, Site

from dispatcher.models import Action, Notice, UnplacedAct
from dispatcher.rules.actions import Became
from dispatcher.rules.webhooks import signed_headers
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.api_keys import Scope, add_key, revoke_key

SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
FORMER = "whsec_" + base64.b64encode(b"f" * 32).decode()
ANA, STRANGER = "ana@mail.us", "stranger@mail.us"


class ActingSite:
    """Ana and Beto, the sensitive campaign `daca`, and a site where people act, with a key and a secret."""

    def __init__(self, site: Site) -> None:
        self.site = site
        house = site.house
        add_list(house, sensitive=True)
        self.ana = add_person(house, email=ANA, phone="312-555-0101")
        add_person(house, email="beto@mail.us", phone="312-555-0102")
        with house.db.transaction() as session:
            self.campaign = campaign_to_act_on(session, "daca")
            self.key = add_key(session, "petitions", {Scope.ACTIONS})
            self.other_key = add_key(session, "website", {Scope.SUBSCRIBE, Scope.READ})
        self.path = f"/actions/{self.campaign}"

    def post(self, body: Any, path: str = "", **headers: str) -> Answer:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.site.ask("POST", path or self.path, raw, {"Content-Type": "application/json"} | named)

    def signed(self, body: bytes, *, secret: str = SECRET, ago: int = 0, sent: bytes | None = None) -> Answer:
        headers = signed_headers([secret], "msg_1", int(time.time()) - ago, body)
        return self.post(body if sent is None else sent, **headers)

    def ask(self, rows: Any, key: str = "") -> Answer:
        return self.post(rows, "/api/v1/actions", Authorization=f"Bearer {key or self.key}")

    def rows(self, kind: Any) -> list[Any]:
        with self.site.house.db.reading() as session:
            return list(session.scalars(select(kind)))


@pytest.fixture
def acting(site_with: Callable[..., Site], redis_url: str) -> ActingSite:
    return ActingSite(site_with(redis_url=redis_url, actions_secret=f"{SECRET},{FORMER}"))


def test_a_signed_call_is_believed_and_a_replayed_one_changes_nothing(acting: ActingSite) -> None:
    body = json.dumps({"email": ANA}).encode()
    for secret in (SECRET, FORMER, SECRET):
        answer = acting.signed(body, secret=secret)
        assert (answer.status, json.loads(answer.text)) == (200, {"status": "accepted", "acts": 1})
    signed_at = [acting.signed(body, ago=ago).status for ago in (120, 60)]  # also across midnight
    assert signed_at == [200, 200]
    act, *same_again = acting.rows(Action)
    assert act.subscriber_id == acting.ana
    assert len(same_again) <= 1  # the minutes may lie on both sides of a midnight
    (thanks,) = acting.rows(Notice)
    assert (thanks.kind, thanks.address) == ("thanks", ANA)


def test_a_signed_call_counts_for_one_campaign(acting: ActingSite) -> None:
    with acting.site.house.db.transaction() as session:
        other = campaign_to_act_on(session, "senators")
    body = json.dumps({"email": ANA}).encode()
    call = signed_headers([SECRET], "msg_1", int(time.time()), body)
    answers = [acting.post(body, path, **call) for path in ("", f"/actions/{other}", "/actions/999", "")]
    assert [answer.status for answer in answers] == [200, 409, 409, 200]
    assert [act.campaign_id for act in acting.rows(Action)] == [acting.campaign]
    own = signed_headers([SECRET], "msg_2", int(time.time()), body)
    assert acting.post(body, f"/actions/{other}", **own).status == 200


@pytest.mark.parametrize("digits", [10, 30, 5000])
def test_a_number_that_no_campaign_can_have_is_not_there(acting: ActingSite, digits: int) -> None:
    path = f"/actions/{'9' * digits}"
    assert acting.post({"email": ANA}, path).status == 404
    assert acting.post({"email": ANA}, path, Authorization=f"Bearer {acting.key}").status == 404
    row = b'{"campaign": %s, "email": "%s"}' % (b"9" * digits, ANA.encode())
    answer = acting.post(b'{"actions": [%s]}' % row, "/api/v1/actions", Authorization=f"Bearer {acting.key}")
    assert answer.status in {400, 422}


def test_forged_stale_and_cut_off_calls_are_refused(acting: ActingSite) -> None:
    body = json.dumps({"email": ANA}).encode()
    foreign = "whsec_" + base64.b64encode(b"x" * 32).decode()
    answers = [
        acting.signed(body, secret=foreign),
        acting.signed(body, ago=600),
        acting.signed(body, ago=-600),
        acting.signed(body, sent=body[:-3]),
        acting.signed(body, sent=b""),
    ]
    assert [(answer.status, answer.text.strip()) for answer in answers] == [
        (400, "forged"),
        (400, "stale"),
        (400, "stale"),
        (400, "forged"),
        (400, "forged"),
    ]
    assert acting.rows(Action) == []


def test_a_key_is_shown_as_bearer_password_or_behind_the_address(acting: ActingSite) -> None:
    basic = base64.b64encode(f"anybody:{acting.key}".encode()).decode()
    answers = [
        acting.post({"email": ANA}, Authorization=f"Bearer {acting.key}"),
        acting.post({"email": ANA}, Authorization=f"Basic {basic}"),
        acting.post({"email": ANA}, f"{acting.path}/{acting.key}"),
    ]
    assert [answer.status for answer in answers] == [200, 200, 200]
    with acting.site.house.db.transaction() as session:
        revoke_key(session, "petitions")
    assert acting.post({"email": ANA}, f"{acting.path}/{acting.key}").status == 401


def test_nobody_else_is_believed(acting: ActingSite) -> None:
    answers = [
        acting.post({"email": ANA}),
        acting.post({"email": ANA}, Authorization="Basic ???"),
        acting.post({"email": ANA}, Authorization="Digest x"),
        acting.post({"email": ANA}, f"{acting.path}/dispatch_1_{'x' * 43}"),
        acting.post({"email": ANA}, Authorization=f"Bearer {acting.other_key}"),
    ]
    assert [answer.status for answer in answers] == [401, 401, 401, 401, 403]
    assert acting.rows(Action) == []


def test_the_answer_does_not_say_whom_we_know_and_strangers_are_only_counted(acting: ActingSite) -> None:
    told = [{"email": one} for one in (ANA, STRANGER, STRANGER)]
    told.append({"email": ANA, "phone": "312-555-0102"})  # Beto's
    answers = {acting.post(one, Authorization=f"Bearer {acting.key}").text for one in told}
    assert answers == {'{"status":"accepted","acts":1}'}
    counted = {one.why: one.count for one in acting.rows(UnplacedAct)}
    assert counted == {Became.UNKNOWN: 2, Became.CONFLICT: 1}
    assert len(acting.rows(Action)) == 1


def test_what_cannot_be_read_is_said_and_what_is_no_act_is_accepted(acting: ActingSite) -> None:
    bearer = {"Authorization": f"Bearer {acting.key}"}
    assert acting.post(b"{", **bearer).status == 400
    for body in ({}, [], {"email": "nobody"}, [{"action_network:upload": {"person": {"email": ANA}}}]):
        answer = acting.post(body, **bearer)
        assert (answer.status, json.loads(answer.text)["acts"]) == (200, 0)
    assert acting.post({"email": ANA}, "/actions/999", **bearer).status == 404
    assert acting.post({"email": ANA}, "/actions/daca", **bearer).status == 404
    odd = {"email": ANA, "timestamp": "2999-01-01"}  # then it was now
    assert acting.post(odd, **bearer).status == 200
    (act,) = acting.rows(Action)
    assert abs((act.at - acting.site.house.db.now()).total_seconds()) < 3600


def test_the_api_takes_many_and_names_the_rows_that_cannot_be_used(acting: ActingSite) -> None:
    number = acting.campaign
    rows = [
        {"campaign": number, "email": ANA, "at": "2026-11-05T20:15:00-06:00"},
        {"campaign": number, "email": "nobody", "phone": ""},
        {"campaign": number, "phone": "12"},
        {"campaign": 999, "email": ANA},
        {"campaign": number, "email": ANA, "at": "soon"},
        {"campaign": number, "email": STRANGER},
        {"campaign": number, "email": STRANGER, "at": "2999-01-01"},
    ]
    answer = acting.ask({"actions": rows})
    told = json.loads(answer.text)
    assert (answer.status, told["status"], told["accepted"]) == (202, "accepted", 2)
    where = [(one["row"], one["field"]) for one in told["problems"]]
    assert where == [(2, "email"), (3, "phone"), (4, "campaign"), (5, "at"), (7, "at")]
    assert "nobody" not in answer.text
    assert [one.subscriber_id for one in acting.rows(Action)] == [acting.ana]
    assert acting.rows(Notice) == []  # it was long ago


def test_a_thousand_rows_are_taken_at_once_and_no_more(acting: ActingSite) -> None:
    row = {
        "campaign": acting.campaign,
        "email": "x" * 60 + "@" + "m" * 60 + ".us",
        "at": "2026-11-05T20:15:00Z",
    }
    assert acting.ask({"actions": [row] * 1000}).status == 202
    assert acting.ask({"actions": [row] * 1001}).status == 422
    assert acting.ask({"actions": []}).status == 422
    assert acting.ask({"actions": [{"campaign": 1, "email": 5}]}).status == 422
    assert acting.ask({"actions": [row]}, acting.other_key).status == 403


def test_nothing_that_is_logged_tells_who_acted(acting: ActingSite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "dispatcher")
    acting.post({"email": ANA}, f"{acting.path}/{acting.key}")
    acting.post({"email": STRANGER}, Authorization=f"Bearer {acting.key}")
    assert not any(word in caplog.text for word in (ANA, STRANGER, acting.key))
