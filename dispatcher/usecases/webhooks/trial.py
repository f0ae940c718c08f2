"""A test event, for who wants to know whether a receiver understands us."""

import secrets

from sqlalchemy import select

from dispatcher.channels.webhook import Posted, Poster, forbidden
from dispatcher.db import db_now
from dispatcher.house import House
from dispatcher.rules.webhooks import TEST, Event, parcel
from dispatcher.usecases.webhooks.registering import require_webhook
from dispatcher.usecases.webhooks.telling import ANSWERS_WITHIN, Claim, Parcel, post_signed


def try_webhook(house: House, number: int) -> Posted:
    """POST a `webhook.test` at once; nothing is noted and nothing is tried again. Raises UnknownWebhook."""
    with house.db.reading() as session:
        hook = require_webhook(session, number)
        now = session.scalars(select(db_now())).one()
    if why := forbidden(hook.url):
        return Posted(why)
    event = Event(secrets.token_bytes(16), TEST, now, {"webhook": hook.id})
    name, body = parcel([event], batch=hook.batch > 1)
    only = Parcel(name, body, (), 0, now)
    with Poster(ANSWERS_WITHIN) as poster:
        return post_signed(poster, Claim(hook.id, hook.url, (hook.secret,), (only,)), only)
