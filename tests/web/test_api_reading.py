"""The API as a CRM reads it: each answer with the key for it, and no more than that key may know."""

import json
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any

import pytest
from openapi_spec_validator import validate
from people import add_list, add_person, suppress_person
from sent_messages import sent_message
from sqlalchemy import update
from web_site import Answer, Site

from dispatcher.models import Action, Alert, DeliveryLogEntry, Reply
from dispatcher.rules.actions import ActionHow
from dispatcher.rules.alert import Channel
from dispatcher.rules.free_text import Tier
from dispatcher.rules.moves import Status
from dispatcher.rules.webhooks import Kind
from dispatcher.usecases.api_keys import Scope, add_key
from dispatcher.usecases.webhooks.registering import add_webhook

HOOK = "https://203.0.113.7/hooks/a-secret"
EVERYTHING = {
    ("GET", "/campaigns"): Scope.FOLLOW,
    ("GET", "/alerts"): Scope.FOLLOW,
    ("GET", "/alerts/1"): Scope.FOLLOW,
    ("GET", "/alerts/1/log"): Scope.FOLLOW,
    ("GET", "/alerts/1/report"): Scope.FOLLOW,
    ("GET", "/lists/counts"): Scope.FOLLOW,
    ("GET", "/suppressions"): Scope.FOLLOW,
    ("GET", "/actions"): Scope.FOLLOW,
    ("GET", "/webhooks"): Scope.FOLLOW,
    ("GET", "/subscribers/1"): Scope.PEOPLE,
    ("POST", "/subscribers/find"): Scope.PEOPLE,
    ("GET", "/replies"): Scope.REPLIES,
}


class Crm:
    """A CRM with keys, beside a house in which something has happened to one person."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._keys: dict[frozenset[Scope], str] = {}
        house = site.house
        self.list = add_list(house, "daca", "Renewals", sensitive=True)
        self.votes = add_list(house, "vote", "Votes")
        rosa: dict[str, Any] = {"email": "rosa@example.org", "phone": "312-555-0142", "first_name": "Rosa"}
        self.person = add_person(house, **rosa, lists=["daca", "vote"])
        message = sent_message(house, self.person)
        suppress_person(house, self.person, Channel.SMS)
        long_ago = datetime(2026, 1, 2, tzinfo=UTC)
        with house.db.transaction() as session:
            session.get_one(Alert, 1).audience = '{"lists": ["daca"]}'
            line = {"at": long_ago, "message_id": message, "alert_id": 1, "channel": Channel.EMAIL}
            session.add(DeliveryLogEntry(**line, status=Status.SENT, subscriber_id=self.person))
            session.add(Action(campaign_id=1, subscriber_id=self.person, at=long_ago, how=ActionHow.REPORTED))
            of = {"channel": Channel.SMS, "address_key": b"k" * 16, "subscriber_id": self.person}
            session.add_all(Reply(tier=Tier.LOOK, language="es", words="Call me!", **of) for _ in range(3))
            add_webhook(session, HOOK, [Kind.MESSAGE_SENT])

    def ask(
        self, method: str, path: str, body: Any = None, scopes: Collection[Scope] = tuple(Scope)
    ) -> Answer:
        key = self._keys.get(frozenset(scopes)) or self._add(frozenset(scopes))
        given = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        raw = None if body is None else json.dumps(body).encode()
        return self.site.ask(method, f"/api/v1{path}", raw, given)

    def get(self, path: str, *scopes: Scope) -> dict[str, Any]:
        """What is told at a path, with a key for everything unless scopes are given."""
        answer = self.ask("GET", path, scopes=scopes or tuple(Scope))
        assert answer.status == 200, answer.text
        told: dict[str, Any] = json.loads(answer.text)
        return told

    def _add(self, scopes: frozenset[Scope]) -> str:
        with self.site.house.db.transaction() as session:
            key = add_key(session, f"key-{len(self._keys)}", scopes)
        return self._keys.setdefault(scopes, key)


@pytest.fixture
def crm(site_with: Callable[..., Site], redis_url: str) -> Crm:
    return Crm(site_with(redis_url=redis_url))


def test_every_answer_takes_the_scope_that_it_says_and_no_other(crm: Crm) -> None:
    for (method, path), scope in EVERYTHING.items():
        body = {"email": "rosa@example.org"} if method == "POST" else None
        assert crm.ask(method, path, body, scopes={scope}).status == 200, path
        refused = crm.ask(method, path, body, scopes=set(Scope) - {scope})
        assert refused.status == 403, path
        assert f"lacks the scope {scope}" in refused.text


def test_without_the_scope_for_it_no_answer_names_what_is_sensitive(crm: Crm) -> None:
    but_sensitive = set(Scope) - {Scope.SENSITIVE}
    for method, path in EVERYTHING:
        body = {"phone": "312-555-0142"} if method == "POST" else None
        told = crm.ask(method, path, body, scopes=but_sensitive).text.lower()
        assert not [word for word in ("daca", "renewals", "rosa", "312-555", "a-secret") if word in told], (
            path
        )
    public = crm.get("/subscribers/1", *but_sensitive)["subscriptions"]
    assert {one["list"] for one in public} == {crm.votes}
    named = [crm.get(path) for path in ("/campaigns", "/alerts", "/lists/counts")]
    assert [found["campaigns"][0]["slug"] for found in named[:1]] == ["daca"]
    assert named[1]["alerts"][0]["campaign"] == "daca"
    assert named[2]["lists"][0]["public_name"] == "Renewals"
    assert crm.get("/alerts/1/report")["campaign"] == "daca"
    whole = [one["list"] for one in crm.get("/subscribers/1")["subscriptions"]]
    assert whole == [crm.list, crm.list, crm.votes, crm.votes]


def test_without_the_scope_for_it_nothing_says_who_is_on_a_sensitive_list(crm: Crm) -> None:
    but_sensitive = set(Scope) - {Scope.SENSITIVE}
    with crm.site.house.db.transaction() as session:
        session.execute(update(Reply).values(alert_id=1))
    hidden = add_person(crm.site.house, email="quiet@example.org", lists=["daca"])
    for scopes, is_told in ((but_sensitive, False), (set(Scope), True)):
        (row,) = crm.get("/alerts/1/log", *scopes)["rows"]
        assert row["subscriber"] == (crm.person if is_told else None)
        assert {one["alert"] for one in crm.get("/replies", *scopes)["replies"]} == {1 if is_told else None}
        found = crm.ask("POST", "/subscribers/find", {"email": "quiet@example.org"}, scopes=scopes)
        assert len(json.loads(found.text)["subscribers"]) == is_told
        status = crm.ask("GET", f"/subscribers/{hidden}", scopes=scopes).status
        assert status == (200 if is_told else 404)


def test_what_happened_is_told_by_numbers(crm: Crm) -> None:
    log = crm.get("/alerts/1/log?limit=1")
    assert [(row["message"], row["status"]) for row in log["rows"]] == [(1, "sent")]
    assert crm.get(f"/alerts/1/log?after={log['next']}")["rows"] == []
    assert crm.get("/alerts/1")["counts"] == {"email": {"sent": 1}}
    assert crm.get("/actions") == {"campaigns": [{"campaign": 1, "people": 1, "acts": {"reported": 1}}]}
    assert crm.get("/suppressions")["suppressions"] == [{"channel": "sms", "reason": "stop", "addresses": 1}]
    (hook,) = crm.get("/webhooks")["webhooks"]
    assert (hook["host"], hook["events"]) == ("203.0.113.7", ["message.sent"])


def test_who_writes_back_is_counted_and_their_words_take_a_scope_of_their_own(crm: Crm) -> None:
    first = crm.get("/replies?limit=2", Scope.REPLIES)
    assert (first["waiting"], len(first["replies"])) == (3, 2)
    assert "Call me" not in json.dumps(first)
    rest = crm.get(f"/replies?limit=2&after={first['next']}", Scope.REPLIES, Scope.REPLY_WORDS)
    assert [one["words"] for one in rest["replies"]] == ["Call me!"]
    assert rest["next"] is None


def test_an_address_is_asked_for_in_a_body_and_never_answered(crm: Crm) -> None:
    for body in ({"email": "ROSA@example.org"}, {"phone": "+13125550142"}):
        answer = crm.ask("POST", "/subscribers/find", body)
        (found,) = json.loads(answer.text)["subscribers"]
        assert found["subscriber"] == crm.person
        assert "rosa" not in answer.text
    nobody = crm.ask("POST", "/subscribers/find", {"email": "nobody@example.org"})
    assert json.loads(nobody.text) == {"subscribers": []}
    for body in ({}, {"email": "rosa@example.org", "phone": "312-555-0142"}, {"email": "rosa"}):
        assert crm.ask("POST", "/subscribers/find", body).status == 422


def test_what_is_not_there_is_a_404_and_what_cannot_be_is_a_422(crm: Crm) -> None:
    for path in ("/alerts/9", "/alerts/9/log", "/alerts/9/report", "/subscribers/9"):
        answer = crm.ask("GET", path)
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json"), path
    wrong = (
        "/alerts/0",
        "/alerts/x",
        f"/alerts/{2**31}",
        f"/alerts/{'9' * 5000}",
        "/alerts?limit=0",
        "/alerts?limit=201",
    )
    for path in (*wrong, "/alerts/1/log?after=x", "/alerts?before=0", "/replies?after=-1"):
        assert crm.ask("GET", path).status == 422, path


def test_its_description_is_valid_and_says_everything(crm: Crm) -> None:
    described = json.loads(crm.site.get("/api/v1/openapi.json").text)
    validate(described)
    told = {
        (method.upper(), path.replace("{number}", "1"))
        for path, methods in described["paths"].items()
        for method in methods
    }
    assert told >= set(EVERYTHING)
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["description"], where
            assert operation["security"] == [{"HTTPBearer": []}], where
            assert {"401", "403", "422", "429", "503"} <= set(operation["responses"]), where
            assert ("404" in operation["responses"]) is ("{" in path), where
            assert "x-scope" in operation, where


def test_every_answer_that_is_described_has_an_example(crm: Crm) -> None:
    schemas = json.loads(crm.site.get("/api/v1/openapi.json").text)["components"]["schemas"]
    for name in (
        "AlertStatus",
        "Campaign",
        "LogRow",
        "ListSeen",
        "Person",
        "SuppressionCount",
        "ActionCount",
    ):
        assert schemas[name]["examples"], name
