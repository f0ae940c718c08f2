"""Complaints, automatic answers, people's own mails, and whose message it is about."""

import pytest
from returned_mails import MARIA, OURS, complaint, mail, original

from dispatcher.bounces.reading import read_bounce
from dispatcher.rules.events import EventKind

PERSON = "Maria <maria@town.example>"
BOUNCES = "bounces@org.example"


@pytest.mark.parametrize(
    ("feedback", "kind"),
    [
        ("abuse", EventKind.COMPLAINED),
        ("Fraud", EventKind.COMPLAINED),
        ("opt-out", EventKind.UNSUBSCRIBED),
        ("not-spam", EventKind.UNKNOWN),
        ("auth-failure", EventKind.UNKNOWN),
        ("virus", EventKind.BLOCKED),
        ("a type of tomorrow", EventKind.COMPLAINED),
    ],
)
def test_a_report_means_what_its_type_says(feedback: str, kind: EventKind) -> None:
    [event] = read_bounce(complaint(feedback, original()))
    assert (event.kind, event.recipient, event.reference) == (kind, MARIA, OURS)


def test_a_report_names_who_complained_where_the_message_does_not() -> None:
    hidden = original().replace(f"To: {MARIA}", "To: undisclosed-recipients:;")
    [event] = read_bounce(complaint("abuse", hidden, f"Original-Rcpt-To: <{MARIA}>"))
    assert event.recipient == MARIA


def test_a_complaint_without_a_report_is_known_by_its_header() -> None:
    returned = (
        f"--=b\nContent-Type: message/rfc822\n\nX-HmXmrOriginalRecipient: {MARIA}\n{original()}\n--=b--\n"
    )
    raw = mail(returned, 'Content-Type: multipart/mixed; boundary="=b"', sender="staff@mailbox.example")
    [event] = read_bounce(raw)
    assert (event.kind, event.recipient) == (EventKind.COMPLAINED, MARIA)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Subject: Out of Office: Call your senator",
        "Subject: Respuesta automática: Llame a su senador",
        "Subject: =?utf-8?q?Autoresponse=3A_nieobecno=C5=9B=C4=87?=",
        "Subject: Nieobecność w pracy",
        "Subject: الرد التلقائي: اتصل",
        "Subject: Automatische Antwort: Call",
    ],
)
def test_an_absence_note_is_no_bounce_though_it_says_that_somebody_is_gone(header: str) -> None:
    raw = mail(
        "I no longer work here; this mailbox does not exist any more.",
        header,
        "Return-Path: <>",
        sender=PERSON,
    )
    [event] = read_bounce(raw)
    assert event.kind is EventKind.AUTO_REPLY


@pytest.mark.parametrize(
    "body",
    [
        "Thank you, I have called.",
        "550 5.1.1 User unknown <maria@town.example>",
        "I got this:\n\nFinal-Recipient: rfc822; maria@town.example\nAction: failed\nStatus: 5.1.1",
        "My old address maria@old.example does not exist any more.",
    ],
)
def test_what_a_person_writes_is_a_reply_whatever_its_words(body: str) -> None:
    [event] = read_bounce(mail(body, f"In-Reply-To: <{OURS}@org.example>", sender=PERSON))
    assert (event.kind, event.recipient, event.reference) == (EventKind.REPLY, MARIA, OURS)


@pytest.mark.parametrize("header", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_address_that_a_bounce_went_to_says_which_message_it_was(header: str) -> None:
    raw = mail("Undeliverable.", f"{header}: bounces+7.{'ab' * 8}@org.example")
    [event] = read_bounce(raw, BOUNCES)
    assert event.reference == f"7.{'ab' * 8}"


def test_the_envelope_is_believed_before_the_message_that_came_back() -> None:
    raw = mail(
        f"<{MARIA}>: 550 No such user\n\n{original()}", f"X-Original-To: <bounces+7.{'ab' * 8}@org.example>"
    )
    assert [event.reference for event in read_bounce(raw, BOUNCES)] == [f"7.{'ab' * 8}"]


def test_another_mailboxs_details_are_not_ours() -> None:
    raw = mail("Undeliverable.", f"Delivered-To: news+7.{'ab' * 8}@org.example")
    assert [event.reference for event in read_bounce(raw, BOUNCES)] == [""]
    assert [event.reference for event in read_bounce(raw)] == [f"7.{'ab' * 8}"]


def test_the_envelope_is_found_in_a_received_header_too() -> None:
    raw = mail("x", f"Received: from mx by us\r\n for <bounces+7.{'ab' * 8}@org.example>; Thu, 5 Nov 2026")
    assert [event.reference for event in read_bounce(raw, BOUNCES)] == [f"7.{'ab' * 8}"]


def test_a_mail_to_leave_brings_its_token() -> None:
    address = "bounces+leave.AQIDBAUGBwgJCgsMDQ4P@org.example"
    [event] = read_bounce(mail("", f"Delivered-To: {address}", sender=PERSON), BOUNCES)
    assert (event.kind, event.reference) == (EventKind.UNSUBSCRIBED, "leave.AQIDBAUGBwgJCgsMDQ4P")


def test_an_absence_note_to_the_address_for_leaving_takes_nobody_off() -> None:
    headers = ("Delivered-To: bounces+leave.AQIDBAUGBwgJCgsMDQ4P@org.example", "Auto-Submitted: auto-replied")
    [event] = read_bounce(mail("Away.", *headers, sender=PERSON), BOUNCES)
    assert event.kind is EventKind.AUTO_REPLY


def test_the_same_mail_has_the_same_event_id_and_another_recipient_another() -> None:
    body = (
        f"<{MARIA}>: 550 No such user\n\n<jo@town.example>: 550 No such user\n\n--- Below this line is a copy"
    )
    first = read_bounce(mail(body, "Received: a"))
    again = read_bounce(mail(body, "Received: b"))
    assert [event.event_id for event in first] == [event.event_id for event in again]
    assert len({event.event_id for event in first}) == 2


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("Thu, 05 Nov 2026 10:00:00 -0600", "2026-11-05T16:00:00+00:00"),
        ("5 Nov 2026 10:00:00", "2026-11-05T10:00:00+00:00"),
        ("yesterday", None),
        ("Thu, 99 Foo 99999 10:00:00 +9999", None),
    ],
)
def test_the_moment_is_what_the_date_says_in_utc(date: str, said: str | None) -> None:
    [event] = read_bounce(mail("x", f"Date: {date}"))
    assert (event.at and event.at.isoformat()) == said


def test_no_repr_shows_an_address() -> None:
    assert MARIA not in repr(read_bounce(mail(f"<{MARIA}>: 550 No such user\n\n{original()}")))


@pytest.mark.parametrize(
    ("subject", "sender", "kind"),
    [
        ("Automatic reply: Mail delivery failed us", PERSON, EventKind.AUTO_REPLY),
        ("Out of office: Undelivered promises", "Mail delivery <maria@town.example>", EventKind.AUTO_REPLY),
        ("Re: Undelivered promises", "Postmaster <postmaster@town.example>", EventKind.REPLY),
    ],
)
def test_a_subject_of_ours_that_sounds_like_a_bounce_makes_none_of_an_answer(
    subject: str, sender: str, kind: EventKind
) -> None:
    path = "Return-Path: <>" if kind is EventKind.AUTO_REPLY else "Return-Path: <postmaster@town.example>"
    body = "jo@town.example: this mailbox does not exist any more."
    assert [event.kind for event in read_bounce(mail(body, path, f"Subject: {subject}", sender=sender))] == [
        kind
    ]
