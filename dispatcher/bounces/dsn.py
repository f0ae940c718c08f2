"""Delivery status notifications (RFC 3464, RFC 6533), as servers write them rather than as they should."""

import re
from collections.abc import Iterator

from dispatcher.bounces.addresses import UNSHOWN, addresses_in
from dispatcher.bounces.finding import Finding, enhanced_in
from dispatcher.bounces.mail import Part

_KINDS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_FIELD = re.compile(r"\s?([A-Za-z][A-Za-z0-9-]{1,40})[ \t]*:(.*)")
_BEGIN = re.compile(r"^(?:Final|Original)-Recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
_WHO = ("final-recipient", "x-actual-recipient", "original-recipient")
_ABOUT_ONE = frozenset({*_WHO, "action", "status", "diagnostic-code"})
_TYPE = re.compile(r"\s*[\w.-]{1,30}\s*;")
_LETTER = rf"[^\s<>@,;:/{UNSHOWN}]"  # whatever characters a server has put in it
_WHOLE = re.compile(rf"{_LETTER}{{1,128}}@{_LETTER}{{1,253}}")
_LONGEST = 200_000  # characters of a report
_MOST_GROUPS = 500
_LONGEST_WORDS = 4_000
_MOST_FINDINGS = 100  # a message of ours goes to one; a notice is read anew for each

_Group = dict[str, str]


def findings_of_report(mail: Part, *, unmarked: bool = False) -> list[Finding]:
    """What the mail's delivery status says, a finding a recipient, of the first hundred; [] where there is
    none.

    With `unmarked` a report counts too that isn't marked as one, because its mail lost its MIME headers. A
    recipient that the report doesn't name in a usable form is "".
    """
    reports: list[str] = []
    # First what the mail says itself; then what a bounce says that a gateway has packed into another.
    for parts in (_outside_returned(mail), mail.walk()):
        reports = [part.text for part in parts if part.kind in _KINDS]
        if reports:
            break
    if unmarked and not reports:
        reports = [text[_start(text) :] for text in _texts(mail) if _BEGIN.search(text[:_LONGEST])]
    found = [_finding(group) for report in reports for group in _groups(report[:_LONGEST])]
    return list({(one.recipient.lower(), one.action, one.status): one for one in found}.values())[
        :_MOST_FINDINGS
    ]


def _outside_returned(mail: Part) -> Iterator[Part]:
    """Every part but those of the message that came back, which may be a bounce itself."""
    yield mail
    for part in mail.parts:
        if not part.kind.startswith("message/rfc822"):
            yield from _outside_returned(part)


def _texts(mail: Part) -> Iterator[str]:
    return (part.text for part in _outside_returned(mail) if part.kind == "text/plain")


def _start(text: str) -> int:
    found = _BEGIN.search(text)
    return found.start() if found else 0


def _groups(report: str) -> list[_Group]:
    """The fields of each recipient. Some servers forget the empty line between two, or put in too many."""
    groups: list[_Group] = []
    for group in _raw_groups(report):
        if not _ABOUT_ONE & group.keys():
            continue
        if (
            groups
            and not any(name in group for name in _WHO)
            and not _ABOUT_ONE & group.keys() & groups[-1].keys()
        ):
            groups[-1].update(group)
        else:
            groups.append(group)
    return groups


def _raw_groups(report: str) -> Iterator[_Group]:
    group: _Group = {}
    last = ""
    for line in report.splitlines()[: _MOST_GROUPS * 10]:
        field = None if line[:1] == "\t" or line.startswith("  ") else _FIELD.match(line)
        if not line.strip() or (field and field[1].lower() == _WHO[0] and _WHO[0] in group):
            if group:
                yield group
            group, last = {}, ""
        if field:
            last = field[1].lower()
            group[last] = field[2].strip()
        elif last and line.strip() and len(group[last]) < _LONGEST_WORDS:
            group[last] += " " + line.strip()
    if group:
        yield group


def _finding(group: _Group) -> Finding:
    status = enhanced_in(group.get("status", ""))
    words = _untyped(group.get("diagnostic-code", ""))
    return Finding(_recipient(group), _action(group.get("action", "")), status, words[:_LONGEST_WORDS])


def _recipient(group: _Group) -> str:
    """The first usable address: `rfc822; a@b`, `<a@b>`, without any type, with a type that nobody knows."""
    for name in _WHO:
        given = _untyped(group.get(name, "")).strip("<>")
        if _WHOLE.fullmatch(given):
            return given
        found = addresses_in(given)
        if found:
            return found[0]
    return ""


def _untyped(value: str) -> str:
    return _TYPE.sub("", value, count=1).strip()


def _action(value: str) -> str:
    """The action's one word; some servers write why beside it."""
    found = re.match(r"\s*([A-Za-z]+)", value)
    return found[1].lower() if found else ""
