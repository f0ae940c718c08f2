"""DKIM keys of a test run, their records, and dkimpy, which shares no code with us, as receiver."""

import dkim

from dispatcher.content.dkim import DkimSigner
from dispatcher.dkim_keys import as_pem, new_keys, record_of, selector_of

DOMAIN = "example.org"
KEYS = new_keys()
DNS = {f"{selector_of(key, 'd')}._domainkey.{DOMAIN}": record_of(key) for key in KEYS}
SIGNER = DkimSigner(KEYS, "d")
RSA, ED25519 = (as_pem(key) for key in KEYS)
SETTINGS = {"dkim_key": RSA, "dkim_ed25519_key": ED25519, "dkim_selector": "d"}


def verified(mime: bytes, number: int = 0) -> bool:
    """Whether a receiver takes the message's signature of that number."""

    def texts(name: bytes, timeout: int = 5) -> bytes:  # noqa: ARG001 - dkimpy gives it
        return DNS[name.decode().rstrip(".")].encode()

    try:
        return bool(dkim.DKIM(mime).verify(idx=number, dnsfunc=texts))
    except dkim.DKIMException:
        return False


def both_verified(mime: bytes) -> bool:
    """Whether there are two signatures, and both hold."""
    return mime.count(b"DKIM-Signature: ") == 2 and verified(mime, 0) and verified(mime, 1)
