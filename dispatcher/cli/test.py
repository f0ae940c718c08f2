"""`dispatch test`: one marked message to an address of your own."""

from typing import TYPE_CHECKING

import click

from dispatcher.cli.out import PRACTICE, emit, json_option, note, say

if TYPE_CHECKING:
    from dispatcher.usecases.send_test import Tested


@click.command()
@click.option("--campaign", "slug", required=True, metavar="SLUG", help="The campaign, e.g. daca.")
@click.option("--to", required=True, metavar="ADDRESS", help="An email address or a phone number of yours.")
@click.option("--language", metavar="LANGUAGE|all", help="The campaign's own otherwise.")
@json_option
def command(slug: str, to: str, language: str | None, as_json: bool) -> None:
    """Send one message marked TEST to an address of yours: now, at any hour, counted nowhere."""
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import NotTaken
    from dispatcher.usecases.send_test import send_test

    speak = note if as_json else say
    tested = []
    for one in send_test(open_house(), slug, to, language):
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


def _words(one: "Tested") -> str:
    if not one.accepted:
        return f"not taken, {_why(one)}"
    return f"taken by {one.sender} as {one.outcome.provider_ref or 'one of its messages'}"


def _why(one: "Tested") -> str:
    outcome = one.outcome
    return ": ".join(filter(None, (outcome.code, outcome.detail))) or str(outcome.result)
