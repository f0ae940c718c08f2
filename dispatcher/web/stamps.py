"""A form's stamp: when it was made, and which words stood in it. It needs no cookie.

A program fills a form in at once and a person doesn't; and what somebody agreed to is what they were shown,
also when the words have changed while the page was open.
"""

import hashlib
from collections.abc import Sequence
from enum import Enum

from dispatcher.errors import BadToken
from dispatcher.tokens import Kind, Signer, varint, varints

LEAST = 3  # seconds in which nobody reads a form and fills it in
MOST = 24 * 3600  # seconds; a page that was open for longer is shown again
_DIGEST_BYTES = 8


class Stamped(Enum):
    """What a form's stamp tells."""

    RIGHT = "right"
    TOO_SOON = "too soon"
    OTHER = "other"  # too old, forged, missing, or made with other words


class Stamps:
    """Makes and reads the stamps of forms."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def make(self, now: float, words: Sequence[str]) -> str:
        """The stamp of a form that shows these words; `now` in seconds, as time.time() says it."""
        return self._signer.sealed(Kind.FORM, varint(int(now)) + _digest(words))

    def read(self, stamp: str, now: float, words: Sequence[str]) -> Stamped:
        """Whether a form came back in its time, and with today's words."""
        try:
            payload = self._signer.opened(Kind.FORM, stamp)
        except BadToken:
            return Stamped.OTHER
        made, digest = next(varints(payload[:-_DIGEST_BYTES])), payload[-_DIGEST_BYTES:]
        if digest != _digest(words) or not 0 <= now - made <= MOST:
            return Stamped.OTHER
        return Stamped.TOO_SOON if now - made < LEAST else Stamped.RIGHT


def _digest(words: Sequence[str]) -> bytes:
    return hashlib.sha256("\0".join(words).encode()).digest()[:_DIGEST_BYTES]
