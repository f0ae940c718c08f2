"""docs/adding-a-provider.md: its toy is a provider as good as the others."""

import re
from pathlib import Path
from typing import Any

import callback_calls
import pytest
from callback_calls import NOW, REFERENCE, Caller

from dispatcher.callbacks.base import Verdict
from dispatcher.callbacks.registry import RECEIVERS
from dispatcher.rules.events import EventKind

PAGE = (Path(__file__).parents[2] / "docs" / "adding-a-provider.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def toy() -> Caller:
    """What the page's own code makes, pasted where it says."""
    receiver, _, calls = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, Any] = vars(callback_calls).copy()
    exec(receiver, names)  # noqa: S102 - the page is ours
    exec(calls, names)  # noqa: S102
    made: Caller = names["_pigeon"]()
    return made


def test_the_toys_calls_are_proved_and_read(toy: Caller) -> None:
    assert toy.receiver.verify(toy.call()) is Verdict.GENUINE
    assert toy.stranger.verify(toy.call()) is Verdict.FORGED
    (event,) = toy.receiver.read(toy.call())
    assert (event.kind, event.reference, event.event_id) == (EventKind.HARD_BOUNCE, REFERENCE, "F-17:lost")
    assert (event.code, event.at) == ("5.1.1", NOW)


def test_the_page_names_every_provider_and_what_the_toys_file_is_called() -> None:
    table = PAGE.partition("## The providers that are there")[2].lower()
    assert {name for name in RECEIVERS if name not in table.replace("amazon ses", "ses")} == set()
    assert "`dispatcher/callbacks/pigeon.py`" in PAGE
