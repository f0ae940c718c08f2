"""One person's message: rendered, cleaned, counted; or a failure that says nothing of the person."""

import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest

from dispatcher.content.edition import Frozen
from dispatcher.content.render import Compiled, Person
from dispatcher.errors import RenderFailed
from dispatcher.rules import sms

MakePerson = Callable[..., Person]
MakeFrozen = Callable[..., Frozen]


def parsed(mime: bytes) -> EmailMessage:
    message = email.message_from_bytes(mime, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_an_email_carries_what_the_sender_needs(person: MakePerson, frozen: MakeFrozen) -> None:
    rendered = Compiled(frozen()).email(person())
    assert (rendered.message_id, rendered.to) == (7, "ana@example.org")
    assert rendered.envelope_from == "alerts@example.org"
    message = parsed(rendered.mime)
    assert message["Message-ID"] == f"<{rendered.reference}>"
    assert message["Subject"] == "A word for Ana"
    assert message["To"].addresses[0].display_name == "Ana Ruiz"


def test_the_message_id_stays_the_same_on_every_attempt(person: MakePerson, frozen: MakeFrozen) -> None:
    first, again = (Compiled(frozen(), salt=b"alert 1").email(person()).reference for _ in range(2))
    corrected = Compiled(frozen(subject="Corrected"), salt=b"alert 1").email(person()).reference
    assert first == again == corrected
    assert first.startswith("7.")
    assert first.endswith("@example.org")


def test_message_ids_cannot_be_guessed_from_each_other(person: MakePerson, frozen: MakeFrozen) -> None:
    one = Compiled(frozen(), salt=b"alert 1")
    opaque = {
        compiled.email(person(message_id=number)).reference.partition(".")[2]
        for compiled in (one, Compiled(frozen(), salt=b"alert 2"))
        for number in (7, 8)
    }
    assert len(opaque) == 4


def test_a_test_message_is_marked_and_always_new(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(), test=True)
    first, second = compiled.email(person()), compiled.email(person())
    assert parsed(first.mime)["Subject"] == "TEST: A word for Ana"
    assert compiled.preview_text(person()).startswith("TEST\n\nHello")
    assert compiled.sms(person()).body.startswith("TEST: ICIRR")
    assert first.reference != second.reference


def test_somebody_without_a_name_is_greeted_all_the_same(person: MakePerson, frozen: MakeFrozen) -> None:
    rendered = Compiled(frozen()).email(person(first_name=None, last_name=None))
    message = parsed(rendered.mime)
    assert message["Subject"] == "A word for you"
    assert message["To"] == "ana@example.org"


def test_every_variable_of_the_contract_is_there(person: MakePerson, frozen: MakeFrozen) -> None:
    names = (
        *("first_name", "last_name", "name", "action_url", "button", "org.name", "org.address", "list_name"),
        *("leave_url", "title", "language", "dir", "attributes.city", "chrome.reply_stop"),
    )
    text = "|".join(f"{{{{ {name} }}}}" for name in names)
    rendered = Compiled(frozen(text=text)).preview_text(person(attributes={"city": "Chicago"}))
    assert rendered.split("|") == [
        "Ana",
        "Ruiz",
        "Ana",
        "https://p2a.co/budget?a=1&b=2",
        "Call now",
        "Coalition, Chicago",
        "1 Main St, Chicago",
        "Budget alerts",
        "https://alerts.example.org/leave/x",
        "Keep the budget whole",
        "en",
        "ltr",
        "Chicago",
        "Reply STOP to stop",
    ]


def test_links_are_escaped_in_html_alone(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(html='<a href="{{ action_url }}">x</a>', text="{{ action_url }}"))
    assert 'href="https://p2a.co/budget?a=1&amp;b=2"' in compiled.preview_html(person())
    assert compiled.preview_text(person()) == "https://p2a.co/budget?a=1&b=2"


def test_a_text_is_composed_and_counted(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(sms="\n Jose\u0301: {{ first_name }} \r\n"))
    text = compiled.sms(person(to="+13125550123", stop_due=False))
    assert text.body == "José: Ana"
    assert (text.to, text.message_id) == ("+13125550123", 7)
    assert compiled.sms(person(first_name="x" * 200)).segments == 2
    long_name = person(first_name="李" * 70, stop_due=False)
    assert compiled.sms(long_name).segments == sms.segments("José: " + "李" * 70) == 2


def test_a_text_that_no_carrier_takes_fails(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(sms="{{ first_name }}"))
    assert len(compiled.sms(person(first_name="x" * 1600, stop_due=False)).body) == 1600
    with pytest.raises(RenderFailed, match="text is too long: 1601 characters, 1600 fit"):
        compiled.sms(person(first_name="x" * 1601, stop_due=False))
    with pytest.raises(RenderFailed, match="text is empty"):
        compiled.sms(person(first_name=None))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"to": "josé@example.org"}, "address needs SMTPUTF8"),
        ({"to": "ana"}, "address isn't valid"),
        ({"to": "ana@example.org, eve@example.org"}, "address isn't valid"),
        ({"to": "ana@example.org\r\nBcc: eve@example.org"}, "address isn't valid"),
        ({"to": "ana@-é.org"}, "address isn't valid"),
        ({"to": "a" * 250 + "@example.org"}, "address isn't valid"),
        ({"one_click_url": "http://alerts.example.org/x"}, "leave link isn't https"),
        ({"one_click_url": "https://alerts.example.org/>, <https://evil.example"}, "leave link isn't a link"),
        ({"one_click_url": ""}, "leave link isn't a link"),
        ({"language": "fr"}, "no such language"),
    ],
)
def test_a_message_that_cannot_be_written_fails_alone(
    person: MakePerson, frozen: MakeFrozen, changed: dict[str, str], reason: str
) -> None:
    compiled = Compiled(frozen())
    with pytest.raises(RenderFailed) as failed:
        compiled.email(person(**changed))
    assert failed.value.reason == reason
    assert "example.org" not in str(failed.value)
    assert compiled.email(person()).message_id == 7


def test_a_template_that_fails_for_one_person_says_nothing_of_them(
    person: MakePerson, frozen: MakeFrozen
) -> None:
    compiled = Compiled(frozen(text="{{ attributes.city }} {{ 8 / (first_name|length) }}"))
    assert compiled.preview_text(person(attributes={"city": "Chicago"})) == "Chicago 2.6666666666666665"
    with pytest.raises(RenderFailed, match="undefined variable: city"):
        compiled.email(person())
    with pytest.raises(RenderFailed, match="template error: ZeroDivisionError"):
        compiled.email(person(first_name=None, attributes={"city": "Chicago"}))


def test_an_email_never_goes_out_without_a_subject(person: MakePerson, frozen: MakeFrozen) -> None:
    with pytest.raises(RenderFailed, match="subject is empty"):
        Compiled(frozen(subject=" {{ last_name }}\n")).email(person(last_name=None))


def test_a_language_without_a_channels_parts_fails(person: MakePerson, frozen: MakeFrozen) -> None:
    with pytest.raises(RenderFailed, match="no such part in this language: sms"):
        Compiled(frozen(sms=None)).sms(person())


def test_a_message_whose_css_cannot_be_inlined_fails_alone(person: MakePerson, frozen: MakeFrozen) -> None:
    compiled = Compiled(frozen(inline_each=True, html="{{ last_name }}"))
    assert "Ruiz" in compiled.preview_html(person())
    with pytest.raises(RenderFailed, match="CSS can't be inlined"):
        compiled.email(person(last_name=None))


def test_names_and_addresses_are_in_no_repr(person: MakePerson, frozen: MakeFrozen) -> None:
    shown = repr(person()) + repr(Compiled(frozen()).email(person())) + repr(Compiled(frozen()).sms(person()))
    for secret in ("ana@example.org", "Ana", "Ruiz", "/leave/x"):
        assert secret not in shown


@pytest.mark.parametrize(
    ("campaign", "of_list", "private"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_a_sensitive_text_is_to_be_forgotten_by_its_provider(
    person: MakePerson, frozen: MakeFrozen, campaign: bool, of_list: bool, private: bool
) -> None:
    assert Compiled(replace(frozen(), sensitive=campaign)).sms(person(sensitive=of_list)).private is private
