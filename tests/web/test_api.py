"""The API, as an organisation's own site uses it, and as somebody else would like to."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from joining_desk import JoiningDesk
from people import add_list, add_person
from sqlalchemy import select
from web_site import Answer, Site

from dispatcher.models import ApiKey, Notice, SignUp, SignUpAddress, Subscription, Suppression
from dispatcher.rules.alert import Channel
from dispatcher.usecases.api_keys import Scope, add_key, revoke_key

SUBSCRIBE, LEAVE, LISTS = "/api/v1/subscriptions", "/api/v1/unsubscriptions", "/api/v1/lists"
WORDS = "Yes, send me emails about voting rights. I can stop them at any time."
TAKEN = {"status": "accepted"}


class Client:
    """A site of the organisation's with a key."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.desk = JoiningDesk(site.house)
        self.list = self.desk.add_list("vote", name="Voting rights")
        with site.house.db.transaction() as session:
            self.key = add_key(session, "our-website", set(Scope))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        given = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        return self.site.ask(method, path, raw, given | named)

    def sign_up(self, **more: Any) -> Answer:
        return self.ask("POST", SUBSCRIBE, self.form(**more))

    def form(self, **more: Any) -> dict[str, Any]:
        page, shown = "https://tenants.org/join", {"email": WORDS}
        form = {"email": "rosa@mail.us", "lists": [self.list], "disclosures": shown, "page": page}
        return form | more

    def rows(self, kind: Any) -> list[Any]:
        with self.site.house.db.reading() as session:
            return list(session.scalars(select(kind)))


@pytest.fixture
def client(site_with: Callable[..., Site], redis_url: str) -> Client:
    return Client(site_with(redis_url=redis_url))


def problem(answer: Answer) -> dict[str, Any]:
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = json.loads(answer.text)
    assert told["status"] == answer.status
    return told


def test_a_sign_up_is_begun_with_the_very_words_that_were_shown(client: Client) -> None:
    answer = client.sign_up(language="es", read_in="en", postal_code="60604-1234")
    assert (answer.status, json.loads(answer.text)) == (202, TAKEN)
    (sign_up,) = client.rows(SignUp)
    assert (sign_up.language, sign_up.read_in, sign_up.postal_code) == ("es", "en", "60604")
    assert (sign_up.source, sign_up.page, sign_up.ip_address) == ("API", "https://tenants.org/join", None)
    (notice,) = client.rows(Notice)
    assert (notice.kind, notice.address) == ("confirm", "rosa@mail.us")
    assert client.rows(Subscription) == []
    assert len(client.rows(SignUpAddress)) == 1


def test_the_answer_is_the_same_whether_an_address_is_known_or_had_its_share(client: Client) -> None:
    add_list(client.site.house)
    add_person(client.site.house, email="known@mail.us")
    answers = [client.sign_up(email=to) for to in ["known@mail.us", "new@mail.us"] + ["rosa@mail.us"] * 5]
    told = {(answer.status, answer.text) for answer in answers}
    assert told == {(202, json.dumps(TAKEN, separators=(",", ":")))}
    assert len(client.rows(Notice)) == 3
    assert {tuple(sorted(set(answer.headers) - {"date"})) for answer in answers} == {
        tuple(sorted(set(answers[0].headers) - {"date"}))
    }


def test_lists_are_told_by_number_and_public_name_and_sensitive_ones_are_not(client: Client) -> None:
    client.desk.add_list("daca", name="Renewals", sensitive=True)
    also = client.desk.add_list("vote-2", name="Voting rights")
    answer = client.ask("GET", LISTS)
    assert json.loads(answer.text) == {"lists": [{"number": client.list, "name": "Voting rights"}]}
    client.sign_up()
    assert json.loads(client.rows(SignUp)[0].list_ids) == [client.list, also]


def test_somebody_leaves_a_list_or_everything(client: Client) -> None:
    house = client.site.house
    add_person(house, email="rosa@mail.us", phone="312-555-0142", lists=["vote"])
    body = {"email": "Rosa@Mail.us", "lists": [client.list]}
    assert client.ask("POST", LEAVE, body).status == 202
    left = {row.channel: row.left_at is not None for row in client.rows(Subscription)}
    assert left == {Channel.EMAIL: True, Channel.SMS: False}
    assert client.rows(Suppression) == []
    gone = client.ask("POST", LEAVE, {"phone": "312-555-0142", "email": "stranger@mail.us"})
    assert (gone.status, json.loads(gone.text)) == (202, TAKEN)
    assert len(client.rows(Suppression)) == 2


def test_a_key_that_is_nobodys_is_refused(client: Client) -> None:
    for key in ("", "dispatch", "dispatch_1_" + "x" * 43, "dispatch_999_" + "x" * 43, "\xff"):
        answer = client.ask("POST", SUBSCRIBE, client.form(), Authorization=f"Bearer {key}")
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert problem(answer)["detail"] == "Show a key of ours."
    assert client.rows(Notice) == []


def test_guessing_keys_is_slowed_down_and_the_right_one_still_works(client: Client) -> None:
    tried = [client.ask("GET", LISTS, Authorization="Bearer dispatch_1_" + "x" * 43) for _ in range(12)]
    assert [answer.status for answer in tried] == [401] * 10 + [429] * 2
    assert tried[-1].headers["retry-after"] == "60"
    assert client.ask("GET", LISTS).status == 200


def test_a_key_does_only_what_it_is_for(client: Client) -> None:
    with client.site.house.db.transaction() as session:
        reading = add_key(session, "a-poster", {Scope.READ})
    answer = client.ask("POST", SUBSCRIBE, client.form(), Authorization=f"Bearer {reading}")
    assert problem(answer)["detail"] == "This key may not do that: it lacks the scope subscribe."
    assert answer.status == 403
    assert client.ask("GET", LISTS, Authorization=f"Bearer {reading}").status == 200


def test_a_key_that_was_taken_back_is_nobodys(client: Client) -> None:
    with client.site.house.db.transaction() as session:
        revoke_key(session, "our-website")
    assert client.sign_up().status == 401


def test_a_key_is_kept_as_a_hash_and_its_use_as_a_day(client: Client) -> None:
    client.ask("GET", LISTS)
    (kept,) = client.rows(ApiKey)
    secret = client.key.rpartition("_")[2]
    assert secret.encode() not in kept.key_hash
    assert kept.last_used is not None
    assert type(kept.last_used).__name__ == "date"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"email": "rosa"}, "email"),
    ({"email": "rosa@mail.us\x00"}, "email"),
    ({"email": None}, "body"),
    ({"phone": "555"}, "phone"),
    ({"phone": "312-555-0142"}, "body"),  # no words were shown for texts
    ({"lists": []}, "lists"),
    ({"lists": [0]}, "lists.0"),
    ({"lists": ["vote"]}, "lists.0"),
    ({"lists": [2**63]}, "lists.0"),
    ({"language": "es\r\nX: y"}, "language"),
    ({"postal_code": "60604; DROP TABLE"}, "postal_code"),
    ({"disclosures": {"email": ""}}, "disclosures.email"),
    ({"disclosures": {"email": "a\x00b"}}, "disclosures.email"),
    ({"disclosures": {"email": "x" * 2001}}, "disclosures.email"),
    ({"disclosures": {"email": "\ud800"}}, "disclosures.email"),
    ({"page": "javascript:alert(1)"}, "page"),
    ({"page": "https://tenants.org/\x00"}, "page"),
    ({"admin": True}, "admin"),
]


def test_a_field_that_cannot_be_used_is_named_and_never_repeated(client: Client) -> None:
    for changed, field in WRONG:
        answer = client.sign_up(**changed)
        assert answer.status == 422, changed
        assert field in [error["field"] for error in problem(answer)["errors"]], changed
        assert not any(word in answer.text for word in ("rosa", "312-555", "DROP", "alert(1)"))
    assert client.rows(SignUp) == []


def test_a_list_that_is_closed_or_none_cannot_be_joined_or_left(client: Client) -> None:
    closed = add_list(client.site.house, "staff", "Staff")
    for number in (closed, 999):
        assert problem(client.sign_up(lists=[number]))["status"] == 422
    assert problem(client.ask("POST", LEAVE, {"email": "rosa@mail.us", "lists": [999]}))["status"] == 422
    assert client.rows(SignUp) == []


UNREADABLE = [
    (b"{", "application/json", 422),
    (b"\xff\xfe", "application/json", 422),
    (b"[" * 60000, "application/json", 400),
    (b"null", "application/json", 422),
    (b"", "application/json", 422),
    (b"email=rosa%40mail.us", "application/x-www-form-urlencoded", 415),
    (b'{"email": "rosa@mail.us"}', "text/plain", 415),
    (b"x" * 70_000, "application/json", 413),
]


def test_what_is_not_json_or_too_much_is_refused(client: Client) -> None:
    for body, kind, status in UNREADABLE:
        answer = client.ask("POST", SUBSCRIBE, body, Content_Type=kind)
        assert answer.status == status, body[:20]
        assert "rosa" not in answer.text


def test_no_other_site_may_read_the_answers(client: Client) -> None:
    asked = client.ask(
        "OPTIONS", SUBSCRIBE, Origin="https://evil.example", Access_Control_Request_Method="POST"
    )
    assert asked.status == 405
    answer = client.ask("GET", LISTS, Origin="https://evil.example")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_it_describes_itself_without_a_script(client: Client) -> None:
    described = json.loads(client.site.get("/api/v1/openapi.json").text)
    assert described["info"]["title"] == "Dispatcher"
    assert set(described["paths"]) >= {"/subscriptions", "/unsubscriptions", "/lists", "/actions"}
    assert described["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert "application/problem+json" in described["paths"]["/lists"]["get"]["responses"]["429"]["content"]
    assert [client.site.get(f"/api/v1/{page}").status for page in ("docs", "redoc", "")] == [404] * 3


def test_every_answer_carries_the_headers_of_caution(client: Client) -> None:
    for answer in (client.ask("GET", LISTS), client.ask("GET", "/api/v1/nowhere")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_without_redis_nothing_is_taken(site_with: Callable[..., Site]) -> None:
    answer = Client(site_with(redis_url="redis+socket:///tmp/nobody-listens-here.sock")).sign_up()
    assert answer.status == 503
    assert problem(answer)["detail"].startswith("That didn't work just now, and nothing was changed.")
    assert answer.headers["retry-after"] == "60"


def test_no_log_line_holds_a_key_or_an_address(
    client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        client.sign_up()
        client.sign_up(email="rosa")
        client.ask("GET", f"/api/v1/lists?key={client.key}")
    told = caplog.text + "".join(capfd.readouterr())
    assert client.key.rpartition("_")[2] not in told
    assert "rosa" not in told
