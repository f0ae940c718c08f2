"""What the sign-up form takes, and what it asks to be mended."""

import pytest

from dispatcher.rules.alert import Channel
from dispatcher.tokens import Signer
from dispatcher.usecases.joining.open_lists import Offer
from dispatcher.web.join_form import JoinForm, read_join_form
from dispatcher.web.stamps import LEAST, MOST, Stamped, Stamps

MARIA, PHONE = "maria@example.org", "312-555-0147"
BY_EMAIL = {"email": MARIA, "agree_email": "yes"}
BY_TEXT = {"phone": PHONE, "agree_sms": "yes"}
VOTE, HEALTH = Offer((2, 4), "Voting rights"), Offer((3,), "Health")


def read(fields: dict[str, str], *offers: Offer) -> JoinForm:
    return read_join_form({name: [value] for name, value in fields.items()}, offers or [VOTE], ["es", "en"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["email"]),
        ({"agree_sms": "yes"}, ["email"]),
        ({"email": MARIA}, ["agree_email"]),
        ({"phone": PHONE}, ["agree_sms"]),
        ({"email": MARIA, "agree_sms": "yes"}, ["agree_email"]),
        ({**BY_EMAIL, "phone": PHONE}, ["agree_sms"]),
        ({**BY_EMAIL, "email": "maria@"}, ["email"]),
        ({**BY_EMAIL, "email": "maria@example.org\r\nBcc: x@example.org"}, ["email"]),
        ({**BY_EMAIL, "email": "a@example.org,b@example.org"}, ["email"]),
        ({**BY_EMAIL, "email": "a" * 300 + "@example.org"}, ["email"]),
        ({**BY_EMAIL, "email": "maríá@example.org"}, ["email"]),
        ({**BY_TEXT, "phone": "555-0147"}, ["phone"]),
        ({**BY_TEXT, "phone": "9" * 5000}, ["phone"]),
        ({**BY_TEXT, "phone": "911"}, ["phone"]),
        ({**BY_TEXT, "phone": "+44 20 7946 0958"}, ["phone"]),
        ({**BY_TEXT, "phone": "+1 876 555 0147"}, ["phone"]),  # Jamaica: a dear one, and not where we write
        ({**BY_EMAIL, "zip": "6060"}, ["zip"]),
        ({**BY_EMAIL, "zip": "٦٠٦٠٨"}, ["zip"]),
        (
            {"email": "maria@", "phone": "1", "zip": "x"},
            ["email", "phone", "zip", "agree_email", "agree_sms"],
        ),
    ],
)
def test_what_cannot_be_is_to_be_mended_field_by_field(fields: dict[str, str], wrong: list[str]) -> None:
    assert list(read(fields).errors) == wrong


@pytest.mark.parametrize(
    "phone",
    ["(312) 555-0147", "312.555.0147", "+1 312 555 0147", "1-312-555-0147", "\u202a312 555 0147\u202c"],
)
def test_a_number_is_taken_as_people_write_it(phone: str) -> None:
    form = read(BY_TEXT | {"phone": phone})
    assert form.errors == {}
    assert form.phone is not None
    assert form.phone.e164 == "+13125550147"


@pytest.mark.parametrize("place", ["787 555 0147", "671 555 0147", "416 555 0147"])
def test_the_territories_and_canada_are_texted_too(place: str) -> None:
    assert read(BY_TEXT | {"phone": place}).errors == {}


@pytest.mark.parametrize(("written", "kept"), [("60608", "60608"), (" 60608-1234 ", "60608"), ("", None)])
def test_of_a_zip_code_five_digits_are_kept(written: str, kept: str | None) -> None:
    form = read(BY_EMAIL | {"zip": written})
    assert (form.errors, form.postal_code) == ({}, kept)


def test_what_cannot_be_seen_is_taken_away_before_anything_is_shown_again() -> None:
    form = read({"email": "\u202ema\u200bria\u0007\r\n  x", "language": "<script>"})
    assert (form.values["email"], form.values["language"]) == ("maria x", "es")


def test_of_several_lists_one_must_be_chosen_and_others_are_not_taken() -> None:
    for chosen in ({}, {"list": "99"}, {"list": "x"}, {"list": "2 or 1=1"}):
        assert list(read(BY_EMAIL | chosen, VOTE, HEALTH).errors) == ["list"]
    both = read_join_form({"list": ["2", "3"], "email": [MARIA], "agree_email": [""]}, [VOTE, HEALTH], ["en"])
    assert both.errors == {}
    assert both.list_ids([VOTE, HEALTH]) == (2, 4, 3)
    assert read(BY_EMAIL, VOTE).list_ids([VOTE]) == (2, 4)


def test_an_address_is_in_no_repr() -> None:
    assert "maria" not in repr(read(BY_EMAIL))
    assert read(BY_EMAIL).agreed == {Channel.EMAIL}


def test_a_stamp_tells_its_age_and_its_words() -> None:
    stamps = Stamps(Signer(["k" * 40]))
    stamp = stamps.make(1000, ["en", "words"])
    asked = (1000 + LEAST - 1, 1000 + LEAST, 1000 + MOST, 1001 + MOST, 900)
    found = [stamps.read(stamp, now, ["en", "words"]) for now in asked]
    right, other = Stamped.RIGHT, Stamped.OTHER
    assert found == [Stamped.TOO_SOON, right, right, other, other]
    for words in (["es", "words"], ["en", "wor", "ds"], ["enwords"]):
        assert stamps.read(stamp, 1060, words) is other
    for forged in (
        "",
        "x",
        "A" * 5000,
        Signer(["z" * 40]).leave_token(1, [2], Channel.SMS),
        stamp[:-4] + "AAAA",
    ):
        assert stamps.read(forged, 1060, ["en", "words"]) is other
