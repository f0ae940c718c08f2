"""Errors speak to a person, have a stable name in JSON, and cross from process to process."""

import inspect
import pickle
import string
from collections.abc import Iterator

import pytest

from dispatcher import errors
from dispatcher.errors import DispatchError, UnknownCampaign, WrongSettings

KINDS = [
    kind
    for kind in vars(errors).values()
    if inspect.isclass(kind) and issubclass(kind, DispatchError) and kind is not DispatchError
]


def facts_of(kind: type[DispatchError]) -> Iterator[str]:
    for _, name, _, _ in string.Formatter().parse(kind.__doc__ or ""):
        if name:
            yield name


@pytest.mark.parametrize("kind", KINDS)
def test_the_docstring_is_the_message_with_every_fact_in_it(kind: type[DispatchError]) -> None:
    facts = {name: f"<{name}>" for name in facts_of(kind)}
    words = str(kind(**facts))
    assert all(fact in words for fact in facts.values())
    assert "{" not in words
    assert "  " not in words
    assert words == words.strip()


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_reaches_another_process_whole(kind: type[DispatchError]) -> None:
    error = kind(**{name: f"<{name}>" for name in facts_of(kind)})
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert str(again) == str(error)
    assert again.facts == error.facts


def test_codes_are_stable_names() -> None:
    assert UnknownCampaign(slug="dacca", suggestion="").code == "unknown_campaign"
    assert WrongSettings(name="DISPATCH_X", problem="").code == "wrong_settings"


def test_no_two_errors_share_a_code() -> None:
    codes = [kind(**dict.fromkeys(facts_of(kind), "")).code for kind in KINDS]
    assert len(set(codes)) == len(codes)


def test_facts_with_braces_are_left_as_they_are() -> None:
    assert "{{ first_name }}" in str(UnknownCampaign(slug="{{ first_name }}", suggestion="{0}"))
