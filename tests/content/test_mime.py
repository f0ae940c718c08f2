"""An email's bytes, read back by the standard library in its strictest mood."""

import quopri
from collections.abc import Callable
from dataclasses import replace

import pytest
from hostile import BROKEN_NAMES, HOSTILE_NAMES
from hypothesis import example, given
from hypothesis import strategies as st
from strict_parsing import assert_flawless, parsed

from dispatcher.content.cleaning import one_line, plain
from dispatcher.content.edition import Frozen, Organisation
from dispatcher.content.quoted_printable import Encoder, encode
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import RenderFailed
from dispatcher.rules import sms

MakePerson = Callable[..., Person]
MakeFrozen = Callable[..., Frozen]

ANYTHING = st.text(st.characters(), max_size=300)
HOSTILE = st.one_of(ANYTHING, st.sampled_from([*HOSTILE_NAMES.values(), *BROKEN_NAMES.values()]))


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


def test_the_headers_of_a_list_are_there(person: MakePerson, frozen: MakeFrozen) -> None:
    message = parsed(Compiled(frozen()).email(person(list_name="Ñandú: alerts, daily")).mime)
    assert message["List-Id"] == '"Ñandú: alerts, daily" <nandu-alerts-daily.example.org>'.replace('"', "")
    assert message["List-Unsubscribe"] == "<https://alerts.example.org/one-click/x>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Date"].datetime.utcoffset() is not None
    assert message["Content-Language"] == "en"
    assert message["Feedback-ID"] == "budget:nandu-alerts-daily:en:exampleorg"
    assert message["Precedence"] == "bulk"
    assert "Auto-Submitted" not in message  # somebody wrote it


@pytest.mark.parametrize(
    ("domain", "sender"),
    [
        ("x.io", "xio00"),
        ("alerts.a-long-coalition.example", "alertsalongcoal"),
        ("b\u00fccher.example", "xnbcherkvaexamp"),
    ],
)
def test_gmail_counts_complaints_by_a_name_of_5_to_15_characters(
    person: MakePerson, frozen: MakeFrozen, organisation: Organisation, domain: str, sender: str
) -> None:
    edition = replace(frozen(), organisation=replace(organisation, from_email=f"us@{domain}"))
    mime = Compiled(edition).email(person()).mime
    assert str(parsed(mime)["Feedback-ID"]).rpartition(":")[2] == sender


def test_a_list_without_latin_letters_has_an_identifier_too(person: MakePerson, frozen: MakeFrozen) -> None:
    message = parsed(Compiled(frozen()).email(person(list_name="نور")).mime)
    assert str(message["List-Id"]).endswith("<alerts.example.org>")


def test_a_mailbox_for_leaving_is_added_where_there_is_one(person: MakePerson, frozen: MakeFrozen) -> None:
    mime = Compiled(frozen()).email(person(leave_mail="bounces+leave.x@example.org")).mime
    link, mail = str(assert_flawless(mime)["List-Unsubscribe"]).split(", ")
    assert link == "<https://alerts.example.org/one-click/x>"
    assert mail == "<mailto:bounces+leave.x@example.org?subject=unsubscribe>"


def test_bounces_go_to_an_address_of_the_messages_own_or_else_to_the_from_address(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    assert Compiled(frozen()).email(person()).envelope_from == "alerts@example.org"
    compiled = Compiled(frozen(), salt=b"alert 1", bounces_to="back@b\u00fccher.example")
    first, again, other = (compiled.email(person(message_id=number)) for number in (7, 7, 8))
    reference = first.reference.removesuffix("@example.org")
    assert first.envelope_from == again.envelope_from == f"back+{reference}@xn--bcher-kva.example"
    assert other.envelope_from.startswith("back+8.")
    assert parsed(first.mime)["From"].addresses[0].addr_spec == "alerts@example.org"


def test_answers_go_to_an_address_of_the_messages_own_where_there_is_a_mailbox_for_them(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    assert "Reply-To" not in parsed(Compiled(frozen()).email(person()).mime)
    sent = Compiled(frozen(), salt=b"alert 1", reply_to="desk@b\u00fccher.example").email(
        person(message_id=7)
    )
    reference = sent.reference.removesuffix("@example.org")
    header = parsed(sent.mime)["Reply-To"]
    assert not header.defects
    [answered] = header.addresses
    assert answered.addr_spec == f"desk+{reference}@xn--bcher-kva.example"
    assert answered.display_name == parsed(sent.mime)["From"].addresses[0].display_name


@pytest.mark.parametrize("wrong", ["desk@example.org\r\nBcc: all@example.org", "desk@exa mple.org"])
def test_a_mailbox_for_answers_cannot_bring_a_header_of_its_own(
    person: MakePerson, frozen: MakeFrozen, wrong: str
) -> None:
    with pytest.raises(RenderFailed):
        Compiled(frozen(), reply_to=wrong).email(person())


def test_a_provider_that_replaces_the_message_id_gets_our_reference_in_a_header_of_its_own(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    sent = Compiled(frozen(), echoed="X-PM-Metadata-dispatch").email(person())
    assert parsed(sent.mime).get_all("X-PM-Metadata-dispatch") == [sent.reference.partition("@")[0]]
    assert "X-PM-Metadata-dispatch" not in parsed(Compiled(frozen()).email(person()).mime)


def test_practice_links_on_this_machine_may_be_http(person: MakePerson, frozen: MakeFrozen) -> None:
    message = parsed(Compiled(frozen()).email(person(one_click_url="http://localhost:8000/l/x")).mime)
    assert message["List-Unsubscribe"] == "<http://localhost:8000/l/x>"


@pytest.mark.parametrize(("campaign", "of_list"), [(True, False), (False, True), (True, True)])
def test_no_header_names_a_sensitive_list_or_its_campaign(
    person: MakePerson, frozen: MakeFrozen, campaign: bool, of_list: bool
) -> None:
    edition = replace(frozen(), slug="secret-slug", lists=("secret-list",), sensitive=campaign)
    reader = person(sensitive=of_list, list_name="Secret circle", leave_mail="bounces+leave.x@example.org")
    mime = Compiled(edition, bounces_to="bounces@example.org").email(reader).mime
    message = assert_flawless(mime)
    assert message["List-Id"] == "<alerts.example.org>"
    assert message["Feedback-ID"] == "alerts:alerts:en:exampleorg"
    assert b"secret" not in mime.lower()


def test_a_slug_of_a_list_is_nowhere_in_the_message(person: MakePerson, frozen: MakeFrozen) -> None:
    mime = Compiled(replace(frozen(), lists=("secret-list",))).email(person()).mime
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
