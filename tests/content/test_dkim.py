"""DKIM signatures, checked by dkimpy, which shares no code with us."""

import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from dkim.canonicalization import Relaxed
from hypothesis import example, given
from hypothesis import strategies as st
from signing import RSA, SETTINGS, SIGNER, both_verified, verified
from strict_parsing import assert_flawless, parsed

from dispatcher.content.dkim import _relaxed_body, signer_of
from dispatcher.content.edition import Frozen
from dispatcher.content.render import Compiled, Person
from dispatcher.settings import load_settings

MakePerson = Callable[..., Person]
MakeFrozen = Callable[..., Frozen]


@pytest.fixture
def signed(person: MakePerson, frozen: MakeFrozen) -> bytes:
    """An email with both signatures."""
    return Compiled(frozen(), dkim=SIGNER).email(person()).mime


def test_both_signatures_hold_and_the_domain_is_that_of_the_from_address(signed: bytes) -> None:
    message = assert_flawless(signed, signatures=2)
    said = [dict(re.findall(r"(\w+)=([^;]+)", str(value))) for value in message.get_all("DKIM-Signature", [])]
    assert [(tags["a"], tags["d"], tags["s"]) for tags in said] == [
        ("rsa-sha256", "example.org", "d"),
        ("ed25519-sha256", "example.org", "d-ed25519"),
    ]
    assert {tags["c"] for tags in said} == {"relaxed/relaxed"}
    assert all("l" not in tags for tags in said)
    assert both_verified(signed)


def test_every_header_is_signed(signed: bytes) -> None:
    message = parsed(signed)
    names = re.search(r"\bh=([^;]+)", str(message["DKIM-Signature"]))
    assert names is not None
    covered = {name.strip().lower() for name in names[1].split(":")}
    assert {name.lower() for name, _ in message.items()} - {"dkim-signature"} <= covered


ADDED = [
    *("From: eve@example.org", "To: eve@example.org", "Cc: eve@example.org", "Reply-To: eve@example.org"),
    *("Subject: Other", "Date: Mon, 1 Jan 2024 00:00:00 +0000", "Message-ID: <x@example.org>"),
    *("List-Id: <x.example.org>", "List-Unsubscribe: <https://evil.example>", "Feedback-ID: a:b:c:others"),
    *("List-Unsubscribe-Post: no", "MIME-Version: 1.0", "Content-Type: text/html"),
    "Content-Transfer-Encoding: base64",
]


@pytest.mark.parametrize("header", ADDED)
def test_a_second_header_of_a_kind_breaks_both_signatures(signed: bytes, header: str) -> None:
    """Which of two is shown differs from program to program."""
    end = signed.index(b"\r\n\r\n") + 2
    line = f"{header}\r\n".encode()
    for forged in (line + signed, signed[:end] + line + signed[end:]):
        assert not verified(forged, 0)
        assert not verified(forged, 1)


def test_another_word_breaks_both_signatures(signed: bytes) -> None:
    for there, other in ((b"A word for Ana", b"A word for Eve"), (b"Hello Ana", b"Hello Eve")):
        assert there in signed
        assert not verified(signed.replace(there, other), 0)
        assert not verified(signed.replace(there, other), 1)


def test_what_relays_do_to_spaces_breaks_nothing(signed: bytes) -> None:
    subject = b"Subject: A word for Ana"
    assert subject in signed
    for changed in (
        signed.replace(subject, b"SUBJECT:  A word\r\n\tfor   Ana "),
        signed.replace(b"Content-Language: en\r\n", b"Content-Language: en \r\n"),
        signed + b"\r\n\r\n",
        b"Received: from somewhere\r\n" + signed,
    ):
        assert both_verified(changed)


def test_dots_that_smtp_doubles_are_none_of_the_signatures_business(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    mime = Compiled(frozen(text=".\n..{{ first_name }}\n. .\n"), dkim=SIGNER).email(person()).mime
    assert b"\r\n." not in mime  # so what the relay stores is what was signed
    assert both_verified(mime)


BODIES = st.text("a. \t\r\n=é李", max_size=300)


@given(BODIES, BODIES, st.text("Ana, \t\"'李.<>", max_size=120))
@example("", "", "")
@example(" \n\n \t\n" * 5, "x" * 300 + " \t" * 50 + "\n\n\n", "a" * 100)
def test_whatever_is_written_the_signatures_hold(
    person: MakePerson, frozen: MakeFrozen, text: str, html: str, name: str
) -> None:
    edition = frozen(text="{% raw %}" + text + "{% endraw %}", html="{% raw %}" + html + "{% endraw %}")
    mime = Compiled(edition, dkim=SIGNER).email(person(first_name=name)).mime
    assert both_verified(mime)


@given(st.text("ab \t\n", max_size=200).map(lambda text: text.replace("\n", "\r\n").encode()))
def test_a_body_is_made_canonical_as_dkimpy_does_it(body: bytes) -> None:
    whole = body if body.endswith(b"\r\n") or not body else body + b"\r\n"
    assert _relaxed_body(whole) == Relaxed.canonicalize_body(whole)


@given(st.text(max_size=60).filter(str.isprintable), BODIES)
def test_a_message_that_the_standard_library_wrote_can_be_signed_whole(subject: str, words: str) -> None:
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = "us@example.org", "ana@example.org", subject
    letter.set_content(words)
    assert both_verified(SIGNER.sign("example.org", letter.as_bytes()))


def test_the_signer_is_made_of_the_settings_once() -> None:
    mine = signer_of(load_settings(**SETTINGS))
    assert mine is not None
    assert mine is signer_of(load_settings(**SETTINGS))
    letter = b"From: us@example.org\r\nSubject: x\r\n\r\nx\r\n"
    assert both_verified(mine.sign("example.org", letter))
    alone = signer_of(load_settings(dkim_key=RSA, dkim_selector="d"))
    assert alone is not None
    assert alone.sign("example.org", letter).count(b"DKIM-Signature: ") == 1
    assert verified(alone.sign("example.org", letter))
    assert signer_of(load_settings(dkim_selector="d")) is None
