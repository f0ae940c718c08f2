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

from dispatcher.channels.smtp import SmtpSender
from dispatcher.channels.smtp_relay import relay_of
from dispatcher.house import House
from dispatcher.limiter import Limiter
from dispatcher.rules.alert import Channel
from dispatcher.rules.urls import parse_service_url
from dispatcher.tokens import Signer
from dispatcher.usecases import deliver
from fakes.smtp import Received, SmtpServer

US = {"from_email": "alerts@example.org", "bounces_to": "bounces@example.org"}


@pytest.fixture
def limiter(redis_url: str) -> Iterator[Limiter]:
    limiter = Limiter(parse_service_url(redis_url))
    yield limiter
    limiter.close()


def delivered(house: House, limiter: Limiter, folder: Path, *, sensitive: bool = False) -> list[Received]:
    """An alert to three people, as the relay got it."""
    add_list(house, public_name="Secret circle", sensitive=sensitive)
    write_campaign(folder)
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


def test_no_header_names_a_list_that_is_sensitive_though_its_campaign_is_not(
    open_house_with: OpenHouse, limiter: Limiter, tmp_path: Path
) -> None:
    for one in delivered(open_house_with(**US), limiter, tmp_path, sensitive=True):
        assert assert_flawless(one.mime)["List-Id"] == "<alerts.example.org>"
        headers = one.mime.partition(b"\r\n\r\n")[0].lower()
        assert b"secret" not in headers
        assert b"budget:" not in headers
