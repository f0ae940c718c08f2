"""From what a bounce says of a recipient to the kind of its event."""

from dispatcher.bounces.finding import Finding
from dispatcher.rules.bounce_kinds import Stage, bounce_kind, stage_of
from dispatcher.rules.events import EventKind

_ARRIVED = frozenset({"delivered", "relayed", "expanded"})  # RFC 3464 section 2.3.3: no bounces
_STILL_TRYING = "delayed"
_NOT_YET = frozenset({"failed", _STILL_TRYING})


def kind_of(finding: Finding) -> EventKind:
    """The kind of event; a refusal without any reason is soft: one alone gives nobody up."""
    if finding.action in _ARRIVED or (finding.action not in _NOT_YET and finding.enhanced.startswith("2.")):
        return EventKind.DELIVERED
    stage = stage_of(finding.words)
    if stage is Stage.UNKNOWN:
        stage = stage_of(finding.around)
    told = bounce_kind(finding.code, finding.enhanced, finding.words, stage)
    if told is EventKind.UNKNOWN and finding.around:
        told = bounce_kind(0, finding.enhanced, finding.around, stage)
    if finding.action == _STILL_TRYING:
        return EventKind.DEFERRED
    return EventKind.SOFT_BOUNCE if told in {EventKind.UNKNOWN, EventKind.DELIVERED} else told
