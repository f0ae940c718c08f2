"""Our own mark on a message, where it comes back."""

import pytest

from dispatcher.rules.references import message_of, reference_in, reference_of

OURS = "42.00ff00ff00ff00ff"


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        f"<{OURS}@example.org>",
        f"bounces+{OURS}@example.org",
        f"Message-ID: <{OURS}@example.org>",
        f'{{"dispatch": "{OURS}"}}',
        f"id={OURS} x",
    ],
)
def test_our_reference_is_found_wherever_it_stands_alone(text: str) -> None:
    assert reference_in("", "nothing here", text) == OURS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<20180812211713.1.DF5966851B4BAA99@example.org>",
        f"1.{OURS}",
        f"{OURS}0",
        f"x{OURS}",
        f"{OURS}.x",
        "42.00ff00ff00ff00f",
        f"{'9' * 19}.00ff00ff00ff00ff",
        "٤٢.00ff00ff00ff00ff",
    ],
)
def test_other_ids_are_none_of_ours(text: str) -> None:
    assert reference_in(text) == ""


@pytest.mark.parametrize(
    ("reference", "number"),
    [(OURS, 42), ("42", 42), ("", None), ("x.1", None), ("٤", None), ("9" * 19, None), ("-1.0", None)],
)
def test_a_reference_names_a_message_or_none(reference: str, number: int | None) -> None:
    assert message_of(reference) == number


def test_a_reference_is_the_messages_own_and_nobodys_without_the_secret() -> None:
    made = {reference_of(number, salt) for number in (1, 2) for salt in (b"one alert", b"another")}
    assert len(made) == 4
    assert all(reference_in(f"<{one}@example.org>") == one for one in made)
    assert {message_of(one) for one in made} == {1, 2}
