"""The public half of a DKIM key in the DNS (RFC 6376 section 3.6.1), beside the one that we sign with."""

from dispatcher.rules.record_tags import tags
from dispatcher.rules.verdict import Verdict


def judge_dkim(name: str, texts: list[str], ours: str) -> Verdict:
    """What receivers make of the texts at `name`; `ours` is the text that should be there."""
    keys = [text for text in texts if "p" in tags(text)]
    publish = f'Add a TXT record {name}: "{ours}".'
    if not keys:
        words = f"no key at {name}: receivers can't check our signatures."
        return Verdict(ok=False, words=words, mend=publish)
    if len(keys) > 1:
        words = f"{name} has {len(keys)} keys; receivers take any of them."
        return Verdict(ok=False, words=words, mend="Keep the one that we sign with.")
    found, wanted = tags(keys[0]), tags(ours)
    if not found["p"]:
        words = f"the key at {name} was taken back (p= is empty)."
        return Verdict(ok=False, words=words, mend=publish)
    if (_joined(found["p"]), found.get("k", "rsa")) != (wanted["p"], wanted["k"]):
        words = f"the key at {name} isn't the one that we sign with: receivers take our mail for forged."
        return Verdict(ok=False, words=words, mend=publish)
    if "y" in found.get("t", "").split(":"):
        words = f"{name} says t=y, testing: receivers treat our mail as unsigned."
        return Verdict(ok=None, words=words, mend="Take t=y out once a test message has arrived.")
    return Verdict(ok=True, words=f"{name} has our {wanted['k']} key.")


def _joined(key: str) -> str:
    """A key pasted in pieces may have spaces in it, which don't count."""
    return "".join(key.split())
