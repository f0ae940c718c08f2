"""Notices as messages: their bytes, their words, and what hostile facts can't do to them."""

import email
import email.policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from hostile import BROKEN_NAMES, HOSTILE_NAMES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from notice_words import FACTS, write_notice_words

from dispatcher.content.edition import Organisation
from dispatcher.content.notice import NoticeRequest, NoticeWriter, words_for
from dispatcher.errors import RenderFailed

US = Organisation("Tenants United", "1 Main St", "us@tenants.org", "Tenants")
WRITER = NoticeWriter(US, salt=b"secret")
HEADERS = [
    *("Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "MIME-Version", "Message-ID"),
    *("Subject", "To"),
]
HOSTILE = st.one_of(st.text(max_size=200), st.sampled_from([*HOSTILE_NAMES.values(), *BROKEN_NAMES.values()]))


@pytest.fixture(autouse=True)
def _words(tmp_path: Path) -> None:
    write_notice_words(tmp_path)


def request(kind: str = "hello", language: str = "en", **facts: str) -> NoticeRequest:
    return NoticeRequest(7, "rosa@mail.us", kind, language, FACTS | facts)


def read(mime: bytes) -> EmailMessage:
    message = email.message_from_bytes(mime, policy=email.policy.strict)
    assert isinstance(message, EmailMessage)
    assert b"\n" not in mime.replace(b"\r\n", b"")
    assert b"\r" not in mime.replace(b"\r\n", b"")
    assert max(map(len, mime.split(b"\r\n"))) <= 76 + 30
    return message


def test_an_email_is_ours_has_its_headers_once_and_none_of_a_list() -> None:
    sent = WRITER.email(request())
    message = read(sent.mime)
    assert sorted(message.keys()) == HEADERS
    assert str(message["From"]) == "Tenants <us@tenants.org>"
    assert str(message["To"]) == sent.to == "rosa@mail.us"
    assert sent.envelope_from == "us@tenants.org"
    assert str(message["Subject"]) == "Hello from Tenants"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"] == f"<{sent.reference}>"


def test_the_message_id_stays_and_nobody_can_guess_it() -> None:
    first, again = WRITER.email(request()), WRITER.email(request(code="1"))
    other = NoticeWriter(US, salt=b"another secret").email(request())
    assert first.reference == again.reference != other.reference
    assert first.reference.startswith("7.")


def test_bounces_go_to_their_mailbox() -> None:
    sent = NoticeWriter(US, salt=b"secret", bounces_to="bounces@tenants.org").email(request())
    assert sent.envelope_from.startswith("bounces+7.")


def test_answers_go_to_their_mailbox() -> None:
    sent = NoticeWriter(US, salt=b"secret", reply_to="desk@tenants.org").email(request())
    assert (
        str(read(sent.mime)["Reply-To"]) == f"Tenants <desk+{sent.reference.partition('@')[0]}@tenants.org>"
    )


def test_the_link_is_a_button_in_html_and_stands_alone_in_the_text() -> None:
    message = read(WRITER.email(request()).mime)
    text, html = (part.get_content().replace("\r\n", "\n") for part in message.iter_parts())
    assert "\nDear Rosa,\n\nhttps://go.example.org/c/abc\n\nYour code is 481516. " in text
    assert text.rstrip().endswith("Tenants United\n1 Main St")
    assert 'href="https://go.example.org/c/abc"' in html
    assert ">Open the page</a>" in html
    assert 'Your code is <bdi dir="ltr">481516</bdi>' in html
    assert "1 Main St" in html


def test_a_reader_of_spanish_gets_spanish() -> None:
    message = read(WRITER.email(request(language="es-MX")).mime)
    assert str(message["Subject"]) == "Un saludo de Tenants"
    assert message["Content-Language"] == "es"
    assert '<html lang="es" dir="ltr">' in message.get_body(("html",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("language", ["fr", "xx", "ar", ""])
def test_a_language_that_lacks_a_word_of_it_or_its_reviewer_gives_way_to_english(language: str) -> None:
    assert words_for("hello", language).language == "en"


def test_shipped_words_of_a_button_exist_in_arabic_from_right_to_left(tmp_path: Path) -> None:
    own = tmp_path / "templates" / "locale" / "ar.po"
    own.write_text(
        (tmp_path / "templates" / "locale" / "es.po").read_text(encoding="utf-8"), encoding="utf-8"
    )
    html = read(WRITER.email(request(language="ar")).mime).get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert '<html lang="ar" dir="rtl">' in html
    assert "افتح الصفحة" in html


def test_a_text_is_counted_and_says_how_to_stop_when_that_is_due() -> None:
    plain = WRITER.sms(request(), stop_due=False)
    assert (plain.body, plain.segments, plain.tells_stop) == ("Tenants: your code is 481516.", 1, False)
    due = WRITER.sms(request(language="es"), stop_due=True)
    assert due.body == "Tenants: su código es 481516.\nResponda STOP para no recibir mensajes"
    assert (due.segments, due.tells_stop) == (1, True)


@pytest.mark.parametrize(("kind", "reason"), [("nothing", "no such notice"), ("still", "no such notice")])
def test_a_kind_without_words_for_email_is_none(kind: str, reason: str) -> None:
    with pytest.raises(RenderFailed) as failed:
        WRITER.email(request(kind))
    assert failed.value.reason == reason


def test_a_text_without_words_or_beyond_all_length_is_none() -> None:
    with pytest.raises(RenderFailed, match="no such notice: mail by text"):
        WRITER.sms(request("mail"), stop_due=False)
    with pytest.raises(RenderFailed, match="the text is too long"):
        WRITER.sms(request(code="x" * 1600), stop_due=False)


def test_a_gap_that_nobody_filled_is_said_without_any_fact() -> None:
    with pytest.raises(RenderFailed, match="a gap has nothing to say: 'name'"):
        WRITER.email(NoticeRequest(7, "rosa@mail.us", "hello", "en", {"code": "481516", "link": "x"}))


@given(name=HOSTILE, code=HOSTILE)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_facts_add_no_header_recipient_markup_or_line(name: str, code: str) -> None:
    given_facts = request(name=name, code=code, org=code)
    sent = WRITER.email(given_facts)
    message = read(sent.mime)
    assert sorted(message.keys()) == HEADERS
    assert [one.addr_spec for one in message["To"].addresses] == ["rosa@mail.us"]
    html = message.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert html.count("<a ") == 1
    assert html.count("<script") == html.count("<img") == 0
    short = request(code=code[:100], org=name[:100])
    assert "\n" not in WRITER.sms(short, stop_due=False).body


def test_what_looks_like_a_gap_in_a_fact_stays_what_it_is() -> None:
    assert WRITER.sms(request(code="{link} {0} {org.__class__}"), stop_due=False).body.endswith(
        "{link} {0} {org.__class__}."
    )


def answered(words: str, **facts: str) -> EmailMessage:
    return read(WRITER.email(request("answer", words=words, **facts)).mime)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body([kind])
    assert found is not None
    return str(found.get_content())


def test_what_staff_answer_keeps_its_lines_and_paragraphs() -> None:
    message = answered("Yes <b>we</b> can.\nUntil May.\n\n\n\nMaria {org}")
    assert "Auto-Submitted" not in message  # a person wrote it
    plain = part(message, "plain").replace("\r\n", "\n")
    assert "\nYes <b>we</b> can.\nUntil May.\n\nMaria {org}\n" in plain
    assert "Yes &lt;b&gt;we&lt;/b&gt; can.<br>Until May.</bdi></p>" in part(message, "html")
    assert ">Maria {org}</bdi></p>" in part(message, "html")
    text = WRITER.sms(request("answer", words="Yes.\n\nMaria"), stop_due=False)
    assert text.body == "Tenants: Yes.\n\nMaria"


@pytest.mark.parametrize(
    "stranger", ["abc", "<a b@c>", "<a@b>\r\nBcc: x@y.z", "<" + "a" * 300 + ">", "<é@a.b>"]
)
def test_an_answer_stands_below_an_email_and_nothing_else_gets_into_its_headers(stranger: str) -> None:
    own = "<CAF+9=x_1@mail.example.org>"
    assert answered("Yes", in_reply_to=own)["In-Reply-To"] == own
    assert answered("Yes", in_reply_to=own)["References"] == own
    assert not {"In-Reply-To", "References", "Bcc"} & set(answered("Yes", in_reply_to=stranger).keys())


def test_a_hotline_is_named_where_there_is_one() -> None:
    helped = NoticeWriter(US, salt=b"secret", hotline="1-855-435-7693")
    mail = read(helped.email(request("received")).mime)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert "t wait: 1-855-435-7693" in part(mail, "plain")
    assert "t wait" not in part(read(WRITER.email(request("received")).mime), "plain")
    assert helped.sms(request("received"), stop_due=False).body.endswith("If it can't wait: 1-855-435-7693")
    assert WRITER.sms(request("received"), stop_due=False).body.endswith("If it can't wait: us@tenants.org")
