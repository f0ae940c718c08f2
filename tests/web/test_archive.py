"""Is this text real? The archive, emails in the browser, and the feed."""

import logging
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from people import add_list
from web_site import Site
from went_out import alert_that_went_out

ATOM = "{http://www.w3.org/2005/Atom}"
HTTPS = {"public_url": "https://go.example.org"}


@pytest.fixture
def told(site: Site, tmp_path: Path) -> Site:
    """A site with an alert that went out, of a sensitive list."""
    add_list(site.house, "daca", sensitive=True)
    alert_that_went_out(site.house, tmp_path, "hidden-slug")
    return site


def parsed(xml: str) -> ET.Element:
    return ET.fromstring(xml)  # noqa: S314 - our own


def ask(site: Site, words: str, path: str = "/texts") -> str:
    return site.post(path, urlencode({"words": words}).encode()).text


def test_every_alert_is_there_word_for_word(told: Site) -> None:
    index = told.get("/texts").text
    assert "[en] ICIRR: friend, call today: https://p2a.co/budget Reply STOP to stop." in index
    assert "Practice: nothing on this page was sent to anybody." in index
    alert = told.get("/texts/1").text
    assert "[es] ICIRR: friend, call today" in alert
    assert 'href="/v/1/1/es"' in alert
    assert "hidden-slug" not in index + alert


def test_a_site_without_alerts_says_so(site: Site) -> None:
    assert "We haven\N{RIGHT SINGLE QUOTATION MARK}t sent any alert yet." in site.get("/texts").text
    assert site.get("/texts/1").status == 404
    for number in ("9" * 20, "9" * 5000):
        assert site.get(f"/texts/{number}").status == 404
        assert site.get(f"/v/{number}/1/en").status == 404
    assert site.get("/texts?before=x").status == 200


def test_the_archive_has_pages(told: Site, tmp_path: Path) -> None:
    for number in range(11):
        alert_that_went_out(told.house, tmp_path, "hidden-slug", again=str(number))
    first = told.get("/texts").text
    assert 'href="/texts?before=3"' in first
    assert first.count("<time ") == 10
    second = told.get("/texts?before=3&lang=es").text
    assert second.count("<time ") == 2
    assert "Alertas más recientes" in second
    assert 'href="?before=3&amp;lang=ar"' in second


def test_somebody_learns_whether_a_text_is_ours(told: Site) -> None:
    apostrophe = "\N{RIGHT SINGLE QUOTATION MARK}"
    for words, answer in {
        "ICIRR: Maria, call today: https://p2a.co/budget Reply STOP to stop.": "Yes, this is from us",
        "ICIRR: friend, call today: https://evil.example Reply STOP to stop.": "but a link isn" + apostrophe,
        "Your case will be closed today unless you pay the fee": f"We don{apostrophe}t find these words",
        "": "Please paste more of it",
    }.items():
        assert answer in ask(told, words)


def test_what_somebody_pastes_is_answered_in_their_language_and_shown_and_logged_nowhere(
    told: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        page = ask(told, "Pague hoy la cuota de su caso a Juan Pérez <b>por favor</b>", "/texts?lang=es")
    assert "No encontramos estas palabras entre nuestras alertas" in page
    assert "Juan Pérez" not in page + caplog.text
    answer = told.post("/texts", b"words=x")
    assert answer.headers["cache-control"] == "no-store"


def test_an_email_opens_in_the_browser_as_nobody_in_particular_gets_it(told: Site) -> None:
    answer = told.get("/v/1/1/es")
    assert "[es] Hello friend" not in answer.text  # that is the text part
    assert "[es] <p" in answer.text
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["x-robots-tag"] == "noindex"
    for path in ("/v/1/1/ko", "/v/1/2/en", "/v/2/1/en", "/v/x/1/en"):
        assert told.get(path).status == 404


def test_public_pages_may_be_kept_for_a_minute_and_found(told: Site) -> None:
    for path in ("/", "/texts", "/texts/1", "/feed.atom"):
        headers = told.get(path).headers
        assert headers["cache-control"] == "public, max-age=60"
        assert headers["vary"] == "Accept-Language"
        assert headers["x-robots-tag"] == "all"
    assert "noindex" not in told.get("/").text
    assert "Disallow: /go/" in told.get("/robots.txt").text


def test_the_feed_is_atom(site_with: Callable[..., Site], tmp_path: Path) -> None:
    site = site_with(**HTTPS)
    empty = parsed(site.get("/feed.atom").text)
    assert empty.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00"
    add_list(site.house)
    alert_that_went_out(site.house, tmp_path)
    answer = site.get("/feed.atom?lang=es")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = parsed(answer.text)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}id") == "tag:go.example.org,2026:alerts"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Illinois Coalition"
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "tag:go.example.org,2026:alerts/1"
    assert entry.findtext(f"{ATOM}title") == "[es] Keep the budget whole"
    updated, published = entry.findtext(f"{ATOM}updated"), entry.findtext(f"{ATOM}published")
    assert updated
    assert published
    assert updated >= published
    assert feed.findtext(f"{ATOM}updated") is not None
    content = entry.find(f"{ATOM}content")
    assert content is not None
    assert content.text
    assert content.text.startswith("[es] ICIRR: friend, call today: https://go.example.org/k/")
    [link] = entry.findall(f"{ATOM}link")
    assert link.get("href") == "https://go.example.org/texts/1"


def test_the_number_that_texts_come_from_is_named_where_texts_are_sent(
    site_with: Callable[..., Site],
) -> None:
    real = {"email_url": "smtp://127.0.0.1:1", "sms_url": "twilio://AC1:t@?from=%2B13125550199"}
    page = site_with(**real).get("/texts").text
    assert "Our texts come from \u2068+1 312-555-0199\u2069." in page
    assert "Our emails come from \u2068alerts@example.org\u2069." in page
    assert "Practice:" not in page
    service = site_with(**real | {"sms_url": "twilio://AC1:t@?messaging_service=MG1"}).get("/texts").text
    assert "Our texts come from" not in service


def test_a_missing_page_is_told_in_the_readers_language(site: Site) -> None:
    answer = site.get("/nowhere", accept="text/html", accept_language="pl")
    assert (answer.status, answer.headers["content-language"]) == (404, "pl")
    assert "Nie ma takiej strony" in answer.text
