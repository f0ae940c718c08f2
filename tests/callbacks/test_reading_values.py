"""Values out of what others have sent, and the credentials that a call names."""

import base64
from datetime import UTC, datetime

import pytest
from callback_calls import NOW, basic, request

from dispatcher.callbacks.fields import NotJson, identity, items, json_or_none, moment, parse_json, text
from dispatcher.callbacks.forms import read_form
from dispatcher.callbacks.proof import has_credentials


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2014-08-01T13:28:10.2735393-04:00", datetime(2014, 8, 1, 17, 28, 10, 273539, UTC)),
        ("2018-03-26T17:58:59.675Z", datetime(2018, 3, 26, 17, 58, 59, 675000, UTC)),
        ("2018-03-26T17:58:59", datetime(2018, 3, 26, 17, 58, 59, tzinfo=UTC)),
        (1461095250, datetime(2016, 4, 19, 19, 47, 30, tzinfo=UTC)),
        ("1461095250", datetime(2016, 4, 19, 19, 47, 30, tzinfo=UTC)),
        (1534108637.153125, datetime(2018, 8, 12, 21, 17, 17, 153125, UTC)),
    ],
)
def test_times_are_read_as_utc(written: object, at: datetime) -> None:
    assert moment({"at": written}, "at") == at


@pytest.mark.parametrize(
    "written", ["", "soon", None, [], 1e30, "inf", "nan", -1e18, "0001-01-01T00:00:00+14:00", True]
)
def test_what_is_no_time_is_none(written: object) -> None:
    assert moment({"at": written}, "at") is None


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[NaN]", b"[" * 200_000, b"9" * 9000])
def test_what_isnt_json_is_refused(body: bytes) -> None:
    with pytest.raises(NotJson):
        parse_json(body)
    assert json_or_none(body) is None


def test_only_texts_and_numbers_are_words() -> None:
    told = {"a": {"b": "x\0y", "n": 5, "f": 1.5, "t": True, "l": ["x"], "s": "\ud800", "long": "x" * 9000}}
    assert [text(told, "a", key) for key in "bnftl"] == ["xy", "5", "1.5", "", ""]
    assert text(told, "a", "s") == "?"
    assert len(text(told, "a", "long")) == 2000
    assert text(told, "a", "b", "deeper") == text(told, "nowhere") == ""
    assert text({"n": 10**5000}, "n") == ""  # more digits than Python writes
    assert items(told, "a", "l") == ["x"]
    assert items(told, "a", "b") == []


def test_an_event_without_an_id_has_one_that_doesnt_change() -> None:
    assert identity("given", 1) == "given"
    assert identity("", {"a": 1, "b": 2}) == identity("", {"b": 2, "a": 1})
    assert identity("", {"a": 1}) != identity("", {"a": 2})
    assert len(identity("x" * 1000)) == 32
    assert identity("x" * 1000) != identity("x" * 1001)


@pytest.mark.parametrize("login", ["old:a-long-password", "new:pass:with:colons", "ü:pässword-of-length"])
def test_any_of_the_logins_counts_while_one_is_being_changed(login: str) -> None:
    logins = ["old:a-long-password", "new:pass:with:colons", "ü:pässword-of-length"]
    assert has_credentials(request(b"", basic(login)), logins)
    lower = {"authorization": "bASIC  " + base64.b64encode(login.encode()).decode()}
    assert has_credentials(request(b"", lower), logins)


@pytest.mark.parametrize(
    "given", ["", "Basic", "Basic !", "Basic ", "Bearer b2xkOmEtbG9uZy1wYXNzd29yZA==", "Basic b2xkOg=="]
)
def test_no_other_login_counts(given: str) -> None:
    assert not has_credentials(request(b"", {"Authorization": given}), ["old:a-long-password"])
    assert not has_credentials(request(b"", {"Authorization": given}), [])


def test_a_form_gives_each_fields_values_in_their_order() -> None:
    kind = {"Content-Type": 'multipart/form-data; boundary="a b"'}
    body = (
        b'--a b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n2\r\n'
        b'--a b\r\nContent-Disposition: form-data; name="x"; filename="f"\r\n'
        b"Content-Type: text/plain\r\n\r\n3\r\n--a b--\r\n"
    )
    assert read_form(request(body, kind)) == {"x": ["1\r\n2", "3"]}
    assert read_form(request(body[:-6], kind)) == {}
    plain = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert read_form(request(b"a=1&b=&a=%2B2+3&c=%00", plain)) == {"a": ["1", "+2 3"], "b": [""], "c": [""]}
    assert read_form(request(b"a&" * 2000, plain)) == {}
    assert read_form(request(body, {"Content-Type": "multipart/form-data"})) == {}


def test_a_header_is_found_in_any_case() -> None:
    call = request(b"", {"SVIX-id": "1"})
    assert (call.header("svix-ID"), call.header("none"), call.now) == ("1", "", NOW)
