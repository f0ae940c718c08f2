"""DKIM keys (RFC 6376): made, read from PEM, and as DNS has them.

RSA of 2048 bits, which every receiver knows (RFC 8301), and Ed25519 for a second signature (RFC 8463).
"""

import base64

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

DkimKey = RSAPrivateKey | Ed25519PrivateKey

_BITS = 2048
_MAKE_ONE = "make one with `dispatch dkim new`"


def new_keys() -> tuple[RSAPrivateKey, Ed25519PrivateKey]:
    """A new key of each kind."""
    return generate_private_key(public_exponent=65537, key_size=_BITS), Ed25519PrivateKey.generate()


def as_pem(key: DkimKey) -> str:
    """The private key in PKCS#8, unencrypted: for a file that nobody else can read."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def read_rsa(pem: str) -> RSAPrivateKey:
    """The key that a PEM holds; ValueError when it is none, another kind, or too short."""
    key = _read(pem)
    if not isinstance(key, RSAPrivateKey):
        raise ValueError(f"isn't an RSA key; {_MAKE_ONE}")  # noqa: TRY004 - what it holds, not what we were given
    if key.key_size < _BITS:
        raise ValueError(f"is an RSA key of {key.key_size} bits, which receivers don't trust; {_MAKE_ONE}")
    return key


def read_ed25519(pem: str) -> Ed25519PrivateKey:
    """The key that a PEM holds; ValueError when it is none, or another kind."""
    key = _read(pem)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"isn't an Ed25519 key; {_MAKE_ONE}")  # noqa: TRY004 - as above
    return key


def _read(pem: str) -> object:
    try:
        # Without looking whether the primes are primes: it is a file of our own, and that takes a while.
        return load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm):  # TypeError: it wants a password
        raise ValueError(f"isn't a private key in PEM without a password; {_MAKE_ONE}") from None


def selector_of(key: DkimKey, selector: str) -> str:
    """Each key needs a name of its own in DNS: the Ed25519 key's is `SELECTOR-ed25519`."""
    return selector if isinstance(key, RSAPrivateKey) else f"{selector}-ed25519"


def record_of(key: DkimKey) -> str:
    """What the TXT record says (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
    if isinstance(key, RSAPrivateKey):
        kind, public = "rsa", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, public = "ed25519", key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"
