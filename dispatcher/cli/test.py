"""`dispatch test`: one marked message to an address of your own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import PRACTICE, emit, json_option, note, say

if TYPE_CHECKING:
    from dispatcher.usecases.send_test import Tested


@click.command()
@click.option("--campaign", "slug", required=True, metavar="SLUG", help="The campaign, e.g. daca.")
@click.option("--to", required=True, metavar="ADDRESS", help="An email address or a phone number of yours.")
@click.option("--language", metavar="LANGUAGE|all", help="The campaign's own otherwise.")
@click.option("--ask-ok", is_flag=True, help="Ask the reader, by a second text, whether it is right: OK.")
@click.option("--reader", default="", metavar="INITIALS", help="Who is asked; a subscriber's are known.")
@json_option
def command(slug: str, to: str, language: str | None, ask_ok: bool, reader: str, as_json: bool) -> None:
    """Send one message marked TEST to an address of yours: now, at any hour, counted nowhere."""
    from dispatcher.errors import NotTaken

    speak = note if as_json else say
    tested = []
    for one in _sending(slug, to, language, ask=ask_ok, reader=reader):
        tested.append(one)
        speak(f"{one.channel} in {one.language}: {_words(one)}")
    failed = [one for one in tested if not one.accepted]
    if failed:
        first = failed[0]
        raise NotTaken(failed=len(failed), total=len(tested), sender=first.sender, why=_why(first))
    practice = any(one.practice for one in tested)
    if practice:
        speak(PRACTICE)
    if as_json:
        emit({"sent": len(tested), "practice": practice})


def _sending(slug: str, to: str, language: str | None, *, ask: bool, reader: str) -> Iterator["Tested"]:
    from dispatcher.cli.opening import open_house
    from dispatcher.usecases.ask_ok import ask_ok
    from dispatcher.usecases.send_test import ALL, send_test

    if not ask:
        return send_test(open_house(), slug, to, language)
    if language is None or language == ALL:
        raise click.UsageError("--ask-ok asks about one language: name it with --language.")
    return ask_ok(open_house(), slug, to, language, reader)


def _words(one: "Tested") -> str:
    from dispatcher.cli.cost_words import took

    if not one.accepted:
        return f"not taken, {_why(one)}"
    costs = f"{took(one.cost)}, " if one.cost else ""
    return f"{costs}taken by {one.sender} as {one.outcome.provider_ref or 'one of its messages'}"


def _why(one: "Tested") -> str:
    outcome = one.outcome
    return ": ".join(filter(None, (outcome.code, outcome.detail))) or str(outcome.result)
