"""People and a campaign of the size that benchmarks use: 20 KB of HTML, text, six tracked links, names."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import exists, insert, select, text

from dispatcher.content.edition import freeze
from dispatcher.content.load import load_campaign
from dispatcher.content.parts import Organisation
from dispatcher.content.render import Compiled, Person
from dispatcher.db import Database
from dispatcher.keyring import Keyring
from dispatcher.models import List, Subscriber, Subscription
from dispatcher.rules.alert import Channel

DomainOf = Callable[[int], str]

_AT_A_TIME = 5000
_PARAGRAPH = (
    "<p>This paragraph stands for what an organiser writes: why it matters now, who decides, what a call or "
    "a letter changes, and how long it takes. It has commas, accents such as é and ñ, and isn't short.</p>\n"
)
_LINK = (
    '<p><a href="https://example.org/act/{n}?who={{{{ first_name | urlencode }}}}">'
    "Link {n} for {{{{ first_name }}}}</a></p>\n"
)
_TEXT_LINK = "Link {n}: https://example.org/act/{n}?who={{{{ first_name | urlencode }}}}\n"
_PARAGRAPHS = 44  # with the layout, and its styles in every tag, 20 KB of HTML
_PARAGRAPHS_OF_TEXT = 12


def html_body() -> str:
    """What an organiser writes, as a Jinja template: six links that are each person's own, and paragraphs."""
    links = "".join(_LINK.format(n=n) for n in range(6))
    return "<p>Dear {{ first_name }},</p>\n" + links + _PARAGRAPH * _PARAGRAPHS


def text_body() -> str:
    """The same in words."""
    words = _PARAGRAPH.replace("<p>", "").replace("</p>", "")
    links = "".join(_TEXT_LINK.format(n=n) for n in range(6))
    return "Dear {{ first_name }},\n\n" + links + words * _PARAGRAPHS_OF_TEXT


def write_campaign(folder: Path) -> None:
    """A campaign called `bench`."""
    own = folder / "templates" / "campaigns" / "bench"
    own.mkdir(parents=True, exist_ok=True)
    (own / "body.html").write_text(html_body() + '{% include "button.html" %}\n')
    (own / "body.txt").write_text(text_body() + "{{ button }}: {{ action_url }}\n")
    (own / "subject.txt").write_text("{{ first_name }}, one call today\n")
    (own / "sms.txt").write_text(
        "ICIRR: {{ first_name }}, call today {{ action_url }} {{ chrome.reply_stop }}\n"
    )
    (own / "campaign.toml").write_text(
        'title = "Benchmark"\nlevel = "state"\naction_url = "https://example.org/act"\nbutton = "Call"\n'
        'lists = ["bench"]\nchannels = ["email", "sms"]\n'
    )


def message_bytes() -> int:
    """How long one of the campaign's emails is on the wire; it is looked for in the working folder."""
    organisation = Organisation("Benchmark", "1 Main Street, Springfield", "alerts@example.org", "")
    link = "https://example.org/leave/" + "x" * 60
    person = Person(
        message_id=12_345,
        to="person12345@domain45.example",
        first_name="Person12345",
        last_name=None,
        language="en",
        attributes={},
        leave_url=link,
        one_click_url=link,
        list_name="Benchmark alerts",
    )
    return len(Compiled(freeze(load_campaign("bench"), organisation)).email(person).mime)


def fifty_domains(number: int) -> str:
    """Where the nth person has their address."""
    return f"domain{number % 50}.example"


def phone_of(number: int) -> str:
    """The nth person's phone."""
    return f"+1312{2_000_000 + number:07}"


def add_people(
    db: Database, keys: Keyring, numbers: range, domain_of: DomainOf = fifty_domains, *, texts: bool = False
) -> None:
    """People of these numbers on the list `bench`, by email, and with `texts` by phone too."""
    with db.transaction() as session:
        if not session.scalar(select(exists().where(List.slug == "bench"))):
            session.add(List(slug="bench", public_name="Benchmark alerts", sensitive=False))
    for start in range(numbers.start, numbers.stop, _AT_A_TIME):
        rows = [
            _person(keys, n, domain_of(n), texts=texts)
            for n in range(start, min(numbers.stop, start + _AT_A_TIME))
        ]
        with db.transaction() as session:
            session.execute(insert(Subscriber), rows)
            session.execute(insert(Subscription), [joined for row in rows for joined in _subscriptions(row)])
    with db.transaction() as session:
        session.execute(text("ANALYZE"))  # what autovacuum will have done by the time that somebody sends


def _person(keys: Keyring, number: int, domain: str, *, texts: bool) -> dict[str, Any]:
    address = f"person{number}@{domain}"
    person = {
        "id": number,
        "email": address,
        "email_key": keys.address_key(address),
        "email_domain": domain,
        "first_name": f"Person{number}",
        "language": "en",
    }
    if not texts:
        return person
    phone = phone_of(number)
    return person | {"phone": phone, "phone_key": keys.address_key(phone)}


def _subscriptions(person: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for channel, key in ((Channel.EMAIL, "email_key"), (Channel.SMS, "phone_key")):
        if key in person:
            same = {"list_id": 1, "channel": channel, "subscriber_id": person["id"]}
            yield same | {"address_key": person[key]}
