"""Texts that Twilio brings: who is believed, and what is answered."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from people import add_list, add_person
from sqlalchemy import select
from web_site import Answer, Site

from dispatcher.models import Suppression

TOKEN = "a-token-for-tests"
URL = "https://go.example.org"
TWILIO = f"twilio://AC{'0' * 32}:{TOKEN}@?from=%2B13125550199"


@pytest.fixture
def twilio(site_with: Callable[..., Site]) -> Site:
    return site_with(sms_url=TWILIO, public_url=URL)


def text(
    site: Site, body: str, *, number: str = "+13125550100", token: str = TOKEN, url: str = URL, **more: str
) -> Answer:
    """A text as Twilio brings it, signed by the algorithm that its documentation gives."""
    form = {"From": number, "To": "+13125550199", "Body": body, "FromCity": ""} | more
    signed = f"{url}/twilio/inbound" + "".join(key + form[key] for key in sorted(form))
    signature = base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return site.post("/twilio/inbound", urlencode(form).encode(), X_Twilio_Signature=signature)


def suppressed(site: Site) -> list[str]:
    with site.house.db.reading() as session:
        return [str(reason) for reason in session.scalars(select(Suppression.reason))]


def test_a_stop_is_confirmed_once_in_the_persons_language(twilio: Site) -> None:
    add_list(twilio.house)
    add_person(twilio.house, phone="312-555-0100", language="es")
    answer = text(twilio, "STOP")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text == (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Message>ICIRR alerts: Listo, no le '
        "enviaremos textos. Para volver, responda START.</Message></Response>"
    )
    assert suppressed(twilio) == ["stop"]
    assert text(twilio, "stop").text.endswith("<Response></Response>")


def test_help_names_the_organisation_rates_contact_and_the_way_out(twilio: Site) -> None:
    told = text(twilio, "HELP").text
    assert "ICIRR alerts: " in told
    assert "Msg &amp; data rates may apply" in told
    assert "alerts@example.org" in told
    assert "Reply STOP to stop" in told


def test_what_twilio_has_answered_is_not_answered_again(twilio: Site) -> None:
    answer = text(twilio, "please leave me be", OptOutType="STOP")
    assert answer.text.endswith("<Response></Response>")
    assert suppressed(twilio) == ["stop"]


def test_a_text_signed_by_somebody_else_is_refused_and_not_acted_upon(twilio: Site) -> None:
    assert text(twilio, "STOP", token="another").status == 403
    assert text(twilio, "STOP", url="https://evil.example.org").status == 403
    assert twilio.post("/twilio/inbound", b"From=%2B13125550100&Body=STOP").status == 403
    assert suppressed(twilio) == []


def test_the_host_header_decides_nothing(twilio: Site) -> None:
    form = {"From": "+13125550100", "Body": "STOP"}
    signed = "https://evil.example.org/twilio/inbound" + "".join(key + form[key] for key in sorted(form))
    signature = base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    answer = twilio.post(
        "/twilio/inbound", urlencode(form).encode(), X_Twilio_Signature=signature, Host="evil.example.org"
    )
    assert answer.status == 403


def test_a_text_in_json_is_believed_by_the_hash_of_its_body(twilio: Site) -> None:
    body = json.dumps({"From": "+13125550100", "Body": "STOP"}).encode()
    path = f"/twilio/inbound?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = base64.b64encode(
        hmac.new(TOKEN.encode(), (URL + path).encode(), hashlib.sha1).digest()
    ).decode()
    named = {"Content_Type": "application/json", "X_Twilio_Signature": signature}
    assert twilio.post(path, body.replace(b"STOP", b"stop"), **named).status == 403
    assert twilio.post(path, body, **named).status == 200
    assert suppressed(twilio) == ["stop"]


def test_a_text_of_nobody_in_particular_is_answered_with_nothing(twilio: Site) -> None:
    assert text(twilio, "Thank you!").text.endswith("<Response></Response>")
    assert text(twilio, "STOP", number="ICIRR").text.endswith("<Response></Response>")
    assert suppressed(twilio) == []


@pytest.mark.parametrize("given", [{}, {"sms_url": "twilio://SK1:key@?account=AC1&from=%2B13125550199"}])
def test_without_twilios_own_token_nobody_can_be_believed(
    site_with: Callable[..., Site], given: dict[str, str]
) -> None:
    assert text(site_with(**given), "STOP", url="http://localhost:8000").status == 404
