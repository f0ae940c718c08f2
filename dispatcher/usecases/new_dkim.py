"""`dispatch dkim new`: keys for signing, and what must stand in the DNS so that receivers can check."""

import os
from dataclasses import dataclass
from pathlib import Path

from dispatcher.dkim_keys import DkimKey, as_pem, new_keys, record_of, selector_of
from dispatcher.errors import DkimKeyExists

_LONGEST_PIECE = 255  # octets of one string in a TXT record (RFC 1035 section 3.3.14)


@dataclass(frozen=True, slots=True)
class NewKey:
    """One key: where it is kept, by which setting it is used, and its record."""

    file: Path
    setting: str
    name: str  # of the TXT record
    record: str

    @property
    def pieces(self) -> list[str]:
        """The record in strings that DNS can hold; together they are one text."""
        starts = range(0, len(self.record), _LONGEST_PIECE)
        return [self.record[start : start + _LONGEST_PIECE] for start in starts]


def new_dkim(domain: str, selector: str, folder: Path) -> list[NewKey]:
    """Make an RSA and an Ed25519 key, each in a file that only this user can read.

    Raises DkimKeyExists when a file of theirs is there already: nothing was written then.
    """
    rsa, ed25519 = new_keys()
    made: list[tuple[DkimKey, NewKey]] = [
        (rsa, _described(rsa, "DISPATCH_DKIM_KEY_FILE", domain, selector, folder)),
        (ed25519, _described(ed25519, "DISPATCH_DKIM_ED25519_KEY_FILE", domain, selector, folder)),
    ]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _, new in made:
        if new.file.exists():
            raise DkimKeyExists(path=new.file, another=f"{selector}2")
    for key, new in made:
        _write(new.file, as_pem(key))
    return [new for _, new in made]


def _described(key: DkimKey, setting: str, domain: str, selector: str, folder: Path) -> NewKey:
    name = selector_of(key, selector)
    return NewKey(folder / f"{name}.pem", setting, f"{name}._domainkey.{domain}", record_of(key))


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
