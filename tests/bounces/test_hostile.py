"""Nothing that anybody sends upsets the reader, or keeps it busy."""

import time

import pytest
from mutated_mails import mutants
from returned_mails import MARIA, complaint, mail, original, report

from dispatcher.bounces.answers import read_answer
from dispatcher.bounces.mail import read_mail, words_of
from dispatcher.bounces.reading import read_bounce

SAMPLES = (
    report(
        f"<{MARIA}>: 550 5.1.1 unknown", [f"Final-Recipient: rfc822; {MARIA}\nAction: failed\nStatus: 5.1.1"]
    ),
    complaint("abuse", original()),
    mail(f"<{MARIA}>:\n550 5.1.1 unknown\n\n--- Below this line is a copy of the message.\n\n{original()}"),
    mail("Away.", "Subject: =?utf-8?q?Out_of_office?=", "Auto-Submitted: auto-replied"),
)


def test_damaged_mails_are_read_without_an_error() -> None:
    for raw in mutants(SAMPLES, 300):
        assert read_bounce(raw, "bounces@org.example")


def nested(depth: int) -> bytes:
    heads = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    return f"From: mailer-daemon@x.example\n{heads}".encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\xff" * 1000,
        b"Subject: " + b"=?utf-8?b?" * 20_000,
        b"From: <>\n\n" + b"550 " * 50_000,
        b"From: <>\n\n" + b"to to " * 50_000,
        b"From: <>\n\n" + b"a=" * 100_000,
        b"From: <>\n\n" + b"a.a." * 100_000 + b"@",
        b"From: <>\n\n" + b"x@y" * 100_000,
        b"From: <>\n\n" + b"<a@b.example>: 550 5.1.1 no\n" * 20_000,
        b"From: <>\n\n" + b"-" * 300_000,
        b"From: <>\nContent-Type: text/html\n\n" + b"<style>" * 100_000,
        b"From: <>\nContent-Type: text/html\n\n" + b"<" * 500_000,
        b"X: y\n" * 100_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * 100_000,
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
        + b"Final-Recipient: rfc822; a@b.example\n\n" * 20_000,
        nested(5_000),
        b"Content-Type: message/rfc822\n\n" * 20_000,
        b"Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=idna\n\nQUJD" * 1000,
        b"Content-Type: text/plain; charset=hex\n\nzz",
    ],
)
def test_hostile_mails_take_little_time(raw: bytes) -> None:
    begun = time.process_time()
    assert read_bounce(raw, "bounces@org.example")
    assert time.process_time() - begun < 5  # seconds of CPU: a runaway pattern takes minutes


@pytest.mark.parametrize("codec", ["punycode", "idna", "unicode_escape", "raw-unicode-escape", "undefined"])
def test_what_is_no_charset_of_mails_is_read_as_if_none_were_named(codec: str) -> None:
    long = "a" * 120_000
    begun = time.process_time()
    mail = read_mail(f"Content-Type: text/plain; charset={codec}\n\n{long}-{long}\\u0041".encode())
    assert time.process_time() - begun < 5  # seconds of CPU: punycode took ten
    assert mail.text == f"{long}-{long}\\u0041"


@pytest.mark.parametrize(
    "subject", ["=?utf-7?Q?can_you+2AA-_help_me?=", "=?utf-8?B?Y2FuIHlvdQAbWzJKIGhlbHA=?="]
)
def test_words_can_be_kept_whatever_is_in_them(subject: str) -> None:
    for words in (read_answer(f"Subject: {subject}\n\n".encode()).words, words_of(subject)):
        assert words.startswith("can you")
        assert "\0" not in words
        assert words.encode()  # no half of a character
    assert read_answer(f"Subject: {subject}\n\n".encode()).words.isprintable()


def test_of_a_report_on_thousands_a_hundred_count() -> None:
    groups = [f"Final-Recipient: rfc822; u{number}@town.example\nAction: failed" for number in range(1_000)]
    begun = time.process_time()
    told = read_bounce(report("550 5.1.1 no such user\n" * 1_000, groups))
    assert time.process_time() - begun < 5  # seconds of CPU: each recipient looks through the notice
    assert [one.recipient for one in told] == [f"u{number}@town.example" for number in range(100)]


@pytest.mark.parametrize("mark", ["\x1b[2J", "\x7f", "\x9b", "\u202e", "\u200b"])
def test_no_address_that_is_read_steers_a_terminal(mark: str) -> None:
    named = f"x{mark}y@town{mark}.example"
    lines = f"Final-Recipient: rfc822; {named}\nAction: failed\nStatus: 5.1.1"
    for raw in (report("Sorry.", [lines]), mail(f"<{named}>: 550 5.1.1 no"), mail("Hello", sender=named)):
        assert all(one.recipient.isprintable() for one in read_bounce(raw))
