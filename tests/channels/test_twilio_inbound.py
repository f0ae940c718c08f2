"""Proof that a webhook is Twilio's, and what it says."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from dispatcher.channels.twilio_inbound import inbound_token, is_signed, read_text
from dispatcher.rules.opt_out_words import Keyword
from dispatcher.rules.urls import parse_service_url

TOKEN = "12345"
FORM = "application/x-www-form-urlencoded"
# The worked example of Twilio's documentation: https://www.twilio.com/docs/usage/security
EXAMPLE_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
EXAMPLE_BODY = (
    b"CallSid=CA1234567890ABCDE&Caller=%2B14158675310&Digits=1234&From=%2B14158675310&To=%2B18005551212"
)


def sign(signed: str) -> str:
    return base64.b64encode(hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def test_twilios_own_library_and_we_agree() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    signature = RequestValidator(TOKEN).compute_signature(EXAMPLE_URL, form)
    assert is_signed(TOKEN, EXAMPLE_URL, FORM, EXAMPLE_BODY, signature)
    assert not is_signed("54321", EXAMPLE_URL, FORM, EXAMPLE_BODY, signature)
    assert not is_signed(TOKEN, EXAMPLE_URL, FORM, EXAMPLE_BODY + b"&x=1", signature)


@pytest.mark.parametrize(
    ("ours", "signed"),
    [
        ("https://go.example.org/t", "https://go.example.org:443/t"),
        ("https://go.example.org:443/t", "https://go.example.org/t"),
        ("http://go.example.org/t", "http://go.example.org:80/t"),
        ("http://localhost:8000/t?a=b", "http://localhost/t?a=b"),
        ("http://localhost:8000/t", "http://localhost:8000/t"),
        ("http://[::1]:8000/t", "http://[::1]/t"),
    ],
)
def test_the_port_may_be_in_the_signed_url_or_not(ours: str, signed: str) -> None:
    assert is_signed(TOKEN, ours, FORM, b"", sign(signed))


def test_blank_and_repeated_fields_are_signed() -> None:
    url = "https://go.example.org/t"
    body = b"B=&A=2&A=1&A=2&C=%C3%A9+x"
    assert is_signed(TOKEN, url, FORM, body, sign(f"{url}A1A2BC\u00e9 x"))


def test_json_is_proved_by_its_hash_in_the_signed_url() -> None:
    body = b'{"From": "+13125550100", "Body": "STOP"}'
    url = f"https://go.example.org/t?bodySHA256={hashlib.sha256(body).hexdigest()}"
    assert is_signed(TOKEN, url, "application/json; charset=utf-8", body, sign(url))
    assert not is_signed(TOKEN, url, "application/json", body + b" ", sign(url))
    assert not is_signed(TOKEN, "https://go.example.org/t?bodySHA256=%C3%A9", "application/json", body, "x")
    assert not is_signed(
        TOKEN, "https://go.example.org/t", "application/json", body, sign("https://go.example.org/t")
    )


@given(st.binary(max_size=60), st.text(max_size=40))
def test_no_forged_request_passes_or_makes_it_stumble(body: bytes, signature: str) -> None:
    assert not is_signed(TOKEN, "https://go.example.org/t", FORM, body, signature)


def test_a_text_is_read_from_a_form_and_from_json() -> None:
    from_form = read_text(FORM, b"From=%2B13125550100&Body=Stop+it%21&OptOutType=")
    assert (from_form.number, from_form.body, from_form.handled) == ("+13125550100", "Stop it!", None)
    from_json = read_text(
        "application/json", b'{"From": "+13125550100", "Body": "Alto", "OptOutType": "STOP"}'
    )
    assert (from_json.number, from_json.body, from_json.handled) == ("+13125550100", "Alto", Keyword.STOP)


def test_a_texts_own_id_says_when_it_is_told_again() -> None:
    assert read_text(FORM, b"From=%2B13125550100&Body=Hi&MessageSid=SM12").sid == "SM12"
    assert read_text("application/json", b'{"MessageSid": "SM12"}').sid == "SM12"
    assert read_text(FORM, b"Body=Hi").sid == ""


def test_an_opt_out_type_that_we_do_not_know_is_left_to_the_words() -> None:
    assert read_text(FORM, b"From=%2B13125550100&Body=STOP&OptOutType=LATER").handled is None


def test_who_wrote_what_is_not_in_its_repr() -> None:
    assert "312" not in repr(read_text(FORM, b"From=%2B13125550100&Body=hello"))


def test_only_an_accounts_own_token_proves_anything() -> None:
    assert inbound_token(parse_service_url("twilio://AC1:secret@?from=+13125550100")) == "secret"
    assert inbound_token(parse_service_url("twilio://SK1:secret@?account=AC1&from=+13125550100")) is None
    assert inbound_token(parse_service_url("smtp://AC1:secret@host")) is None
