"""The data key: what address keys and encrypted columns derive from. It never enters the database.

Losing it makes every address unreadable; `dispatch db upgrade` says so when it makes one.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dispatcher.errors import WrongDataKey, WrongSettings
from dispatcher.paths import make_private, state_folder
from dispatcher.settings import Settings

_ADDRESS_KEY_BYTES = 16  # 128 bits of HMAC-SHA256: no two people of any list collide
_KEY_ID_BYTES = 4
_LEAST_KEY_LENGTH = 32  # characters
_NONCE_BYTES = 12  # NIST SP 800-38D
_SIV_KEY_BYTES = 64  # AES-256-SIV takes two keys (RFC 5297)
_END_OF_TEXT = b"\x80"  # ISO/IEC 7816-4: the text ends before the last one, zeros follow


class Keyring:
    """Keys derived from one data key by HKDF-SHA256 (RFC 5869), each for one purpose."""

    def __init__(self, data_key: str, hint: str = "DISPATCH_DATA_KEY") -> None:
        self.hint = hint
        self._hmac = hmac.new(self._derive(data_key, b"dispatcher address key v1"), digestmod=hashlib.sha256)
        self._aead = AESGCM(self._derive(data_key, b"dispatcher columns v1"))
        self._siv = AESSIV(self._derive(data_key, b"dispatcher sealed names v1", _SIV_KEY_BYTES))
        self.key_id = self._derive(data_key, b"dispatcher key id v1")[:_KEY_ID_BYTES]

    @staticmethod
    def _derive(data_key: str, purpose: bytes, length: int = 32) -> bytes:
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(data_key.encode())

    @property
    def fingerprint(self) -> str:
        """What the database remembers of its key, to refuse another: hex, reveals nothing of the key."""
        return self.key_id.hex()

    def address_key(self, normalised: str) -> bytes:
        """The keyed hash (16 bytes) that stands for a normalised address everywhere but in its own column."""
        mac = self._hmac.copy()  # the key goes into the hash once, not with each of a million addresses
        mac.update(normalised.encode())
        return mac.digest()[:_ADDRESS_KEY_BYTES]

    def encrypt(self, text: str, column: str) -> bytes:
        """AES-256-GCM: key id, nonce, ciphertext. Bound to its column, so that values can't be swapped."""
        nonce = os.urandom(_NONCE_BYTES)
        return self.key_id + nonce + self._aead.encrypt(nonce, text.encode(), column.encode())

    def encrypt_all(self, texts: Sequence[str | None], column: str) -> list[bytes | None]:
        """Each text as `encrypt` does it, in half the time: a million people have millions of columns."""
        encrypt, bound, key_id = self._aead.encrypt, column.encode(), self.key_id
        random = os.urandom(_NONCE_BYTES * len(texts))
        nonces = [random[start : start + _NONCE_BYTES] for start in range(0, len(random), _NONCE_BYTES)]
        return [
            None if text is None else key_id + nonce + encrypt(nonce, text.encode(), bound)
            for text, nonce in zip(texts, nonces, strict=True)
        ]

    def decrypt(self, sealed: bytes, column: str) -> str:
        """The text of `encrypt`; WrongDataKey when it was made with another key or was tampered with."""
        if sealed[:_KEY_ID_BYTES] != self.key_id:
            raise WrongDataKey(hint=self.hint)
        body = sealed[_KEY_ID_BYTES:]
        try:
            return self._aead.decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], column.encode()).decode()
        except (InvalidTag, ValueError):  # ValueError: cut short within the nonce
            raise WrongDataKey(hint=self.hint) from None

    def seal(self, text: str, column: str, room: int) -> bytes:
        """AES-256-SIV (RFC 5297): key id and ciphertext, the same for the same text in the same column.

        Padded to a multiple of `room` bytes: the length of a name could be enough to guess it.
        """
        words = text.encode() + _END_OF_TEXT
        padded = words.ljust(-(-len(words) // room) * room, b"\0")
        return self.key_id + self._siv.encrypt(padded, [column.encode()])

    def unseal(self, sealed: bytes, column: str) -> str:
        """The text of `seal`; WrongDataKey when it was made with another key or was tampered with."""
        if sealed[:_KEY_ID_BYTES] != self.key_id:
            raise WrongDataKey(hint=self.hint)
        try:
            padded = self._siv.decrypt(sealed[_KEY_ID_BYTES:], [column.encode()])
        except (InvalidTag, ValueError):  # ValueError: cut short
            raise WrongDataKey(hint=self.hint) from None
        return padded.rstrip(b"\0")[:-1].decode()


def key_file(name: str) -> Path:
    """Where an embedded installation keeps a key that it made: `var/data.key`, `var/secret.key`."""
    return state_folder() / f"{name}.key"


def made_key(name: str, *, create: bool) -> str | None:
    """The key kept in `var/`, made once (readable by this user alone) when `create`; None without one."""
    path = key_file(name)
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        if not create:
            return None
    make_private(path.parent)
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    draft = path.with_suffix(f".{secrets.token_hex(8)}.draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key + "\n")
        file.flush()
        os.fsync(file.fileno())  # what is encrypted with it will be durable: so must it be
    try:
        os.link(draft, path)  # of two processes at the same moment one wins, both read the winner's
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii").strip()


def load_keyring(settings: Settings, *, create: bool = False) -> Keyring:
    """The keyring of this installation.

    Raises WrongSettings when the key must be given and isn't, WrongDataKey when the one made is lost.
    """
    if settings.data_key is not None:
        return Keyring(settings.data_key.get_secret_value())
    url = settings.database_url.get_secret_value() if settings.database_url else "sqlite://"
    if not url.startswith("sqlite"):
        raise WrongSettings(
            name="DISPATCH_DATA_KEY",
            problem="must be given with PostgreSQL. Make one with `openssl rand -base64 32` "
            "and keep it safe: without it nobody's address can be read.",
        )
    made = made_key("data", create=create)
    if made is None or len(made) < _LEAST_KEY_LENGTH:  # lost, or cut short
        raise WrongDataKey(hint=str(key_file("data")))
    return Keyring(made, hint=str(key_file("data")))
