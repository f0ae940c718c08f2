"""Forms as they come: plain, broken, and hostile."""

import asyncio
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request

from dispatcher.web.forms import read_form

FORM = "application/x-www-form-urlencoded"


def read(body: bytes, kind: str = FORM) -> dict[str, list[str]]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", kind.encode())]}
    return asyncio.run(read_form(Request(scope, receive)))


def test_fields_are_read_with_all_their_values_also_blank_ones() -> None:
    fields = read(b"list=1&list=2&name=Zo%C3%AB+%2B1&empty=&bare", f"{FORM}; charset=UTF-8")
    assert fields == {"list": ["1", "2"], "name": ["Zoë +1"], "empty": [""], "bare": [""]}


def test_a_form_without_fields_has_none() -> None:
    assert read(b"") == {}


@pytest.mark.parametrize(
    "body",
    [
        b"a=%00",
        b"a%00=1",
        b"a=%FF",
        b"a=\xff",
        b"a=%ED%A0%80",  # a lone surrogate
        b"&".join(b"a=1" for _ in range(51)),
    ],
)
def test_what_is_no_text_or_too_much_is_refused(body: bytes) -> None:
    with pytest.raises(HTTPException) as refused:
        read(body)
    assert (refused.value.status_code, refused.value.detail) == (400, "The form can't be read.")


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_another_kind_of_body_is_refused(kind: str) -> None:
    with pytest.raises(HTTPException) as refused:
        read(b"a=1", kind)
    assert refused.value.status_code == 415
