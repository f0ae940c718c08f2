"""Segments over a large database: how long it takes to count whom one means, beside counting everybody."""

import time
from collections.abc import Iterator
from pathlib import Path

from figures import Figure
from installation import Installation
from loopback import postgres
from sizes import Sizes
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatcher.house import House, open_house
from dispatcher.models import Subscriber
from dispatcher.usecases.acting.campaigns import campaign_to_act_on
from dispatcher.usecases.attributes.keys import name_key, value_key
from dispatcher.usecases.lists import add_list
from dispatcher.usecases.segments import wanted

_NO_QUEUE = "redis://127.0.0.1:1/0"  # nothing is sent here
_TIMES = 5  # of which the fastest counts: the machine's other work isn't ours
_SECOND = 1.0
_ATTRIBUTES = '[union]\ntype = "yes_no"\n[age]\ntype = "number"\n'
_EXAMPLE = "language = es and postal_code in 606* and not acted(bench)"
_SEGMENTS = {
    "language, ZIP codes and acts": _EXAMPLE,
    "a language": "language = es",
    "who hasn't acted": "not acted(bench)",
    "who acted lately": "acted(bench, since 2026-01-01)",
    "a yes-or-no attribute": "union",
    "a number": "age >= 65",
    "on a list": "on(bench)",
    "two questions with `or`": "union or acted(bench)",
}
# As wide as real people are: addresses, names and attributes are bytes that no index reads.
_PEOPLE = """
INSERT INTO subscribers (email, email_key, email_domain, phone, phone_key, first_name, last_name, attributes,
                         language, quiet_zones, postal_code, created_at, updated_at)
SELECT sha256(n::text::bytea) || sha256('a'), substr(sha256(('e' || n)::bytea), 1, 16), 'example.org',
       sha256(('p' || n)::bytea) || '\\x0011', substr(sha256(('k' || n)::bytea), 1, 16),
       sha256(('f' || n)::bytea), sha256(('l' || n)::bytea), sha256(('t' || n)::bytea) || sha256('u'),
       (ARRAY['en','en','en','en','es','es','es-MX','pl','ar','zh'])[1 + n %% 10], 'America/Chicago',
       (60000 + (n::bigint * 7919) %% 3000)::text, now() - (n %% 700) * interval '1 day', now()
FROM generate_series(1, %s) n
"""
_JOINED = """
INSERT INTO subscriptions (list_id, channel, subscriber_id, address_key, joined_at)
SELECT %s, 'email', id, email_key, now() FROM subscribers
"""
_ACTED = """
INSERT INTO actions (campaign_id, subscriber_id, at, how)
SELECT %s, id, now() - (id %% 90) * interval '1 day', 'told' FROM subscribers WHERE id %% 10 = 3
"""
_UNION = """
INSERT INTO attribute_values (subscriber_id, name_key, value_key)
SELECT id, %s, CASE WHEN id %% 4 = 0 THEN %s::bytea ELSE %s::bytea END FROM subscribers
"""
_AGE = """
INSERT INTO attribute_values (subscriber_id, name_key, number)
SELECT id, %s, 18 + id %% 70 FROM subscribers
"""


def measure(sizes: Sizes, folder: Path) -> Iterator[Figure]:
    """Each segment's count as a ratio to count(*); the issue's own example in seconds, too."""
    (folder / "attributes.toml").write_text(_ATTRIBUTES)
    with postgres() as database:
        ours = Installation(folder, database, _NO_QUEUE)
        house = open_house(ours.settings)
        _fill(ours, house, sizes.audience)
        with house.db.reading() as session:
            plain, everybody = _fastest(session, None)
            for name, text in _SEGMENTS.items():
                took, people = _fastest(session, text)
                words = f"{took:.3f} s for {people:,} / {plain:.3f} s for {everybody:,}"
                yield Figure("segments", f"{name} / count(*)", took / plain, words)
                if text == _EXAMPLE:
                    yield Figure("segments", f"{name}, seconds", took, text, None, _SECOND)
        house.db.close()


def _fill(ours: Installation, house: House, people: int) -> None:
    with house.db.transaction() as session:
        list_id = add_list(session, "bench", "Benchmark alerts").id
        campaign_id = campaign_to_act_on(session, "bench")
    ours.query(_PEOPLE, people)
    ours.query(_JOINED, list_id)
    ours.query(_ACTED, campaign_id)
    ours.query(_UNION, name_key("union"), value_key("union", "yes"), value_key("union", "no"))
    ours.query(_AGE, name_key("age"))
    ours.query("VACUUM ANALYZE")  # as autovacuum will have done by the time that somebody asks


def _fastest(session: Session, text: str | None) -> tuple[float, int]:
    """Seconds, and how many people."""
    query = select(func.count()).select_from(Subscriber)
    if text is not None:
        query = query.where(wanted(session, text))
    took, people = float("inf"), 0
    for _ in range(_TIMES):
        began = time.monotonic()
        people = session.scalar(query) or 0
        took = min(took, time.monotonic() - began)
    return took, people
