"""What must be right before a real message may leave: senders that answer, pages where people can leave."""

import json
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException

from dispatcher.channels.base import Sender
from dispatcher.errors import SenderNotReady, UnsafeToSend
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings

_TIMEOUT = 10.0  # seconds for our own public page to answer


def refuse_not_ready(settings: Settings, senders: Mapping[Channel, Sender]) -> None:
    """Reach every sender, and the public pages where people who get a message can leave.

    Raises SenderNotReady or UnsafeToSend, in words that say what to do.
    """
    for sender in senders.values():
        health = sender.check()
        sender.close()
        if not health.ok:
            raise SenderNotReady(sender=sender.name, problem=health.words.rstrip("."), mend=health.mend)
    if any(sender.beyond_loopback for sender in senders.values()):
        problem = public_pages_problem(settings)
        if problem:
            raise UnsafeToSend(
                problem=problem,
                mend="People must be able to leave by one click: run `dispatch web` behind https and set "
                "DISPATCH_PUBLIC_URL to its address.",
            )


def public_pages_problem(settings: Settings) -> str:
    """What is wrong with DISPATCH_PUBLIC_URL for real people; empty when it is https and says it is well."""
    if settings.public.scheme != "https":
        return f"DISPATCH_PUBLIC_URL is {settings.public_url}, which isn't https."
    try:
        with urllib.request.urlopen(f"{settings.public_url}/health", timeout=_TIMEOUT) as answer:  # noqa: S310 - https, checked above
            healthy = json.load(answer).get("ok") is True
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        return f"{settings.public_url}/health doesn't answer ({reason})."
    return "" if healthy else f"{settings.public_url}/health says that it isn't well."
