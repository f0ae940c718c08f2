"""A real worker tells staff what they must know."""

from collections.abc import Callable

import pytest
from waiting import Waiting, worker_on

from dispatcher.rules.moves import Status
from fakes.chat import ChatServer
from fakes.smtp import SmtpServer
from servers.processes import wait_until

pytestmark = pytest.mark.waits

WHO = {"org_name": "Tenants United", "org_address": "1 Main St", "from_email": "us@tenants.example"}


def test_an_alert_that_pauses_by_itself_is_told_without_its_name(
    waiting: Callable[..., Waiting], smtp_server: SmtpServer
) -> None:
    with ChatServer() as chat:
        alert = waiting(0, email_url=smtp_server.url, alarm_url=chat.url, **WHO)
        alert.open(3)
        smtp_server.answer_senders(*["530 5.7.0 Authentication required for DACA renewals"] * 20)
        with worker_on(alert):
            wait_until(lambda: chat.posted)
        (told,) = chat.posted
    assert (told["event"], told["alert"], told["over"]) == ("alert_paused", 1, False)
    assert "the provider refuses us (smtp 530 5.7.0)" in told["words"]
    assert "dispatch resume 1" in told["words"]
    assert "daca" not in str(told).lower()
    assert smtp_server.received == []
    assert alert.count(Status.QUEUED) > 0
