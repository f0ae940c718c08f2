"""What every message must carry: how to leave, who speaks, and where they are (CAN-SPAM, CTIA)."""

import html
from collections.abc import Iterator

from dispatcher.content.checks.draft import FILES, Draft, Finding, Severity, Trial
from dispatcher.content.samples import LEAVE_URL


def no_leave_link(draft: Draft) -> Iterator[Finding]:
    """An email part without the link to leave."""
    for trial in draft.trials:
        for part in ("html", "text"):
            if part in trial.parts and LEAVE_URL not in trial.parts[part]:
                mend = "Put {{ leave_url }} into it; the layout that we ship has it."
                yield _error(draft, trial, part, "has no link to leave.", mend)


def no_postal_address(draft: Draft) -> Iterator[Finding]:
    """An email part without the organisation's postal address."""
    address = draft.organisation.address
    if not address:
        mend = "Set DISPATCH_ORG_ADDRESS to it: the law asks for one in every email."
        yield Finding("settings", None, Severity.ERROR, "The organisation has no postal address.", mend)
        return
    for trial in draft.trials:
        for part, shown in (("html", html.escape(address)), ("text", address)):
            if part in trial.parts and shown not in trial.parts[part]:
                mend = "Put {{ org.address }} into it; the layout that we ship has it."
                yield _error(draft, trial, part, "has no postal address.", mend)


def no_sender(draft: Draft) -> Iterator[Finding]:
    """An organisation without a name or an address to send from."""
    for setting, value in (
        ("DISPATCH_ORG_NAME", draft.organisation.name),
        ("DISPATCH_FROM_EMAIL", draft.organisation.from_email),
    ):
        if not value:
            yield Finding("settings", None, Severity.ERROR, f"{setting} isn't set.", "Say who sends this.")


def _error(draft: Draft, trial: Trial, part: str, problem: str, mend: str) -> Finding:
    file = draft.source.shown(trial.written.folder + FILES[part])
    return Finding(file, None, Severity.ERROR, f"The message {problem}", mend)
