"""The site as an attacker meets it: every route, every kind of token, every method, on one site."""

import http.client
import json
import re
import socket
from collections.abc import Iterator
from contextlib import chdir
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode

import pytest
from attack_desk import (
    MARIA,
    PHONE,
    PUBLIC_URL,
    Town,
    confirm_token,
    first_part,
    manage_token,
    town_with,
    wrong_tokens,
)
from people import add_person
from sqlalchemy import select
from web_site import Answer

from dispatcher.channels.twilio_inbound import InboundText
from dispatcher.models import Notice, Subscription
from dispatcher.rules.alert import Channel
from dispatcher.tokens import LEAVE_PATH
from dispatcher.usecases.record_inbound import record_inbound
from dispatcher.web.guards import LARGEST_BODY
from servers.processes import wait_until

EVIL = "evil.example"
WITH_TOKENS = {"l", "c", "m", "k", "before", "go", "pictures"}
# Posted to from elsewhere: by mail providers, Twilio, others that report, sites where people act.
FOR_PROGRAMS = (LEAVE_PATH, "/twilio/", "/callbacks/", "/actions/")
# What somebody might fill any form in with.
FIELDS = {
    "address": "nobody@example.org",
    "email": "nobody@example.org",
    "agree_email": "yes",
    "code": "000000",
}
BODY = urlencode(FIELDS).encode()
NAMES = ("lang", "before", "words", "address", "email", "phone", "zip", "language", "stamp", "code", "list")


@pytest.fixture(scope="module")
def town(
    _migrated_file: Path, _redis_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with chdir(folder), town_with(_migrated_file, folder, _redis_server) as town:
        yield town


@pytest.fixture(autouse=True)
def _fresh_limits(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(town.folder)
    town.forget_limits()


class _Tags(HTMLParser):
    """The tags and attributes of a page that could run something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [tag] if tag in {"script", "iframe", "object", "embed", "base"} else []
        self.found += [name for name, _ in attrs if name.startswith("on") or name in {"style", "srcdoc"}]


def scripted(answer: Answer) -> list[str]:
    """What in a page of ours could run something."""
    tags = _Tags()
    if 'href="/pages.css"' in answer.text:
        tags.feed(answer.text)
    return tags.found


def hrefs(answer: Answer) -> list[str]:
    """Where a page leads, and where its forms go."""
    return re.findall(r'(?:href|action|src)="([^"]*)"', answer.text)


def sent(town: Town, method: str, path: str) -> Answer:
    """A page, or a form with everything filled in, by somebody who hasn't asked for anything yet."""
    town.forget_limits()
    return town.site.get(path) if method == "GET" else town.site.post(path, BODY)


def test_every_route_with_a_token_is_looked_at_here(town: Town) -> None:
    routes = {*town.routes("GET"), *town.routes("POST")}
    assert {first_part(path) for path in routes if "{token}" in path or "{ref}" in path} == WITH_TOKENS


@pytest.mark.parametrize("own", sorted(WITH_TOKENS))
def test_a_token_that_is_not_right_shows_the_same_page_and_changes_nothing(town: Town, own: str) -> None:
    wrong = wrong_tokens(town, own)
    before = town.everything()
    for method in ("GET", "POST"):
        routes = [path for path in town.routes(method) if first_part(path) == own]
        answers = [sent(town, method, town.path(route, token)) for route in routes for token in wrong]
        assert {answer.status for answer in answers} <= {404}
        assert len({answer.text for answer in answers}) <= 1
        assert not any({"location", "set-cookie"} & set(answer.headers) for answer in answers)
    assert town.everything() == before


def test_nothing_is_changed_by_opening_a_page(town: Town) -> None:
    """With valid tokens, on every route: what scanners, previews and prefetch do."""
    before = town.everything()
    for route in {*town.routes("GET"), *town.routes("POST")}:
        path = town.path(route)
        opened = route in town.routes("GET")
        assert town.site.get(path).status in ({200, 302} if opened else {405}), route
        assert town.site.ask("HEAD", path).status in ({200, 302} if opened else {405}), route
    assert town.everything() == before


def test_methods_that_a_route_does_not_know_are_refused_and_do_nothing(town: Town) -> None:
    before = town.everything()
    for route in {*town.routes("GET"), *town.routes("POST")}:
        for method in ("OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "post"):
            answer = town.site.ask(method, town.path(route), b"")
            assert answer.status == 405, (route, method)
            assert "access-control-allow-origin" not in answer.headers
    assert town.everything() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": PUBLIC_URL},
        {"Origin": f"https://{EVIL}"},
        {"Origin": f"{PUBLIC_URL}.{EVIL}"},
    ],
)
def test_no_form_may_be_sent_from_another_site(town: Town, headers: dict[str, str]) -> None:
    before = town.everything()
    for route in town.routes("POST"):
        if not route.startswith(FOR_PROGRAMS):
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            assert town.site.ask("POST", town.path(route), BODY, headers | kind).status == 403, route
    assert town.everything() == before


def test_what_is_too_big_is_refused_everywhere(town: Town) -> None:
    before = town.everything()
    paths = [*(town.path(route) for route in town.routes("POST")), "/api/v1/subscriptions", "/nowhere"]
    for path in paths:
        assert town.site.post(path, b"x" * (LARGEST_BODY + 1)).status == 413, path
    assert town.everything() == before


def test_a_poisoned_host_stands_in_no_page_redirect_feed_or_notice(town: Town) -> None:
    names = ("Host", "X-Forwarded-Host", "X-Forwarded-Server", "X-Host", "X-HTTP-Host-Override")
    poison = dict.fromkeys(names, EVIL) | {"Forwarded": f"host={EVIL}", "X-Forwarded-Proto": "gopher"}
    poison |= dict.fromkeys(("X-Forwarded-Prefix", "X-Original-URL", "X-Rewrite-URL"), f"//{EVIL}/")
    answers = [town.site.ask("GET", town.path(route), headers=poison) for route in town.routes("GET")]
    answers.append(raw(town, f"GET http://{EVIL}/lost HTTP/1.1\r\nHost: {EVIL}\r\n"))
    hosts = (f"x//{EVIL}", f"{EVIL}/..", f"u@{EVIL}", f"x?{EVIL}", f"x#{EVIL}")
    answers += [town.site.ask("GET", town.path("/l/{token}"), headers={"Host": host}) for host in hosts]
    fields = urlencode({"address": MARIA}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answers.append(town.site.ask("POST", town.path("/l/{token}") + "/choose", b"", poison))
    answers.append(town.site.ask("POST", "/lost", fields, poison | form))
    assert not any(EVIL in answer.text + str(dict(answer.headers)) for answer in answers)
    wait_until(lambda: len(links_sent(town)) == 2)
    assert all(link.startswith(f"{PUBLIC_URL}/m/") for link in links_sent(town))


def links_sent(town: Town) -> list[str]:
    """The links in the notices that somebody asked for who has lost theirs."""
    asked_for = select(Notice.facts).where(Notice.kind == "manage", Notice.facts.is_not(None))
    with town.site.house.db.reading() as session:
        return [json.loads(facts or "{}")["link"] for facts in session.scalars(asked_for)]


@pytest.mark.parametrize(
    "target",
    [
        f"//{EVIL}",
        f"/\\{EVIL}",
        f"/%5c{EVIL}",
        f"/%2f{EVIL}",
        f"https://{EVIL}",
        f"https:{EVIL}",
        f"@{EVIL}",
        f"https://p2a.co@{EVIL}/",
    ],
)
def test_nothing_leads_to_where_an_attacker_likes(town: Town, target: str) -> None:
    """By path, and by every query that somebody might have thought of."""
    query = urlencode(dict.fromkeys(("url", "next", "to", "lang", "before", "redirect"), target))
    paths = [target if target.startswith("/") else f"/{target}"]
    paths += [f"/{room}/{target}" for room in ("go", "k", "before", "l")]
    paths += [f"{town.path(route)}?{query}" for route in town.routes("GET")]
    for path in paths:
        answer = town.site.get(path, accept="text/html")
        assert answer.headers.get("location", "https://p2a.co/budget") == "https://p2a.co/budget"
        leading_away = [href for href in hrefs(answer) if re.match(r"[\s/\\]*[/\\]{2}|\w+:", href)]
        assert not any(EVIL in href for href in leading_away), path
    location = town.site.get(f"{town.path('/go/{ref}')}?{query}").headers["location"]
    assert location == "https://p2a.co/budget"


@pytest.mark.parametrize(
    "hostile",
    [
        '"><script>alert(1)</script>',
        "'\" onload=alert(1) x='",
        "{{ 7919 * 7907 }}{% x %}",
        "a\r\nSet-Cookie: a=1",
    ],
)
def test_what_is_sent_never_becomes_html_template_or_header(town: Town, hostile: str) -> None:
    named = urlencode(dict.fromkeys(NAMES, hostile))
    answers = [town.site.get(f"{town.path(route)}?{named}") for route in town.routes("GET")]
    for route in ("/join", "/lost", "/texts", "/m/{token}/new/{channel:str}", "/m/{token}/code"):
        town.forget_limits()
        answers.append(town.site.post(town.path(route), named.encode()))
    for answer in answers:
        assert not scripted(answer)
        assert str(7919 * 7907) not in answer.text
        assert "set-cookie" not in answer.headers
        assert not any("Set-Cookie" in value for value in answer.headers.values())


@pytest.mark.parametrize(
    "path",
    [
        *(
            f"/{room}/{up}"
            for room in ("pictures", "v/1/1", "go", "texts", "join")
            for up in (
                "../../etc/passwd",
                "..%2f..%2fetc%2fpasswd",
                "....//etc/passwd",
                "%2e%2e/%2e%2e/etc/passwd",
            )
        ),
        *(
            "/../../etc/passwd",
            "/pages.css/../../page.html",
            "/pages/page.html",
            "/templates/pages/page.html",
        ),
        *("/var/dispatch.db", "/pages.css%00", "/.env", "/v/1/1/en%00", "/v/1/1/../campaign.toml"),
    ],
)
def test_no_path_leads_to_a_file(town: Town, path: str) -> None:
    answer = raw(town, f"GET {path} HTTP/1.1\r\nHost: x\r\n")
    assert answer.status == 404
    assert not any(word in answer.text for word in ("root:", "{% block", "data_key", "action_url"))


KNOWN, UNKNOWN, GONE = MARIA, "nobody@example.org", "gone@example.org"
NUMBERS = {KNOWN: PHONE, UNKNOWN: "+13125550109", GONE: "+13125550102"}


def api(town: Town, path: str, facts: dict[str, object]) -> tuple[int, bytes, list[str]]:
    body = json.dumps(facts).encode()
    return town.asked(f"/api/v1/{path}", body, "application/json", authorization=f"Bearer {town.api_key}")


def test_signing_up_is_the_same_work_and_the_same_answer_whoever_it_is(town: Town) -> None:
    shown = {"email": "Yes, write to me.", "sms": "Yes, text me."}
    facts: dict[str, object] = {"lists": [2], "disclosures": shown, "page": "https://example.org/join"}
    api(town, "lists", {})  # the key is used for the first time today
    first: dict[str, object] = {"email": "first@example.org", "phone": "+13125550103"}
    api(town, "subscriptions", facts | first)  # and the words are new
    asked = [
        api(town, "subscriptions", {**facts, "email": who, "phone": number})
        for who, number in NUMBERS.items()
    ]
    assert asked[0][0] == 202
    assert asked[0] == asked[1] == asked[2]


def test_asking_for_a_link_is_the_same_answer_and_no_work_at_all_before_it(town: Town) -> None:
    asked = [
        town.asked("/lost", urlencode({"address": address}).encode())
        for address in (*NUMBERS, *NUMBERS.values())
    ]
    assert asked[0][0] == 200
    assert all(each == asked[0] for each in asked)


def test_leaving_by_the_api_answers_everybody_alike(town: Town) -> None:
    asked = [
        api(town, "unsubscriptions", {"email": who, "phone": number, "lists": [2]})
        for who, number in NUMBERS.items()
    ]
    assert asked[0][0] == 202
    assert len({(status, body) for status, body, _ in asked}) == 1


def test_a_confirmation_that_is_played_again_brings_nobody_back(town: Town) -> None:
    link, key = "/c/" + confirm_token(town, email="again@example.org"), town.desk.key("again@example.org")
    assert town.site.post(link).status == 200
    assert key in subscribed(town)
    leaving = LEAVE_PATH + town.signer.leave_token(subscribed(town)[key], [2], Channel.EMAIL)
    assert town.site.post(leaving, b"List-Unsubscribe=One-Click").status == 200
    assert town.site.post(link).status == 200
    assert key not in subscribed(town)


def test_a_yes_that_is_played_again_after_a_stop_brings_nobody_back(town: Town) -> None:
    number = "+13125550119"
    town.desk.sign_up(2, phone=number)
    reached = []
    for body in ("YES", "STOP", "YES"):
        with town.site.house.db.transaction() as session:
            record_inbound(session, town.site.house.keys, InboundText(number, body))
        reached.append(town.desk.key(number) in subscribed(town))
    assert reached == [True, False, False]


def test_whoever_has_no_link_uses_up_nobodys_codes(town: Town) -> None:
    form = urlencode({"address": "+13125550177"}).encode()
    for token in ("x", manage_token(town, age=timedelta(days=2))) * 4:
        assert town.site.post(f"/m/{token}/new/sms", form).status == 404
    assert town.site.post(f"/m/{manage_token(town)}/new/sms", form).status == 200


def test_a_fresh_link_is_nobodys_once_its_person_was_forgotten(town: Town) -> None:
    person = add_person(town.site.house, email="brief@example.org", lists=("vote",))
    link = "/m/" + manage_token(town, person=person)
    assert town.site.post(link + "/forget").status == 200
    after = town.everything()
    assert {
        town.site.ask(method, link + way).status
        for method, way in (("GET", ""), ("POST", "/forget"), ("POST", "/everything"))
    } == {404}
    assert town.everything() == after


def subscribed(town: Town) -> dict[bytes, int]:
    """The addresses that some list reaches, and whose they are."""
    on = select(Subscription.address_key, Subscription.subscriber_id).where(Subscription.left_at.is_(None))
    with town.site.house.db.reading() as session:
        return dict(session.execute(on).all())


def raw(town: Town, head: str) -> Answer:
    """The answer to a request that no client would put together."""
    with socket.create_connection(("127.0.0.1", town.site.port), timeout=20) as wire:
        wire.sendall(f"{head}Connection: close\r\n\r\n".encode())
        answer = http.client.HTTPResponse(wire)
        answer.begin()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read().decode(errors="replace"))
