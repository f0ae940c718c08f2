"""Signed links. A link for leaving names the person, the lists and the channel: it works for years, whatever
becomes of the message that it came in, and can do nothing but leave.

A token is base64url of version, key id, kind, payload and MAC. The first key signs, all verify, so that keys
can be changed without breaking the links in old messages.
"""

import base64
import binascii
import hashlib
import hmac
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from dispatcher.errors import BadToken, WrongSettings
from dispatcher.keyring import made_key
from dispatcher.rules.alert import Channel
from dispatcher.settings import Settings

LEAVE_PATH = "/l/"  # then the token; GET shows the page, POST leaves (RFC 8058)
SHORT_PATH = "/k/"  # then the token of a short link
VIEW_PATH = "/v/"  # then an alert's number, an edition's and a language: its email in the browser

_VERSION = 1
_KEY_ID_BYTES = 4
_MAC_BYTES = 16  # HMAC-SHA256, truncated to 128 bits (RFC 2104, section 5)
_HEAD_BYTES = 1 + _KEY_ID_BYTES
_LONGEST = 512  # characters: longer ones aren't ours and aren't looked at
_CHANNELS = (Channel.EMAIL, Channel.SMS)  # a channel is its place here: only ever append
# A short link is its number and letters that check it, each of a fixed length: the text that it stands in
# takes as many segments whatever the number. 62 ** 4 links are enough; 62 ** 4 checks are about 24 bits.
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_NUMBER_LETTERS, _CHECK_LETTERS = 4, 4
_REFERENCE_LETTERS = 12  # about 71 bits


class Kind(IntEnum):
    """What a token is for: one kind can't be taken for another. Only ever append: they stand in messages."""

    LEAVE = 1
    CONFIRM = 2  # a sign-up, by its reference
    MANAGE = 3  # the page of one person's choices; expires
    CLICK = 4  # a link of one message
    FORM = 5  # when a form was made, and with which words


@dataclass(frozen=True, slots=True)
class LeaveToken:
    """Who leaves which lists, by which channel."""

    subscriber_id: int
    list_ids: tuple[int, ...]
    channel: Channel


class Signer:
    """Makes and reads tokens under a list of keys; the first signs."""

    def __init__(self, secrets: Iterable[str]) -> None:
        keys = [hashlib.sha256(b"dispatcher token key v1\0" + secret.encode()).digest() for secret in secrets]
        self._keys = {_key_id(key): key for key in reversed(keys)}
        self._first = _key_id(keys[0])

    @classmethod
    def load(cls, settings: Settings, *, create: bool = True) -> "Signer":
        """The installation's signer; on a practice installation its key is made once and kept in `var/`.

        Raises WrongSettings when the public URL is https and no key is given, or when there is none and
        `create` is false.
        """
        if settings.secret_key is not None:
            return cls(key.strip() for key in settings.secret_key.get_secret_value().split(","))
        if settings.public.scheme == "https":
            problem = (
                "must be given when DISPATCH_PUBLIC_URL is https. Make one with `openssl rand -base64 32`."
            )
            raise WrongSettings(name="DISPATCH_SECRET_KEY", problem=problem)
        made = made_key("secret", create=create)
        if made is None:
            problem = "isn't set, and none was made yet. Run `dispatch demo` or `dispatch web` once."
            raise WrongSettings(name="DISPATCH_SECRET_KEY", problem=problem)
        return cls([made])

    @property
    def key_ids(self) -> list[str]:
        """The keys' ids in hex, the one that signs first; they reveal nothing of the keys."""
        return [self._first.hex(), *(key_id.hex() for key_id in self._keys if key_id != self._first)]

    def leave_token(self, subscriber_id: int, list_ids: Iterable[int], channel: Channel) -> str:
        """The token of a link by which one person leaves these lists on this channel."""
        numbers = (_CHANNELS.index(channel), subscriber_id, *sorted(set(list_ids)))
        return self.sealed(Kind.LEAVE, b"".join(map(varint, numbers)))

    def read_leave_token(self, text: str) -> LeaveToken:
        """What `leave_token` was given; BadToken when it is forged, cut off or of another kind."""
        channel, subscriber_id, *list_ids = varints(self.opened(Kind.LEAVE, text))
        return LeaveToken(subscriber_id, tuple(list_ids), _CHANNELS[channel])

    def short_token(self, number: int, url: str) -> str:
        """Eight letters for a short link: its number, and a check of the number and of where it leads."""
        return _letters(number, _NUMBER_LETTERS) + _check(self._keys[self._first], number, url)

    def proves(self, text: str, url: str) -> bool:
        """Whether a short link's token was made for this very address."""
        number = short_number(text)
        checks = (_check(key, number, url) for key in self._keys.values())
        return any(hmac.compare_digest(text[_NUMBER_LETTERS:], check) for check in checks)

    def references(self, name: str) -> list[str]:
        """What stands for `name` in an address, where it may not be said: by each key, the first first."""
        digests = (hmac.digest(key, b"reference v1\0" + name.encode(), "sha256") for key in self._ordered())
        return [_letters(int.from_bytes(digest), _REFERENCE_LETTERS) for digest in digests]

    def _ordered(self) -> list[bytes]:
        return [
            self._keys[self._first],
            *(key for key_id, key in self._keys.items() if key_id != self._first),
        ]

    def visitor_code(self, message_id: int) -> str:
        """What stands behind a link in one person's message: which message it is."""
        return "/" + self.sealed(Kind.CLICK, varint(message_id))

    def read_visitor_code(self, text: str) -> int:
        """The message of a `visitor_code` without its slash; BadToken when it is none."""
        return next(varints(self.opened(Kind.CLICK, text)))

    def sealed(self, kind: Kind, payload: bytes) -> str:
        """A token that holds the payload, in the clear: it is proved, not hidden."""
        signed = bytes([_VERSION]) + self._first + bytes([kind]) + payload
        return _written(signed + _mac(self._keys[self._first], signed))

    def opened(self, kind: Kind, text: str) -> bytes:
        """The payload that was sealed; BadToken when the token is forged, cut off or of another kind."""
        try:
            given = base64.b64decode(text[:_LONGEST] + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise BadToken from None
        signed, mac = given[:-_MAC_BYTES], given[-_MAC_BYTES:]
        key = self._keys.get(signed[1:_HEAD_BYTES])
        if key is None or not hmac.compare_digest(_mac(key, signed), mac):
            raise BadToken
        if (signed[0], signed[_HEAD_BYTES]) != (_VERSION, kind):
            raise BadToken
        if _written(given) != text:
            raise BadToken  # other letters for the same bytes: a token has one spelling
        return signed[_HEAD_BYTES + 1 :]


def short_number(text: str) -> int:
    """The number in a short link's token, before anything is proved; BadToken when it can't be one."""
    if len(text) != _NUMBER_LETTERS + _CHECK_LETTERS or not all(letter in _DIGITS for letter in text):
        raise BadToken
    number = 0
    for letter in text[:_NUMBER_LETTERS]:
        number = number * len(_DIGITS) + _DIGITS.index(letter)
    return number


def short_url(public_url: str, token: str) -> str:
    """The link that stands in a text."""
    return f"{public_url}{SHORT_PATH}{token}"


def leave_url(public_url: str, token: str) -> str:
    """The link in a message's footer; also where List-Unsubscribe's one-click POST goes (RFC 8058)."""
    return f"{public_url}{LEAVE_PATH}{token}"


def view_path(alert_id: object, edition_number: object, language: str) -> str:
    """The page of an email without its reader: the same for everybody, and numbers alone name it."""
    return f"{VIEW_PATH}{alert_id}/{edition_number}/{language}"


def _written(token: bytes) -> str:
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"dispatcher token key id v1\0" + key).digest()[:_KEY_ID_BYTES]


def _mac(key: bytes, signed: bytes) -> bytes:
    return hmac.digest(key, signed, "sha256")[:_MAC_BYTES]


def _check(key: bytes, number: int, url: str) -> str:
    digest = hmac.digest(key, b"short link v1\0%d\0" % number + url.encode(), "sha256")
    return _letters(int.from_bytes(digest), _CHECK_LETTERS)


def _letters(number: int, length: int) -> str:
    """The number's last `length` digits to the base of 62."""
    letters = ""
    for _ in range(length):
        number, digit = divmod(number, len(_DIGITS))
        letters = _DIGITS[digit] + letters
    return letters


def varint(number: int) -> bytes:
    """LEB128: seven bits a byte, low ones first, the top bit set on all but the last."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def varints(payload: bytes) -> Iterator[int]:
    """The numbers of a payload that was put together from `varint`s."""
    number = shift = 0
    for byte in payload:
        number |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            yield number
            number = shift = 0
