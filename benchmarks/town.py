"""People and a campaign of the size that benchmarks use: 20 KB of HTML, text, six links, names."""

from pathlib import Path

from sqlalchemy import insert

from dispatcher.db import Database
from dispatcher.keyring import Keyring
from dispatcher.models import List, Subscriber, Subscription
from dispatcher.rules.alert import Channel

_AT_A_TIME = 5000
_PARAGRAPH = (
    "<p>This paragraph stands for what an organiser writes: why it matters now, who decides, what a call or "
    "a letter changes, and how long it takes. It has commas, accents such as é and ñ, and isn't short.</p>\n"
)
_LINK = (
    '<p><a href="https://example.org/act/{n}?who={{{{ first_name | urlencode }}}}">'
    "Link {n} for {{{{ first_name }}}}</a></p>\n"
)
_HTML_BYTES = 20_000


def write_campaign(folder: Path) -> None:
    """A campaign called `bench`: personalised HTML of 20 KB, the same words as text, six personal links."""
    own = folder / "templates" / "campaigns" / "bench"
    own.mkdir(parents=True)
    links = "".join(_LINK.format(n=n) for n in range(6))
    body = "<p>Dear {{ first_name }},</p>\n" + links
    body += _PARAGRAPH * ((_HTML_BYTES - len(body) - 5000) // len(_PARAGRAPH))  # the layout is about 5 KB
    (own / "body.html").write_text(body + '{% include "button.html" %}\n')
    words = _PARAGRAPH.replace("<p>", "").replace("</p>", "")
    (own / "body.txt").write_text(
        "Dear {{ first_name }},\n\n" + words * 12 + "{{ button }}: {{ action_url }}\n"
    )
    (own / "subject.txt").write_text("{{ first_name }}, one call today\n")
    (own / "sms.txt").write_text(
        "ICIRR: {{ first_name }}, call today {{ action_url }} {{ chrome.reply_stop }}\n"
    )
    (own / "campaign.toml").write_text(
        'title = "Benchmark"\nlevel = "state"\naction_url = "https://example.org/act"\nbutton = "Call"\n'
        'lists = ["bench"]\nchannels = ["email", "sms"]\n'
    )


def add_people(db: Database, keys: Keyring, number: int) -> None:
    """A list called `bench` with so many people on it, by email."""
    with db.transaction() as session:
        session.add(List(slug="bench", public_name="Benchmark alerts", sensitive=False))
        session.flush()
    for start in range(0, number, _AT_A_TIME):
        with db.transaction() as session:
            rows = [_person(keys, n) for n in range(start + 1, min(number, start + _AT_A_TIME) + 1)]
            session.execute(insert(Subscriber), rows)
            session.execute(insert(Subscription), [_subscription(row) for row in rows])


def _person(keys: Keyring, number: int) -> dict[str, object]:
    address = f"person{number}@domain{number % 50}.example"
    return {
        "id": number,
        "email": address,
        "email_key": keys.address_key(address),
        "email_domain": address.partition("@")[2],
        "first_name": f"Person{number}",
        "language": "en",
    }


def _subscription(row: dict[str, object]) -> dict[str, object]:
    return {
        "list_id": 1,
        "channel": Channel.EMAIL,
        "subscriber_id": row["id"],
        "address_key": row["email_key"],
    }
