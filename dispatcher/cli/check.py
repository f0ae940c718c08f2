"""`dispatch check`: look a campaign over before it is sent."""

from datetime import UTC, datetime
from typing import Any

import click

from dispatcher.cli.out import emit, json_option, say


@click.command()
@click.argument("slug")
@json_option
def command(slug: str, as_json: bool) -> None:
    """Errors keep a campaign from being sent, warnings don't; each with file, line and what to do."""
    from dispatcher.cli.finding_words import finding_json, finding_line
    from dispatcher.content.check import Severity, check
    from dispatcher.content.load import load_campaign
    from dispatcher.settings import load_settings
    from dispatcher.usecases.organisation import organisation_of

    organisation = organisation_of(load_settings(), practice=True)
    findings = check(load_campaign(slug), organisation, now=datetime.now(UTC))
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    verdict = _verdict(slug, errors, len(findings) - errors)
    if as_json:
        found = [finding_json(finding) for finding in findings]
        result: dict[str, Any] = {"campaign": slug, "ok": not errors, "findings": found}
        emit(result | ({"error": {"code": "broken_campaign", "message": verdict}} if errors else {}))
    else:
        for finding in findings:
            say(finding_line(finding))
        say(verdict)
    if errors:
        raise click.exceptions.Exit(1)


def _verdict(slug: str, errors: int, warnings: int) -> str:
    found = ", ".join(
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in ((errors, "error"), (warnings, "warning"))
        if number
    )
    if errors:
        return f"{slug} can't be sent: {found}. Mend it, then run `dispatch check {slug}` again."
    return f"{slug} is ready{f', with {found}' if found else ''}. Read it with `dispatch preview {slug}`."
