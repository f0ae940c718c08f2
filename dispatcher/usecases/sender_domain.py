"""What the DNS tells receivers about mail that claims to be ours: SPF, DKIM and DMARC of our domain."""

from collections.abc import Iterator

from dispatcher.content.headers import ascii_address
from dispatcher.dkim_keys import DkimKey, read_ed25519, read_rsa, record_of, selector_of
from dispatcher.errors import NameServerSilent
from dispatcher.name_server import NameServer
from dispatcher.rules.dkim_record import judge_dkim
from dispatcher.rules.dmarc import aligned, dmarc_records, judge_dmarc, policy_names, strict_about_envelope
from dispatcher.rules.spf import MOST_LOOKUPS, judge_spf, lookups, named_in, spf_records
from dispatcher.rules.verdict import Verdict
from dispatcher.settings import Settings


def sender_domain(settings: Settings, name_server: NameServer) -> Iterator[tuple[str, Verdict]]:
    """A verdict on each record, by the name of its kind; one alone when no name server answers.

    RenderFailed when an address in the settings has no form in the DNS.
    """
    domain = _domain(settings.from_email)
    envelope = _domain(settings.bounces_to or settings.from_email)
    try:
        yield "spf", _spf(envelope, name_server)
        for verdict in _dkim(settings, domain, name_server):
            yield "dkim", verdict
        name, texts = _policy(domain, name_server)
        yield "dmarc", judge_dmarc(name, texts)
    except NameServerSilent as silent:
        mend = "Run it where the DNS can be asked; messages may be right all the same."
        yield "dns", Verdict(ok=None, words=f"{silent} So nobody knows what receivers find.", mend=mend)
        return
    if not aligned(domain, envelope, strict=strict_about_envelope(texts)):
        yield "spf", _not_aligned(settings, domain, envelope)


def _domain(address: str) -> str:
    return ascii_address(address).rpartition("@")[2].lower()


def _spf(domain: str, name_server: NameServer) -> Verdict:
    texts = name_server.texts(domain)
    return judge_spf(domain, texts, _asked(texts, name_server))


def _asked(texts: list[str], name_server: NameServer) -> int:
    """How many questions a domain's SPF record leads to, its own and those of the records it brings in."""
    waiting, asked = spf_records(texts), 0
    while waiting and asked <= MOST_LOOKUPS:
        record = waiting.pop()
        asked += lookups(record)
        if asked <= MOST_LOOKUPS:
            waiting += [text for name in named_in(record) for text in spf_records(name_server.texts(name))]
    return asked


def _dkim(settings: Settings, domain: str, name_server: NameServer) -> Iterator[Verdict]:
    keys = _keys(settings)
    if not keys:
        mend = (
            "Let your email provider sign for your domain, or make keys of your own with `dispatch dkim new`."
        )
        yield Verdict(ok=None, words=f"we don't sign; does your relay, for {domain}?", mend=mend)
    for key in keys:
        name = f"{selector_of(key, settings.dkim_selector)}._domainkey.{domain}"
        yield judge_dkim(name, name_server.texts(name), record_of(key))


def _keys(settings: Settings) -> list[DkimKey]:
    keys: list[DkimKey] = []
    if settings.dkim_key is not None:
        keys.append(read_rsa(settings.dkim_key.get_secret_value()))
    if settings.dkim_ed25519_key is not None:
        keys.append(read_ed25519(settings.dkim_ed25519_key.get_secret_value()))
    return keys


def _policy(domain: str, name_server: NameServer) -> tuple[str, list[str]]:
    """Where the domain's DMARC policy stands, and what stands there; the domain's own name when nowhere."""
    names = policy_names(domain)
    for name in names:
        texts = name_server.texts(name)
        if dmarc_records(texts):
            return name, texts
    return names[0], []


def _not_aligned(settings: Settings, domain: str, envelope: str) -> Verdict:
    words = f"bounces go to {envelope}, which doesn't count as {domain}, so SPF doesn't speak for our mail."
    if settings.dkim_key is not None:
        return Verdict(ok=None, words=words, mend="Our DKIM signature does; nothing needs to be done.")
    mend = f"Set DISPATCH_BOUNCES_TO to an address at {domain} or below it, or sign with `dispatch dkim new`."
    return Verdict(ok=False, words=words, mend=mend)
