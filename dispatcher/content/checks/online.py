"""Links whose page isn't there: asked only with `dispatch check --online`, of other people's servers."""

from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity
from dispatcher.content.checks.links import Link, each_link, where
from dispatcher.content.dead_links import knock
from dispatcher.content.links import is_web, problem_with
from dispatcher.content.samples import LEAVE_URL, ONE_CLICK_URL, VIEW_URL

_OURS = (LEAVE_URL, ONE_CLICK_URL, VIEW_URL)  # made up for sample people


def dead_links(draft: Draft) -> Iterator[Finding]:
    """A page that is gone is an error; one that doesn't answer now is a warning."""
    links: dict[str, Link] = {}
    for link in (link for trial in draft.readings for link in each_link(trial)):
        if is_web(link.address) and link.address not in _OURS and not problem_with(link.address):
            links.setdefault(link.address, link)
    for address, answer in knock(links).items():
        if answer:
            severity = Severity.ERROR if answer.gone else Severity.WARNING
            mend = "Open it in a browser, and write the address that works."
            yield Finding(*where(draft, links[address]), severity, f"{address} {answer.words}.", mend)
