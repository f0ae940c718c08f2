"""What a relay gets of an alert: signed, a return path for each message, discreet when it must be."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import signing
from campaigns import frozen_campaign, real, send, write_campaign
from conftest import OpenHouse
from people import add_list, add_people
from strict_parsing import assert_flawless

from dispatcher.bounces.reading import read_bounce
from dispatcher.channels.smtp import SmtpSender
from dispatcher.channels.smtp_relay import relay_of
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from dispatcher.tokens import Signer
from dispatcher.usecases import deliver
from dispatcher.usecases.read_bounces import Done, apply_bounce
from fakes.smtp import Received, SmtpServer

US = {"from_email": "alerts@example.org", "bounces_to": "bounces@example.org"}


@pytest.fixture
def limiter(redis_url: str) -> Iterator[Limiter]:
    limiter = Limiter(parse_service_url(redis_url))
    yield limiter
    limiter.close()


def delivered(
    house: House, limiter: Limiter, folder: Path, *, sensitive: bool = False, layout: str = ""
) -> list[Received]:
    """An alert to three people, as the relay got it."""
    add_list(house, public_name="Secret circle", sensitive=sensitive)
    write_campaign(folder)
    if layout:
        (folder / "templates" / "layouts" / "plain.html").write_text(layout)
    add_people(house, 3, channels=[Channel.EMAIL])
    send(house, real(frozen_campaign(), channels=[Channel.EMAIL]))
    with SmtpServer(pipelining=True) as server:
        relay = SmtpSender(relay_of(parse_service_url(server.url), 5.0))
        deliver.run(house, Channel.EMAIL, {Channel.EMAIL: relay}, limiter, lambda: False, 20.0)
        relay.close()
        return server.received


def test_what_a_relay_gets_is_signed_and_comes_back_to_an_address_of_its_own(
    open_house_with: OpenHouse, limiter: Limiter, tmp_path: Path
) -> None:
    settings: dict[str, Any] = US | signing.SETTINGS
    house = open_house_with(**settings)
    received = delivered(house, limiter, tmp_path)
    assert len(received) == 3
    for one in received:
        message = assert_flawless(one.mime, signatures=2)
        assert signing.both_verified(one.mime)
        reference = str(message["Message-ID"]).strip("<>").removesuffix("@example.org")
        assert one.sender == f"bounces+{reference}@example.org"
    assert len({one.sender for one in received}) == 3


def test_the_address_for_leaving_says_who_leaves(
    open_house_with: OpenHouse, limiter: Limiter, tmp_path: Path
) -> None:
    house = open_house_with(**US)
    for one in delivered(house, limiter, tmp_path):
        link, mail = str(assert_flawless(one.mime)["List-Unsubscribe"]).split(", ")
        address = mail.removeprefix("<mailto:").removesuffix("?subject=unsubscribe>")
        token = address.removeprefix("bounces+leave.").removesuffix("@example.org")
        assert link == f"<http://localhost:8000/l/{token}>"
        left = Signer.load(house.settings).read_leave_token(token)
        assert one.recipient == f"person{left.subscriber_id}@example.org"


def test_what_a_relay_sends_back_is_known_as_its_messages_and_ends_it(
    open_house_with: OpenHouse, limiter: Limiter, tmp_path: Path
) -> None:
    house = open_house_with(**US)
    dead, left, _ = delivered(house, limiter, tmp_path)
    mailto = str(assert_flawless(left.mime)["List-Unsubscribe"]).split("mailto:")[1].partition("?")[0]
    notice = f"From: MAILER-DAEMON@relay.example\n\n<{dead.recipient}>:\n550 5.1.1 No such user\n\n"
    told = [
        notice.encode() + b"--- Below this line is a copy of the message.\n\n" + dead.mime,
        f"To: {dead.sender}\n{notice}".encode(),  # by the return path alone, and for the second time
        f"From: {left.recipient}\nTo: {mailto}\n\n".encode(),
    ]
    done = []
    with house.db.transaction() as session:
        signer = Signer.load(house.settings)
        for raw in told:
            [event] = read_bounce(raw, house.settings.bounces_to)
            done.append(apply_bounce(session, house.keys, signer, event))
    assert done == [Done.SUPPRESSED, Done.KNOWN, Done.LEFT]


def test_an_email_has_a_link_to_itself_in_the_browser_which_is_the_same_for_everybody(
    open_house_with: OpenHouse, limiter: Limiter, tmp_path: Path
) -> None:
    write_campaign(tmp_path)
    layout = tmp_path / "templates" / "layouts" / "plain.html"
    frame = layout.read_text().replace("{{ body }}", "<a href='{{ view_url }}'>View</a>{{ body }}")
    received = delivered(open_house_with(**US), limiter, tmp_path, layout=frame)
    for one in received:
        html = assert_flawless(one.mime).get_body(("html",))
        assert html
        assert "href='http://localhost:8000/v/1/1/en'" in html.get_content().replace('"', "'")


def test_no_header_names_a_list_that_is_sensitive_though_its_campaign_is_not(
    open_house_with: OpenHouse, limiter: Limiter, tmp_path: Path
) -> None:
    for one in delivered(open_house_with(**US), limiter, tmp_path, sensitive=True):
        assert assert_flawless(one.mime)["List-Id"] == "<alerts.example.org>"
        headers = one.mime.partition(b"\r\n\r\n")[0].lower()
        assert b"secret" not in headers
        assert b"budget:" not in headers
