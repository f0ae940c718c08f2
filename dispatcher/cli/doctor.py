"""`dispatch doctor`: check every part for real."""

from typing import Any

import click

from dispatcher.cli.out import emit, json_option, say

_MARKS = {True: "ok   ", None: "note ", False: "WRONG"}
_INDENT = " " * 21


@click.command()
@click.option("--alarm", is_flag=True, help="Send a test alarm to whoever is told when something goes wrong.")
@json_option
def command(alarm: bool, as_json: bool) -> None:
    """Try database, keys, queue, limiter, worker, senders, DNS records, templates, public pages and alarms.

    Exit 1 if any isn't right.
    """
    from dispatcher.settings import load_settings
    from dispatcher.usecases.examine import examine

    findings = []
    for one in examine(load_settings(), alarm=alarm):
        findings.append(one)
        if not as_json:
            say(f"{_MARKS[one.ok]}  {one.part:<13} {one.words}")
        if one.mend and not as_json:
            say(f"{_INDENT}{one.mend}")
    wrong = sum(one.ok is False for one in findings)
    verdict = f"{wrong} of {len(findings)} parts aren't right." if wrong else "All that is needed is well."
    if as_json:
        parts = [{"part": one.part, "ok": one.ok, "words": one.words, "mend": one.mend} for one in findings]
        result: dict[str, Any] = {"ok": not wrong, "parts": parts}
        emit(result | ({"error": {"code": "not_well", "message": verdict}} if wrong else {}))
    else:
        say(verdict)
    if wrong:
        raise click.exceptions.Exit(1)
