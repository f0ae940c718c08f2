"""HTML that isn't what its author meant: tags, quotation marks and Outlook's conditions without an end."""

import re
from collections.abc import Iterator

from dispatcher.content.checks.draft import Draft, Finding, Severity

_CONDITION = re.compile(r"<!(?:--)?\[(?P<if>if\b)[^\]]*\]|<!\[endif\]", re.IGNORECASE)


def slips(draft: Draft) -> Iterator[Finding]:
    """Tags that aren't closed, or close nothing; quotation marks and comments without an end."""
    for trial in draft.readings:
        for slip in trial.page.slips:
            severity = Severity.ERROR if slip.grave else Severity.WARNING
            yield Finding(*draft.spot(trial, "html", slip.offset), severity, slip.problem, slip.mend)


def unbalanced_conditions(draft: Draft) -> Iterator[Finding]:
    """`<!--[if mso]>` without `<![endif]-->`, or the other way round: Outlook leaves out what follows."""
    for trial in draft.readings:
        if "html" not in trial.traced:
            continue
        begun: list[int] = []
        for match in _CONDITION.finditer(trial.traced["html"].text):
            if match["if"]:
                begun.append(match.start())
            elif begun:
                begun.pop()
            else:
                begun.append(match.start())
                break
        for offset in begun:
            problem = "A condition for Outlook has no beginning or no end."
            mend = "Write <!--[if mso]> ... <![endif]--> around it."
            yield Finding(*draft.spot(trial, "html", offset), Severity.ERROR, problem, mend)
