"""The fast path says what the standard library's own EmailMessage says."""

import email
import email.policy
from collections.abc import Callable
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage

from hostile import BROKEN_NAMES, HOSTILE_NAMES
from hypothesis import assume, given
from hypothesis import strategies as st
from strict_parsing import assert_flawless

from dispatcher.content.cleaning import one_line, plain
from dispatcher.content.edition import Frozen
from dispatcher.content.render import Compiled, Person

MakePerson = Callable[..., Person]
MakeFrozen = Callable[..., Frozen]

ANYTHING = st.text(st.characters(), max_size=300)
NAMES = st.one_of(ANYTHING, st.sampled_from([*HOSTILE_NAMES.values(), *BROKEN_NAMES.values()]))
# Long lines are folded by the standard library in ways that can add a recipient: see content/headers.py.
UNFOLDED = email.policy.SMTP.clone(max_line_length=0)


def standard_message(
    person: Person, display_name: str, subject: str, text: str, html: str, reference: str
) -> bytes:
    """The same email, made the slow way."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = Address("Coalition alerts", addr_spec="alerts@example.org")
    message["To"] = Address(display_name, addr_spec=person.to)
    message["Subject"] = subject
    message["Date"] = datetime.now(UTC)
    message["Message-ID"] = f"<{reference}>"
    message["List-Id"] = "Budget alerts <budget-alerts.example.org>"
    by_mail = f"<mailto:{person.leave_mail}?subject=unsubscribe>"
    message["List-Unsubscribe"] = f"<{person.one_click_url}>, {by_mail}"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Feedback-ID"] = "budget:budget-alerts:en:exampleorg"
    message["Precedence"] = "bulk"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = "en"  # earlier it would have become the text's
    return message.as_bytes(policy=UNFOLDED)


def what_it_says(message: EmailMessage) -> dict[str, object]:
    """All headers and both bodies, as a mail program has them."""
    said: dict[str, object] = {name: str(value) for name, value in message.items()}
    for name in ("From", "To"):
        # Between two encoded words of a name the standard library keeps the space that RFC 2047 6.2 drops.
        said[name] = [(one.display_name.replace(" ", ""), one.addr_spec) for one in message[name].addresses]
    del said["Date"]  # a second may have passed
    said["Content-Type"] = message.get_content_type()  # boundaries differ
    said["bodies"] = [
        (part.get_content_type(), part.get_content_charset(), part.get_content().rstrip("\r\n"))
        for part in message.iter_parts()
    ]
    return said


@given(first_name=NAMES, last_name=NAMES, subject=NAMES, text=ANYTHING, html=ANYTHING)
def test_the_fast_path_and_the_standard_librarys_give_the_same_message(
    person: MakePerson,
    frozen: MakeFrozen,
    first_name: str,
    last_name: str,
    subject: str,
    text: str,
    html: str,
) -> None:
    reader = person(
        first_name=first_name,
        last_name=last_name,
        leave_mail="bounces+leave.x@example.org",
        attributes={"subject": subject, "text": text},
    )
    compiled = Compiled(
        frozen(
            subject="For {{ attributes.subject }}",
            text="{{ attributes.text }} {{ first_name }}\n.\n",
            html="<p>{{ attributes.text }}</p>{% raw %}" + html.replace("{%", "") + "{% endraw %}",
        )
    )
    display_name = one_line(f"{one_line(first_name)} {one_line(last_name)}")[:100].strip()
    line = one_line(f"For {one_line(subject)}")
    # What looks like an encoded word the standard library sends as it is, and then reads as one.
    assume("=?" not in display_name + line)
    rendered = compiled.email(reader)
    ours = assert_flawless(rendered.mime)
    theirs = email.message_from_bytes(
        standard_message(
            reader,
            display_name=display_name,
            subject=line,
            text=plain(compiled.preview_text(reader)),
            html=plain(compiled.preview_html(reader)),
            reference=rendered.reference,
        ),
        policy=email.policy.default,
    )
    assert isinstance(theirs, EmailMessage)
    assert what_it_says(ours) == what_it_says(theirs)
