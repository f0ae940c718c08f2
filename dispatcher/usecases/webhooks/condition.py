"""How it stands with webhooks, for `dispatch doctor`."""

from datetime import datetime, timedelta

from dispatcher.embedded import worker_missing
from dispatcher.house import House
from dispatcher.usecases.journal.condition import Condition
from dispatcher.usecases.webhooks.registering import WebhookView, view_webhooks

_LATE = timedelta(minutes=10)
_START = "Start a worker (`dispatch worker`); if one runs, `dispatch webhooks ls` says what waits."


def webhooks_condition(house: House) -> Condition:
    """Who isn't told, and whether events wait in vain."""
    with house.db.reading() as session:
        hooks = view_webhooks(session)
    if not hooks:
        return Condition(None, "none: no other program is told what happens.")
    for one in hooks:
        if one.disabled_at:
            mend = f"Mend the receiver, then run `dispatch webhooks retry {one.number}`."
            return Condition(False, f"webhook {one.number} is switched off: it took nothing.", mend)
    for one in hooks:
        if one.failures:
            mend = f"`dispatch webhooks show {one.number}` says how it answers; it is tried again by itself."
            return Condition(None, f"webhook {one.number} doesn't take what it is told.", mend)
    return _of_what_waits(house, hooks)


def _of_what_waits(house: House, hooks: list[WebhookView]) -> Condition:
    waiting = sum(one.waiting + one.unread for one in hooks)
    more = " or more" if any(one.more_unread for one in hooks) else ""
    words = f"{len(hooks)} told; {waiting:,}{more} events wait"
    moments: list[datetime] = [one.oldest_at for one in hooks if one.oldest_at]
    if moments and house.db.now() - min(moments) > _LATE:
        return Condition(False, f"{words}, some for more than ten minutes.", _START)
    if waiting and worker_missing(house.settings):
        return Condition(None, f"{words}, and no worker is alive to tell them.", _START)
    return Condition(True, f"{words}.")
