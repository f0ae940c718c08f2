"""A whole send to a sensitive list, its clicks and opt-outs: nothing that can be taken says who is on it.

Not a line of any log, not a link, header or text, not Redis, the journal's files, or a dump of the database.
"""

import base64
import binascii
import hashlib
import hmac
import json
import logging
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import closing
from email import message_from_bytes
from email.message import Message as Mime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import redis
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from hand_over import hand_over
from importing_desk import Desk
from sqlalchemy import select
from starlette.routing import Route
from web_site import ORG, Answer, Site, serving

from dispatcher.channels.choose import choose_sender
from dispatcher.crew import Crew, this_worker
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.models import ConsentEvent, Message, Subscription, Suppression
from dispatcher.queue import ask_for_sweep, wake_all
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.moves import Status
from dispatcher.tokens import LEAVE_PATH
from dispatcher.usecases.lists import add_list
from dispatcher.usecases.notices.sending import send_notices
from dispatcher.usecases.notices.waiting import anything_due
from fakes.smtp import SmtpServer
from fakes.twilio import NUMBER, TOKEN, TwilioServer
from servers.postgres import postgres_program
from servers.processes import wait_until

SITE = "https://go.example.org"
# What staff call it, which says who is on it; each is in some column, file or setting of the send.
LIST, CAMPAIGN, ALERT, SOURCE = "quetzal-daca", "tlaloc-renewals", "xolotl-deadline", "huipil-clinic"
INSIDE = (LIST, CAMPAIGN, ALERT, SOURCE)
PUBLIC = ("Marigold alerts", "Keep the budget whole", "p2a.co", "call today")  # its readers know these
PEOPLE = (
    "Rosalinda",
    "Delgadillo",
    "rosalinda.d",
    "xochitl.m",
    "3125550171",
    "3125550172",
    "3125550173",
    "third.person",
    "unknown.soul",
)
FILE = """
    email,phone,first_name,last_name,language,time_zone
    rosalinda.d@example.org,+13125550171,Rosalinda,Delgadillo,en,America/Chicago
    xochitl.m@example.org,+13125550172,Xochitl,,en,America/Chicago
    third.person@mail.us,+13125550173,,,en,America/Chicago
    nobody.here@example.org,,,,en,America/Chicago
"""


@pytest.fixture
def sent(
    any_database_url: str,
    open_house_with: OpenHouse,
    smtp_server: SmtpServer,
    fake_twilio: TwilioServer,
    redis_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> House:
    """An import, an alert and everything that workers do with it; somebody is refused with many words."""
    caplog.set_level(logging.DEBUG)
    house = open_house_with(
        **ORG,
        database_url=any_database_url,
        redis_url=redis_url,
        email_url=smtp_server.url,
        sms_url=fake_twilio.url,
        public_url=SITE,
        sms_hours="none",
        rate_email="1000/s",
        rate_sms="1000/s",
    )
    with house.db.transaction() as session:
        add_list(session, LIST, PUBLIC[0], sensitive=True)
    Desk(house, tmp_path).bring_with_texts(FILE, list_slug=LIST, source=SOURCE)
    write_campaign(tmp_path, CAMPAIGN, lists=[LIST])
    nobody = "nobody.here@example.org"
    smtp_server.answer(nobody, f"550 5.1.1 <{nobody}>: nobody.here is unknown, ask xochitl.m@example.org")
    send(house, real(frozen_campaign(CAMPAIGN), again=ALERT))
    wake_all(house.settings)
    ask_for_sweep(house.settings)
    crew = Crew(redis_of(house.settings))
    crew.say_alive(this_worker(2))
    hand_over(house)
    hand_over(house)
    crew.close()
    return house


def links_in(words: str) -> list[str]:
    return re.findall(r"https?://[^\s\"'<>]+", words)


def bodies(mail: Mime) -> list[str]:
    parts = (part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart())
    return [part.decode() for part in parts if isinstance(part, bytes)]


def opt_outs(site: Site, emails: Iterable[Mime], texts: Iterable[str]) -> Iterator[Answer]:
    """What people do: click, leave at once, on the page or by text; and each page that is there for all."""
    one_clicks = [links_in(str(mail["List-Unsubscribe"]))[0] for mail in emails]
    first, second, *_ = [urlsplit(link).path for link in one_clicks]
    yield site.post(first, b"List-Unsubscribe=One-Click")
    yield site.get(second)
    yield site.post(second, b"leave=lists")
    for words in (*texts, *(body for mail in emails for body in bodies(mail))):
        for link in links_in(words):
            if link.startswith(SITE):
                yield site.get(urlsplit(link).path)
    for words in ("STOP", "please stop texting me", "HELP"):
        yield from (inbound(site, number, words) for number in ("+13125550171", "+13125550172"))
    for route in routes_for_all(site):
        yield site.get(route)
    yield site.get(f"{LEAVE_PATH}forged")
    yield site.get(f"/{LIST}/../nowhere")


def fresh_link(site: Site, smtp_server: SmtpServer) -> Iterator[Answer]:
    """Somebody has lost their link, and somebody asks who isn't here; the link's page is opened."""
    before = len(smtp_server.received)
    for address in ("third.person@mail.us", "unknown.soul@mail.us"):
        yield site.post("/lost", urlencode({"address": address}).encode())
    house = site.house
    wait_until(lambda: anything_due(house, Channel.EMAIL))
    with (
        closing(Limiter(redis_of(house.settings))) as limiter,
        closing(choose_sender(house.settings, Channel.EMAIL)) as sender,
    ):
        send_notices(house, Channel.EMAIL, sender, limiter, lambda: False, 5.0)
    (mail,) = [message_from_bytes(one.mime) for one in smtp_server.received[before:]]
    links = {urlsplit(link).path for body in bodies(mail) for link in links_in(body) if SITE in link}
    assert links
    for link in sorted(links):
        yield site.get(link)


def routes_for_all(site: Site) -> list[str]:
    from dispatcher.web.app import create_app

    routes = [route for route in create_app(site.house).routes if isinstance(route, Route)]
    return [one.path for one in routes if one.methods and "GET" in one.methods and "{" not in one.path]


def inbound(site: Site, number: str, words: str) -> Answer:
    form = {"From": number, "To": NUMBER, "Body": words}
    signed = f"{SITE}/twilio/inbound" + "".join(key + form[key] for key in sorted(form))
    proof = base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return site.post("/twilio/inbound", urlencode(form).encode(), X_Twilio_Signature=proof)


def dump_of(house: House, folder: Path) -> bytes:
    """What a thief of the database gets: SQLite's files, or PostgreSQL's dump."""
    if not house.db.sqlite:
        url = house.db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return subprocess.run([postgres_program("pg_dump"), url], check=True, capture_output=True).stdout
    file = Path(house.db.url.database or "")
    assert file.is_relative_to(folder)
    return b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))


def dump_of_redis(url: str) -> bytes:
    """Every key with its value; what Celery wraps in base64 as well as it is."""
    with redis.Redis.from_url(url) as client:
        keys = list(client.scan_iter(count=1000))
        assert any(key.startswith(b"dispatch:lane:") for key in keys)
        assert any(key.startswith(b"dispatch:queue:") for key in keys)
        return b"\n".join([*keys, *(value for key in keys for value in values(client, key))])


def values(client: "redis.Redis", key: bytes) -> Iterator[bytes]:
    match client.type(key):
        case b"list":
            for item in client.lrange(key, 0, -1):
                assert isinstance(item, bytes)
                yield item
                yield base64.b64decode(json.loads(item).get("body", ""))
        case b"string":
            value = client.get(key)
            yield value if isinstance(value, bytes) else b""
        case b"hash":
            yield repr(client.hgetall(key)).encode()
        case b"zset":
            yield repr(client.zrange(key, 0, -1)).encode()
        case _:
            yield repr(client.smembers(key)).encode()


def told_in(kept: bytes, secrets: Iterable[str]) -> list[str]:
    """Which of these words are there: plain, in hex, or in base64 (at any of its three offsets)."""
    lowered = kept.lower()
    return [secret for secret in secrets if any(form in lowered for form in forms(secret.lower()))] + [
        secret for secret in secrets if any(form in kept for form in in_base64(secret))
    ]


def forms(secret: str) -> tuple[bytes, ...]:
    return secret.encode(), binascii.hexlify(secret.encode()), secret.encode("utf-16-le")


def in_base64(secret: str) -> Iterator[bytes]:
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + secret.encode())
        yield whole[4 if offset else 0 : -4]


def test_nothing_that_can_be_taken_names_a_sensitive_list_or_anybody_on_it(
    sent: House,
    smtp_server: SmtpServer,
    fake_twilio: TwilioServer,
    redis_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    emails = [message_from_bytes(one.mime) for one in smtp_server.received]
    texts = [text.body for text in fake_twilio.texts]
    assert (len(emails), len(texts)) == (3, 3)
    with serving(sent) as site:
        answers = [*opt_outs(site, emails, texts), *fresh_link(site, smtp_server)]
    emails = [message_from_bytes(one.mime) for one in smtp_server.received]
    statuses = [answer.status for answer in answers]
    assert {200, 302, 404} <= set(statuses)
    what_happened(sent)

    # Log lines of every program and library, at their most talkative.
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    ours = [record for record in records if record.name != "mail.log"]  # what the relay of this test writes
    lines = [record.getMessage() + (record.exc_text or "") for record in ours]
    assert len(lines) > 10
    assert told_in("\n".join(lines).encode(), (*INSIDE, *PEOPLE, *PUBLIC[1:])) == []

    # Messages, their headers and links; what pages say, and their headers.
    headers = [(name, value) for mail in emails for name, value in mail.items()]
    words = [*texts, *(body for mail in emails for body in bodies(mail)), *(str(one) for one in headers)]
    said = "\n".join([*words, *(f"{answer.headers}\n{answer.text}" for answer in answers)])
    assert set(told_in(said.encode(), PUBLIC)) == set(PUBLIC)  # so it would be found
    but_to = [f"{name}: {value}" for name, value in headers if name != "To"]
    links = [link for one in words for link in links_in(one)]
    assert len(links) > 6
    kept_of_answers = [f"{answer.headers}\n{answer.text}" for answer in answers]
    assert told_in("\n".join([*but_to, *links, *texts, *kept_of_answers]).encode(), PEOPLE[2:]) == []

    # What is kept.
    journal = b"".join(path.read_bytes() for path in sent.db.journal.folder.iterdir())
    assert b"laid_out" in journal
    assert b"left" in journal
    sent.db.close()
    dump = dump_of(sent, tmp_path)
    assert b"delivered" in dump or b"sent" in dump
    assert told_in(dump, (*INSIDE, *PEOPLE, *PUBLIC, "people.csv", "Msg & data rates")) == []
    assert told_in(journal + dump_of_redis(redis_url), (*INSIDE, *PEOPLE, *PUBLIC)) == []


def what_happened(house: House) -> None:
    """It was a whole send indeed: most got it, one doesn't exist, one left by a click, one by text."""
    with house.db.reading() as session:
        statuses = session.scalars(select(Message.status).order_by(Message.id)).all()
        assert (statuses.count(Status.SENT), statuses.count(Status.BOUNCED)) == (6, 1)
        sources = set(session.scalars(select(ConsentEvent.source)))
        left = session.scalars(select(Subscription).where(Subscription.left_at.is_not(None))).all()
        assert {one.channel for one in left} == set(Channel)
        assert len(session.scalars(select(Suppression)).all()) >= 2
    assert {SOURCE, "one-click", "text STOP"} <= sources
