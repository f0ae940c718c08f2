"""What isn't right with a campaign's files, in words and as JSON."""

from typing import Any

from dispatcher.content.check import Finding


def finding_line(finding: Finding) -> str:
    """`WARNING templates/campaigns/daca/body.html:12: what is wrong, and what to do.`"""
    place = f":{finding.line}" if finding.line else ""
    return f"{finding.severity.upper()} {finding.file}{place}: {finding.problem} {finding.mend}"


def finding_json(finding: Finding) -> dict[str, Any]:
    """The same as an object; `line` is null where no line is to blame."""
    return {
        "severity": str(finding.severity),
        "file": finding.file,
        "line": finding.line,
        "problem": finding.problem,
        "mend": finding.mend,
    }
