"""A practice house with alerts that went out, served: for pictures of its pages, and for validators."""

import threading
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from sqlalchemy import select, update

from dispatcher.content.edition import freeze
from dispatcher.content.load import load_campaign
from dispatcher.db import db_now
from dispatcher.embedded import Embedded
from dispatcher.house import House, open_house
from dispatcher.keyring import load_keyring
from dispatcher.models import Alert, Disclosure, SignUp, SignUpAddress, Subscriber
from dispatcher.rules.alert import Channel
from dispatcher.settings import load_settings
from dispatcher.tokens import LEAVE_PATH, Signer, view_path
from dispatcher.usecases.audience import Choice
from dispatcher.usecases.joining.links import confirm_url, new_reference
from dispatcher.usecases.managing.links import manage_url
from dispatcher.usecases.migrate import upgrade
from dispatcher.usecases.open_alert import Opening, open_alert
from dispatcher.usecases.organisation import PRACTICE
from dispatcher.usecases.set_up_practice import set_up_practice
from dispatcher.web.app import create_app
from dispatcher.web.limits import Limits

_SENT = ("daca", "senators")


@dataclass(frozen=True, slots=True)
class PracticeSite:
    """Where it is, and its pages: name -> path."""

    url: str
    pages: dict[str, str]
    house: House
    signer: Signer
    limits: Limits


@contextmanager
def practice_site(folder: Path) -> Iterator[PracticeSite]:
    """The site of a practice house in a new folder, on loopback, until the end."""
    with chdir(folder), _practice_house(folder) as house:
        app, known = create_app(house), _pages(house)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, ws="none"))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        limits = Limits(house)
        yield PracticeSite(f"http://127.0.0.1:{port}", known, house, Signer.load(house.settings), limits)
        limits.close()
        server.should_exit = True
        thread.join(20)


def _pages(house: House) -> dict[str, str]:
    """Every public page that anybody can open."""
    signer = Signer.load(house.settings)
    with house.db.reading() as session:
        both = (Subscriber.email_key.is_not(None), Subscriber.phone_key.is_not(None))
        person = session.scalars(select(Subscriber).where(*both).order_by(Subscriber.id)).first()
        assert person is not None
        manage = manage_url(signer, "", person, Channel.EMAIL, house.db.now())
    return {
        "calls": "/",
        "before": f"/before/{signer.references('senators')[0]}",
        "texts": "/texts",
        "alert": "/texts/1",
        "join": "/join",
        "join-list": "/join/1",
        "confirm": confirm_url(signer, "", _sign_up(house), datetime.now(UTC)),
        "privacy": "/privacy",
        "terms": "/terms",
        "lost": "/lost",
        "manage": manage,
        "forget": f"{manage}/forget",
        "new-number": f"{manage}/new/sms",
        "old-link": "/m/old",
        "leave": LEAVE_PATH + signer.leave_token(1, [1], Channel.EMAIL),
        "broken": f"{LEAVE_PATH}broken",
        "missing": "/go/nowhere",
        "email": view_path(1, 1, "en"),
    }


def _sign_up(house: House) -> bytes:
    """The reference of a sign-up that waits to be confirmed."""
    reference = new_reference()
    facts = {"list_ids": "[1]", "language": "en", "read_in": "en", "source": "practice", "page": "/join"}
    with house.db.transaction() as session:
        sign_up = SignUp(reference=reference, **facts)
        shown = Disclosure(sha256="practice", words="We send you calls to action.")
        session.add_all([sign_up, shown])
        session.flush()
        address = {"channel": Channel.EMAIL, "disclosure_id": shown.id, "asked": True}
        session.add(SignUpAddress(sign_up_id=sign_up.id, **address))
    return reference


@contextmanager
def _practice_house(folder: Path) -> Iterator[House]:
    """The shipped campaigns' lists and people, and two alerts that went to files."""
    settings = load_settings(database_url=f"sqlite:///{folder}/var/dispatch.db")
    upgrade(settings, load_keyring(settings, create=True)).close()
    house = open_house(settings)
    with house.db.transaction() as session:
        set_up_practice(session, house.keys, "a folder of its own")
    for slug in _SENT:
        frozen = freeze(load_campaign(slug), PRACTICE)
        wanted = Opening(frozen, Choice(frozen.channels, frozen.lists, False, None), None, None, True, "")
        with house.db.transaction() as session:
            open_alert(session, house.settings, wanted)
    with house.db.transaction() as session:
        session.execute(update(Alert).values(email_served_at=db_now(), sms_served_at=db_now()))
    with Embedded(settings):  # where forms are counted
        yield house
    house.db.close()
