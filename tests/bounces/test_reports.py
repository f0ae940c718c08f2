"""Delivery status notifications, as they ought to be and as they are."""

import pytest
from returned_mails import MARIA, OURS, mail, original, report

from dispatcher.bounces.reading import read_bounce
from dispatcher.rules.events import EventKind

UNKNOWN_USER = "Diagnostic-Code: smtp; 550 5.1.1 <maria@town.example>... User unknown"


def group(*fields: str, who: str = f"Final-Recipient: rfc822; {MARIA}") -> str:
    return "\n".join((who, *fields))


def test_a_dead_address_is_a_hard_bounce_with_the_servers_own_words_and_our_reference() -> None:
    raw = report("Sorry.", [group("Action: failed", "Status: 5.1.1", UNKNOWN_USER)])
    [event] = read_bounce(raw)
    assert (event.kind, event.recipient, event.code) == (EventKind.HARD_BOUNCE, MARIA, "5.1.1")
    assert (event.reference, event.provider) == (OURS, "mailbox")
    assert event.words == "550 5.1.1 <maria@town.example>... User unknown"


def test_each_recipient_of_a_report_has_its_own_meaning() -> None:
    full = group(
        "Action: failed",
        "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full",
        who="Final-Recipient: rfc822; jo@town.example",
    )
    events = read_bounce(report("", [group("Action: failed", "Status: 5.1.1", UNKNOWN_USER), full]))
    assert [(e.recipient, e.kind) for e in events] == [
        (MARIA, EventKind.HARD_BOUNCE),
        ("jo@town.example", EventKind.SOFT_BOUNCE),
    ]


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("delayed", "4.4.1", EventKind.DEFERRED),
        ("delivered", "2.0.0", EventKind.DELIVERED),
        ("relayed (to a server that says no more)", "2.0.0", EventKind.DELIVERED),
        ("expanded", "2.0.0", EventKind.DELIVERED),
        ("deliverable", "2.1.5", EventKind.DELIVERED),
        ("failed", "4.4.7", EventKind.SOFT_BOUNCE),
        ("failed", "5.0.0", EventKind.SOFT_BOUNCE),
        ("FAILED", "5.1.1 (bad destination mailbox address)", EventKind.HARD_BOUNCE),
    ],
)
def test_the_action_decides_whether_it_is_a_bounce_at_all(action: str, status: str, kind: EventKind) -> None:
    [event] = read_bounce(report("", [group(f"Action: {action}", f"Status: {status}")]))
    assert (event.kind, event.code) == (kind, status[:5])


@pytest.mark.parametrize(
    "who",
    [
        f"Final-Recipient: RFC822;{MARIA}",
        f"final-recipient:rfc822;<{MARIA}>",
        f"Final-Recipient: {MARIA}",
        f"Final-Recipient: utf-8; {MARIA}",
        f"Final-Recipient: X400; /c=us/a= /\nOriginal-Recipient: rfc822;{MARIA}",
        f"Final-Recipient: rfc822;/var/spool/maria\nOriginal-Recipient: rfc822;{MARIA}",
        f"Original-Recipient: rfc822;{MARIA}",
        f"Final-Recipient: LOCAL;\\maria\nX-Actual-Recipient: rfc822; {MARIA}",
    ],
)
def test_the_recipient_is_found_in_whatever_form_it_is_written(who: str) -> None:
    [event] = read_bounce(report("", [group("Status: 5.1.1", who=who)]))
    assert event.recipient == MARIA


def test_a_recipient_with_letters_of_any_script_is_found() -> None:
    [event] = read_bounce(
        report("", [group("Status: 5.1.1", who="Final-Recipient: utf-8; józef@town.example")])
    )
    assert event.recipient == "józef@town.example"


def test_folded_and_split_groups_are_put_together() -> None:
    folded = "Final-Recipient:\n rfc822; maria@town.example\nAction: failed\n\nStatus: 5.7.1\n"
    folded += "Diagnostic-Code: smtp; 550 5.7.1\n\tmessage refused by\n   our spam filter"
    [event] = read_bounce(report("", [folded]))
    assert (event.kind, event.code) == (EventKind.BLOCKED, "5.7.1")
    assert event.words == "550 5.7.1 message refused by our spam filter"


def test_groups_that_lack_the_line_between_them_are_told_apart() -> None:
    raw = report(
        "", [group("Status: 5.1.1") + "\n" + group("Status: 4.2.2", who="Final-Recipient: x; jo@a.example")]
    )
    assert [event.recipient for event in read_bounce(raw)] == [MARIA, "jo@a.example"]


def test_what_a_report_leaves_out_is_read_from_the_words_for_people() -> None:
    notice = f"<{MARIA}>: host mx.town.example said: 550 5.1.1 No such user (in reply to RCPT TO command)"
    [event] = read_bounce(report(notice, ["Action: failed\nStatus: 5.0.0"]))
    assert (event.kind, event.recipient) == (EventKind.HARD_BOUNCE, MARIA)


def test_a_report_that_lost_its_mime_headers_is_read_all_the_same() -> None:
    body = f"--=b\n\nSorry.\n\n--=b\n\nFinal-Recipient: rfc822; {MARIA}\nAction: failed\nStatus: 5.1.1\n\n"
    [event] = read_bounce(mail(f"{body}--=b\n\n{original()}"))
    assert (event.kind, event.recipient) == (EventKind.HARD_BOUNCE, MARIA)


def test_a_report_that_a_gateway_has_packed_into_another_mail_is_found() -> None:
    inner = report("", [group("Action: failed", "Status: 5.1.1")]).decode().replace("=b", "=inner")
    body = f"--=b\n\nUndelivered:\n\n--=b\nContent-Type: message/rfc822\n\n{inner}\n--=b--\n"
    [event] = read_bounce(mail(body, 'Content-Type: multipart/mixed; boundary="=b"'))
    assert (event.kind, event.recipient) == (EventKind.HARD_BOUNCE, MARIA)


def test_the_message_that_came_back_may_quote_a_bounce_without_being_one() -> None:
    quoted = "Message-ID: <x@org.example>\n\nFinal-Recipient: rfc822; somebody@else.example\nStatus: 5.1.1"
    [event] = read_bounce(report("", [group("Status: 4.2.2")], quoted))
    assert event.recipient == MARIA
