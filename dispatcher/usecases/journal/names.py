"""Names in the journal: a campaign's or an alert's may say too much, so what is kept of them is ciphertext.

Lines that an earlier release wrote have them in the clear; they are read all the same, and sealed wherever
they are written again.
"""

import base64
from dataclasses import replace

from dispatcher.db import keyring
from dispatcher.rules.journal import Entry, LaidOut

_MARK = "sealed:"  # no campaign's name begins so; an alert's is sealed when its campaign's is
_CAMPAIGN, _NAME = "journal.campaign", "journal.name"  # what the ciphertexts are bound to
_ROOM = 128  # bytes, as dispatcher.db.SealedText has it


def is_sealed(fact: LaidOut) -> bool:
    """Whether its names are ciphertext."""
    return fact.campaign.startswith(_MARK)


def sealed(fact: LaidOut) -> LaidOut:
    """The fact as it may be kept."""
    if is_sealed(fact):
        return fact
    return replace(fact, campaign=_seal(fact.campaign, _CAMPAIGN), name=_seal(fact.name, _NAME))


def opened(fact: LaidOut) -> LaidOut:
    """The fact with its names as staff know them. Raises WrongDataKey."""
    if not is_sealed(fact):
        return fact
    return replace(fact, campaign=_open(fact.campaign, _CAMPAIGN), name=_open(fact.name, _NAME))


def sealed_entry(entry: Entry) -> Entry:
    """An entry, of an earlier release perhaps, as it may be kept."""
    facts = (sealed(fact) if isinstance(fact, LaidOut) else fact for fact in entry.facts)
    return replace(entry, facts=tuple(facts))


def _seal(name: str, place: str) -> str:
    return _MARK + base64.b64encode(keyring().seal(name, place, _ROOM)).decode()


def _open(name: str, place: str) -> str:
    return keyring().unseal(base64.b64decode(name.removeprefix(_MARK)), place)
