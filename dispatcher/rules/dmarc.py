"""DMARC (RFC 9989): what a domain asks receivers to do with mail that only claims to be its own."""

from dispatcher.rules.record_tags import records_of, tags
from dispatcher.rules.verdict import Verdict

_POLICIES = ("none", "quarantine", "reject")
_GONE = ("pct", "rf", "ri")  # RFC 9989 has no such tags any more
_FEWEST_LABELS = 2  # nobody's policy stands at a top-level domain
_MOST_STEPS = 8  # RFC 9989 section 4.10


def policy_names(domain: str) -> list[str]:
    """Where the policy of a domain may stand, in the order in which receivers look."""
    labels = domain.split(".")
    ends = range(max(len(labels) - _FEWEST_LABELS, 0) + 1)
    names = [f"_dmarc.{'.'.join(labels[end:])}" for end in ends]
    return names if len(names) <= _MOST_STEPS else [names[0], *names[1 - _MOST_STEPS :]]


def dmarc_records(texts: list[str]) -> list[str]:
    """The DMARC records among a name's texts."""
    return records_of("v=DMARC1", texts)


def judge_dmarc(name: str, texts: list[str]) -> Verdict:
    """What receivers make of the texts found at `name`, the first of `policy_names` that has any."""
    found = dmarc_records(texts)
    if not found:
        mend = f'Add a TXT record {name}: "v=DMARC1; p=none; rua=mailto:dmarc@your.site", later p=quarantine.'
        words = f"nothing at {name}; Gmail, Yahoo and Microsoft refuse much mail without it."
        return Verdict(ok=False, words=words, mend=mend)
    if len(found) > 1:
        words = f"{name} has {len(found)} DMARC records, so receivers take none."
        return Verdict(ok=False, words=words, mend="Keep one of them.")
    return _judge_policy(name, found[0])


def _judge_policy(name: str, record: str) -> Verdict:
    said = tags(record)
    policy = said.get("p", "").lower()
    shown = f"{name}: {record}"
    if policy not in _POLICIES:
        mend = "Write p=none, p=quarantine or p=reject."
        return Verdict(ok=False, words=f"{shown} says no policy.", mend=mend)
    gone = [tag for tag in _GONE if tag in said]
    if gone:
        return Verdict(ok=None, words=shown, mend=f"Take out {', '.join(gone)}: nobody reads that any more.")
    if policy == "none":
        mend = "Anybody can still write in your name: when the reports look right, write p=quarantine."
        return Verdict(ok=None, words=shown, mend=mend)
    return Verdict(ok=True, words=shown)


def strict_about_envelope(texts: list[str]) -> bool:
    """Whether the From address's domain and the return path's must be the very same (`aspf=s`)."""
    return any(tags(record).get("aspf", "").lower() == "s" for record in dmarc_records(texts))


def aligned(one: str, other: str, *, strict: bool = False) -> bool:
    """Whether two domains belong together for DMARC.

    Relaxed, one must be the other's or above it; two that only have a parent in common are taken for
    strangers, for whether that parent is an organisation's takes a list of all registries to know.
    """
    one, other = one.lower(), other.lower()
    return one == other or (not strict and (one.endswith(f".{other}") or other.endswith(f".{one}")))
