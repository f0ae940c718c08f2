"""The pages of a scene as a process of their own, and what people and Twilio say to them."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from web_site import Site

from dispatcher.rules.alert import Channel
from fakes.twilio import NUMBER, TOKEN
from faults.scene import Scene
from servers.local import free_port
from servers.processes import running, wait_until

_LOG = Path("web.log")
_INBOUND = "/twilio/inbound"


@contextmanager
def site(scene: Scene) -> Iterator[Site]:
    """`dispatch web`, until the end."""
    served = Site(scene.house, free_port())
    command = ("-P", "-m", "dispatcher", "web", "--port", str(served.port))
    with running(*command, environment=scene.environment, log=_LOG):
        wait_until(lambda: _answers(served))
        yield served


def _answers(pages: Site) -> bool:
    try:
        return pages.get("/health").status == 200
    except ConnectionRefusedError:
        return False


def leave(pages: Site, person: int) -> None:
    """One click in the mailbox provider's window; the list is the scene's only one."""
    left = pages.post(pages.link(person, [1], Channel.EMAIL), b"List-Unsubscribe=One-Click")
    assert left.status == 200


def text_stop(pages: Site, number: str) -> None:
    """STOP, as Twilio brings it."""
    form = {"Body": "STOP", "From": number, "To": NUMBER}
    words = pages.house.settings.public_url + _INBOUND + "".join(key + form[key] for key in sorted(form))
    signature = base64.b64encode(hmac.new(TOKEN.encode(), words.encode(), hashlib.sha1).digest()).decode()
    answer = pages.post(_INBOUND, urlencode(form).encode(), X_Twilio_Signature=signature)
    assert answer.status == 200
