"""SPF (RFC 7208): which servers may send for a domain, as its TXT record says."""

import re

from dispatcher.rules.record_tags import records_of
from dispatcher.rules.verdict import Verdict

MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4: a receiver gives up beyond them

_ASKS = re.compile(r"[+?~-]?(?:include:.+|a(?:[:/].*)?|mx(?:[:/].*)?|ptr(?::.*)?|exists:.+)|redirect=.+")
_FOLLOWED = re.compile(r"[+?~-]?include:(.+)|redirect=(.+)")
_ALL = re.compile(r"([+?~-]?)all")


def lookups(record: str) -> int:
    """How many questions to the DNS this record asks by itself."""
    return sum(bool(_ASKS.fullmatch(term)) for term in _terms(record))


def named_in(record: str) -> list[str]:
    """The domains whose records it brings in, which ask questions of their own."""
    found = (_FOLLOWED.fullmatch(term) for term in _terms(record))
    return [match[1] or match[2] for match in found if match]


def spf_records(texts: list[str]) -> list[str]:
    """The SPF records among a domain's texts."""
    return records_of("v=spf1", texts)


def judge_spf(domain: str, texts: list[str], asked: int) -> Verdict:
    """What receivers make of the domain's texts; `asked` is how many questions its record leads to in all."""
    found = spf_records(texts)
    if not found:
        mend = (
            f"Ask your email provider for its SPF text, and add it as a TXT record of {domain}: "
            '"v=spf1 include:... -all".'
        )
        return Verdict(ok=False, words=f"{domain} doesn't say which servers may send for it.", mend=mend)
    if len(found) > 1:
        words = f"{domain} has {len(found)} SPF records, so receivers take none."
        mend = "Make one of them: the terms of both, and one all at the end."
        return Verdict(ok=False, words=words, mend=mend)
    if asked > MOST_LOOKUPS:
        words = f"{domain}: {found[0]} leads to {asked} look-ups; receivers stop at {MOST_LOOKUPS}."
        return Verdict(ok=False, words=words, mend="Take out the providers that you don't use any more.")
    return _judge_end(domain, found[0])


def _judge_end(domain: str, record: str) -> Verdict:
    ends = [match for term in _terms(record) if (match := _ALL.fullmatch(term))]
    if ends and ends[0][1] in {"", "+"}:
        words = f"{domain}: {record} lets everybody send."
        return Verdict(ok=False, words=words, mend="Write -all at its end instead.")
    if not (ends and ends[0][1] in {"-", "~"}) and "redirect=" not in record.lower():
        words = f"{domain}: {record} forbids nobody to send."
        return Verdict(ok=None, words=words, mend="Write -all (or ~all, to begin with) at its end.")
    words = f"{domain}: {record}"
    return Verdict(ok=True, words=words, mend="Your email provider must be among these.")


def _terms(record: str) -> list[str]:
    return record.lower().split()[1:]
