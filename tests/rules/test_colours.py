"""Colours as style sheets write them."""

import pytest

from dispatcher.rules.colours import parse_colour


@pytest.mark.parametrize(
    ("text", "code", "opacity"),
    [
        ("white", "#ffffff", 1.0),
        (" DimGray ", "#696969", 1.0),
        ("#0B4F5C", "#0b4f5c", 1.0),
        ("#abc", "#aabbcc", 1.0),
        ("#abcf", "#aabbcc", 1.0),
        ("#00000080", "#000000", 128 / 255),
        ("rgb(255, 0, 0)", "#ff0000", 1.0),
        ("rgb(300 0 0 / 50%)", "#ff0000", 0.5),
        ("rgba(0,0,0,.25)", "#000000", 0.25),
        ("transparent", "#000000", 0.0),
    ],
)
def test_a_colour_is_read_however_it_is_written(text: str, code: str, opacity: float) -> None:
    found = parse_colour(text)
    assert found is not None
    assert found.code == code
    assert found.opacity == pytest.approx(opacity)


@pytest.mark.parametrize("text", ["", "currentcolor", "var(--brand)", "#12345", "rgb(1,2)", "inherit"])
def test_what_is_no_colour_or_cannot_be_known_is_none(text: str) -> None:
    assert parse_colour(text) is None
