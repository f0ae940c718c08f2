"""docs/webhooks.md: its receiver works as it stands there, and it names every event and field."""

import re
import threading
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest

import dispatcher
from dispatcher.house import House
from dispatcher.rules.webhooks import TRIED_FOR as THREE_DAYS
from dispatcher.rules.webhooks import Kind, next_try
from dispatcher.usecases.webhooks.registering import add_webhook, change_secret
from dispatcher.usecases.webhooks.trial import try_webhook

PAGE = (Path(dispatcher.__file__).parent.parent / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_its_receiver_takes_what_we_tell_and_nobody_elses(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = {"__name__": "receiver"}
    exec(program, names)  # noqa: S102 - a page of ours
    with HTTPServer(("127.0.0.1", 0), names["Receiver"]) as server:
        with house.db.transaction() as session:
            number, secret = add_webhook(session, f"http://127.0.0.1:{server.server_address[1]}/", set(Kind))
        monkeypatch.setenv("CRM_SECRET", secret)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        assert try_webhook(house, number).status == 204
        with house.db.transaction() as session:
            change_secret(session, number)
        assert try_webhook(house, number).status == 401
        server.shutdown()
        thread.join(5)
    assert f"webhook.test {{'webhook': {number}}}" in capsys.readouterr().out


def test_it_names_every_event() -> None:
    assert set(re.findall(r"`((?:alert|message|subscriber|action|reply)\.[a-z]+)`", PAGE)) >= set(Kind) - {
        "subscriber.left"  # as `.left` in one table
    }


def test_it_says_how_often_an_event_is_tried() -> None:
    assert "5 seconds, 5 and 30 minutes, 2, 5, 10, 14 and twice 20 hours" in PAGE
    assert next_try(1, THREE_DAYS) is None
