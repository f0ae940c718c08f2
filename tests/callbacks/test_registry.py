"""Which receivers the settings set up, and what they may fetch."""

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from callback_calls import LOGIN, MAILGUN_KEY, RESEND_KEY, TOPIC, TWILIO_TOKEN, amazon, caller, sendgrid_keys

from dispatcher.callbacks.base import Verdict
from dispatcher.callbacks.fetching import fetch
from dispatcher.callbacks.registry import RECEIVERS, receivers
from dispatcher.settings import load_settings

GIVEN: dict[str, dict[str, Any]] = {
    "mailgun": {"mailgun_key": f"{MAILGUN_KEY}-long-enough"},
    "postmark": {"callback_secret": LOGIN},
    "resend": {"resend_secret": "whsec_" + base64.b64encode(RESEND_KEY).decode()},
    "sendgrid": {"sendgrid_key": sendgrid_keys()[1]},
    "ses": {"ses_topics": TOPIC},
    "twilio": {"sms_url": f"twilio://AC0123:{TWILIO_TOKEN}@?from=+13125550100"},
}


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_a_provider_is_set_up_by_its_own_setting(name: str) -> None:
    made = receivers(load_settings(**GIVEN[name]), amazon)
    assert name in made
    if name != "mailgun":  # whose key is a longer one here
        assert made[name].verify(caller(name).call()) is Verdict.GENUINE


def test_a_login_may_be_the_proof_of_some_and_of_no_others() -> None:
    made = set(receivers(load_settings(callback_secret=LOGIN), amazon))
    assert made >= {"postmark", "resend", "sendgrid"}
    assert made.isdisjoint({"mailgun", "ses", "twilio"})


def test_nobody_is_believed_until_somebody_is_set_up() -> None:
    assert receivers(load_settings(), amazon) == {}


def test_every_receiver_is_called_at_an_address_of_its_own() -> None:
    everything = {name: value for given in GIVEN.values() for name, value in given.items()}
    made = receivers(load_settings(**everything), amazon)
    assert set(made) == set(RECEIVERS)
    assert len({receiver.path for receiver in made.values()}) == len(RECEIVERS)


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"x" * 100_000 if self.path == "/long" else b"certificate"
        self.send_response({"/moved": 302, "/gone": 404}.get(self.path, 200))
        if self.path == "/moved":
            self.send_header("Location", "/here")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_what_is_fetched_is_an_answer_of_200_and_not_endless(site: str) -> None:
    assert fetch(f"{site}/here") == b"certificate"
    assert fetch(f"{site}/moved") is None
    assert fetch(f"{site}/gone") is None
    assert len(fetch(f"{site}/long") or b"") == 64_000
    assert fetch("http://127.0.0.1:1/") is None
    assert fetch("nowhere") is None
