"""Whether mail may go out in the sender's name."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.rules.free_mailboxes import is_free_mailbox


def free_mailbox(draft: Draft) -> Iterator[Finding]:
    """A From address of a free mailbox: DMARC has mail that another server sends for it refused."""
    address = draft.organisation.from_email
    if is_free_mailbox(address):
        domain = address.rpartition("@")[2]
        problem = (
            f"Mail from {domain} is only believed when {domain} sends it (DMARC): most would be refused."
        )
        mend = "Set DISPATCH_FROM_EMAIL to an address at your own domain, such as alerts@your.site."
        yield Finding("settings", None, Severity.ERROR, problem, mend)
