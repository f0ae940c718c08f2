"""Bounces in words alone, one of each family of servers."""

import pytest
from notices_by_hand import FAMILIES
from returned_mails import MARIA, OURS, mail, original

from dispatcher.bounces.reading import read_bounce
from dispatcher.rules.events import EventKind

HARD, SOFT = EventKind.HARD_BOUNCE, EventKind.SOFT_BOUNCE


@pytest.mark.parametrize("family", FAMILIES)
def test_a_notice_is_understood(family: str) -> None:
    body, kind, code = FAMILIES[family]
    [event] = read_bounce(mail(f"{body}\n{original()}"))
    assert (event.kind, event.recipient, event.code) == (kind, MARIA, code)
    assert event.reference == OURS


def test_a_japanese_carriers_words_are_read_in_their_charset() -> None:
    body = f"<{MARIA}>\n\n宛先メールアドレスが見つかりませんでした。\n"
    head = b"From: Postmaster@carrier.example\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
    [event] = read_bounce(head + body.encode("iso-2022-jp"))
    assert (event.kind, event.recipient) == (HARD, MARIA)


TWO = f"""
<{MARIA}>:
550 5.2.2 Mailbox full

<jo@town.example>:
550 5.1.1 User unknown

--- Below this line is a copy of the message.
"""

TRANSCRIPT = """
   ----- Transcript of session follows -----
>>> RCPT To:<maria@town.example>
<<< 452 4.2.2 Over quota
452 <maria@town.example>... Deferred: Over quota
>>> RCPT To:<jo@town.example>
<<< 550 Requested user not found. No such user here.
550 <jo@town.example>... User unknown

   ----- Unsent message follows -----
"""


@pytest.mark.parametrize("body", [TWO, TRANSCRIPT])
def test_what_is_said_of_one_address_is_not_said_of_the_next(body: str) -> None:
    events = read_bounce(mail(f"{body}\n{original()}"))
    assert [(e.recipient, e.kind) for e in events] == [(MARIA, SOFT), ("jo@town.example", HARD)]


def test_html_alone_is_read_too() -> None:
    html = f"<style>p {{}}</style><p>Undeliverable to:</p><li>{MARIA}</li><p>550 5.1.1 User&nbsp;unknown</p>"
    [event] = read_bounce(mail(html, "Content-Type: text/html"))
    assert (event.kind, event.recipient) == (HARD, MARIA)


def test_a_header_that_names_who_failed_is_believed_where_the_words_name_nobody() -> None:
    [event] = read_bounce(mail("आपका संदेश नहीं पहुँचा।", f"X-Failed-Recipients: {MARIA}"))
    assert (event.kind, event.recipient) == (SOFT, MARIA)


def test_a_notice_of_nobody_is_unknown() -> None:
    [event] = read_bounce(mail("Something went wrong."))
    assert event.kind is EventKind.UNKNOWN


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Return-Path: <>", HARD),
        ("Return-Path: <maria@town.example>", EventKind.REPLY),
        ("X-Other: x", EventKind.REPLY),
    ],
)
def test_a_notice_from_an_unknown_name_needs_an_empty_return_path(header: str, kind: EventKind) -> None:
    headers = (header, "Subject: Delivery failure")
    raw = mail("550 5.1.1 No such user: jo@town.example", *headers, sender="no-reply@x.example")
    assert [event.kind for event in read_bounce(raw)] == [kind]


def test_without_a_return_path_a_notice_that_gives_the_message_back_is_one_too() -> None:
    body = f"--=b\n\nCould not be delivered to: <{MARIA}>\nAs their mailbox is full.\n\n--=b\n"
    body += f"Content-Type: message/rfc822\n\n{original()}\n--=b--\n"
    headers = ("Subject: Delivery failure", 'Content-Type: multipart/mixed; boundary="=b"')
    [event] = read_bounce(mail(body, *headers, sender="no-reply@x.example"))
    assert (event.kind, event.recipient) == (SOFT, MARIA)
