"""An email's bytes, read back by the standard library in its strictest mood."""

import email
import email.policy
import quopri
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatcher.content.cleaning import one_line, plain
from dispatcher.content.edition import Frozen, Organisation
from dispatcher.content.mime import Letter, Skeleton
from dispatcher.content.quoted_printable import Encoder, encode
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import RenderFailed
from dispatcher.rules import sms

MakePerson = Callable[..., Person]
MakeFrozen = Callable[..., Frozen]

ONCE = ["From", "To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"]
ANYTHING = st.text(st.characters(), max_size=300)
HOSTILE = st.one_of(
    ANYTHING,
    st.sampled_from(
        [
            "Ana\r\nBcc: eve@example.org",
            "Ana\r\n\r\n<html>injected</html>",
            "Ana\0",
            "\u202eanA",
            "a" * 5000,
            "Ruiz, Ana <eve@example.org>",
            '"',
            "\ud800",
            "{{ last_name }}{% raw %}",
            "</p><script>alert(1)</script>",
            "--=_dispatcher_alternative--",
            "\r\n.\r\nMAIL FROM:<eve@example.org>",
        ]
    ),
)


def parsed(mime: bytes) -> EmailMessage:
    message = email.message_from_bytes(mime, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def assert_flawless(mime: bytes) -> EmailMessage:
    """CRLF and line lengths on the wire; no defect anywhere when parsed; exactly one of each header."""
    assert b"\n" not in mime.replace(b"\r\n", b"")
    assert b"\r" not in mime.replace(b"\r\n", b"")
    assert mime.isascii()
    assert b"\0" not in mime
    assert not mime.startswith(b".")
    assert b"\n." not in mime
    assert mime.endswith(b"\r\n")
    assert max(map(len, mime.split(b"\r\n"))) <= 998
    message = parsed(mime)
    for part in message.walk():
        assert not part.defects
        assert not [value.defects for value in part.values() if value.defects]
    assert [message.get_all(name) and len(message.get_all(name, [])) for name in ONCE] == [1] * len(ONCE)
    assert set(message.keys()) == {*ONCE, "Precedence", "MIME-Version", "Content-Language", "Content-Type"}
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    return message


def assert_quoted_printable(encoded: bytes, text: str) -> None:
    assert quopri.decodestring(encoded.replace(b"\r\n", b"\n")).decode() == text
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.endswith((b" ", b"\t"))
        assert not line.startswith(b".")
        assert b"\n" not in line
        assert b"\r" not in line


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("x" * 75 + " ")
@example("x" * 74 + "\t")
@example("=" * 200)
@example("x" * 73 + "é \n" * 3)
@example(" \n\t\n. \n..")
@example("." * 200)
@example("é" + "." * 100)
def test_quoted_printable_comes_back_as_it_was(text: str) -> None:
    assert_quoted_printable(encode(text), plain(text))


PIECE = st.one_of(ANYTHING, st.text("a.é =\r\n\t", min_size=90, max_size=300))


@given(st.lists(st.lists(PIECE, max_size=8), min_size=1, max_size=3))
@example([["x" * 100 + "\r", "\n" + "y" * 100, "." * 100 + "\n."]])
@example([["x" * 80 + "\n" + "y" * 75, " \n" + "z" * 100]] * 2)
def test_pieces_are_encoded_as_the_whole_would_be(texts: list[list[str]]) -> None:
    encoder = Encoder()
    for pieces in texts:
        assert_quoted_printable(encoder.encode(pieces), plain("".join(pieces)))


@given(first_name=HOSTILE, last_name=HOSTILE, list_name=HOSTILE, city=HOSTILE)
def test_hostile_merge_data_adds_no_header_recipient_or_markup(
    person: MakePerson, frozen: MakeFrozen, first_name: str, last_name: str, list_name: str, city: str
) -> None:
    compiled = Compiled(
        frozen(
            subject="For {{ first_name }} {{ attributes.city }}",
            html="""<p title="{{ first_name }}" id='{{ attributes.city }}'>{{ first_name }}</p>""",
            text="{{ first_name }} {{ last_name }} {{ attributes.city }}\n",
        )
    )
    someone = person(
        first_name=first_name, last_name=last_name, list_name=list_name, attributes={"city": city}
    )
    message = assert_flawless(compiled.email(someone).mime)
    assert [address.addr_spec for address in message["To"].addresses] == ["ana@example.org"]
    assert [address.addr_spec for address in message["From"].addresses] == ["alerts@example.org"]
    display_name = one_line(f"{one_line(first_name)} {one_line(last_name)}")[:100]
    assert message["To"].addresses[0].display_name.replace(" ", "") == display_name.replace(" ", "")
    assert str(message["Subject"]) == one_line(f"For {one_line(first_name)} {one_line(city)}")
    text, html = (part.get_content() for part in message.iter_parts())
    assert text == f"{one_line(first_name)} {one_line(last_name)} {one_line(city)}\r\n"
    assert html.count("<") == 2
    assert html.count(">") == 2
    assert html.count('"') == html.count("'") == 2


@given(HOSTILE, HOSTILE)
def test_hostile_merge_data_fails_a_text_at_worst(
    person: MakePerson, frozen: MakeFrozen, first_name: str, city: str
) -> None:
    compiled = Compiled(frozen(sms="ICIRR: {{ first_name }} {{ attributes.city }} STOP"))
    reader = person(first_name=first_name, attributes={"city": city})
    if sms.length(one_line(first_name) + one_line(city)) > sms.MAX_LENGTH:
        with pytest.raises(RenderFailed, match="text is too long"):
            compiled.sms(reader)
    else:
        body = compiled.sms(reader).body
        body.encode()
        assert not set(body) & set("\r\n\0\u202e")


@given(to=HOSTILE, link=HOSTILE)
def test_a_hostile_address_or_link_fails_its_own_message_at_worst(
    person: MakePerson, frozen: MakeFrozen, to: str, link: str
) -> None:
    with pytest.raises(RenderFailed):
        Compiled(frozen()).email(person(to=to))
    with pytest.raises(RenderFailed):
        Compiled(frozen()).email(person(one_click_url=link))
    assert_flawless(Compiled(frozen()).email(person(leave_url=link)).mime)


@given(text=ANYTHING.map(plain), html=ANYTHING.map(plain), subject=ANYTHING.map(one_line).filter(bool))
def test_the_bytes_say_what_the_standard_librarys_own_message_says(
    text: str, html: str, subject: str
) -> None:
    skeleton = Skeleton(from_name="Coalition, Chicago", from_email="alerts@example.org", language="en")
    bodies = encode(text), encode(html)
    letter = Letter("7.abc", "ana@example.org", "Ana", subject, *bodies, "Alerts", "https://example.org/x")
    ours = assert_flawless(skeleton.assemble(letter))
    message = EmailMessage()
    message["Subject"] = subject
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    theirs = parsed(message.as_bytes(policy=email.policy.SMTP))
    assert str(ours["Subject"]) == str(theirs["Subject"]) == subject
    for our, their in zip(ours.iter_parts(), theirs.iter_parts(), strict=True):
        assert our.get_content().rstrip("\r\n") == their.get_content().rstrip("\r\n")
        assert our.get_content_charset() == their.get_content_charset() == "utf-8"


def test_the_headers_of_a_list_are_there(person: MakePerson, frozen: MakeFrozen) -> None:
    message = parsed(Compiled(frozen()).email(person(list_name="Ñandú: alerts, daily")).mime)
    assert message["List-Id"] == '"Ñandú: alerts, daily" <nandu-alerts-daily.example.org>'.replace('"', "")
    assert message["List-Unsubscribe"] == "<https://alerts.example.org/one-click/x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Date"].datetime.utcoffset() is not None
    assert message["Content-Language"] == "en"


def test_a_list_without_latin_letters_has_an_identifier_too(person: MakePerson, frozen: MakeFrozen) -> None:
    message = parsed(Compiled(frozen()).email(person(list_name="نور")).mime)
    assert str(message["List-Id"]).endswith("<alerts.example.org>")


def test_a_mailbox_for_leaving_is_added_where_there_is_one(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(), leave_mailbox="leave@example.org")
    assert (
        parsed(compiled.email(person()).mime)["List-Unsubscribe"]
        == "<https://alerts.example.org/one-click/x>, <mailto:leave@example.org?subject=unsubscribe>"
    )


def test_practice_links_on_this_machine_may_be_http(person: MakePerson, frozen: MakeFrozen) -> None:
    message = parsed(Compiled(frozen()).email(person(one_click_url="http://localhost:8000/l/x")).mime)
    assert message["List-Unsubscribe"] == "<http://localhost:8000/l/x>"


def test_a_slug_of_a_list_is_nowhere_in_the_message(person: MakePerson, frozen: MakeFrozen) -> None:
    edition = replace(frozen(), slug="secret-slug", lists=("secret-list",), sensitive=True)
    mime = Compiled(edition).email(person()).mime
    assert b"secret" not in mime


def test_a_sender_from_an_international_domain_goes_out_in_ascii(
    person: MakePerson, frozen: MakeFrozen, organisation: Organisation
) -> None:
    sender = replace(organisation, from_email="alerts@bücher.example", from_name="Bücher, Chicago")
    rendered = Compiled(replace(frozen(), organisation=sender)).email(person(to="ana@bücher.example"))
    assert rendered.envelope_from == "alerts@xn--bcher-kva.example"
    assert rendered.to == "ana@xn--bcher-kva.example"
    assert rendered.reference.endswith("@xn--bcher-kva.example")
    message = assert_flawless(rendered.mime)
    assert message["From"].addresses[0].display_name == "Bücher, Chicago"
