"""`/c/{token}`: the link in the email that asks whether a sign-up is meant."""

import secrets
from datetime import datetime, timedelta

from dispatcher.errors import BadToken
from dispatcher.tokens import Kind, Signer, varint, varints

CONFIRM_PATH = "/c/"  # then the token; GET shows the page, POST confirms
VALID_FOR = timedelta(days=7)
_REFERENCE_BYTES = 16


def new_reference() -> bytes:
    """What a sign-up is known by outside: nobody guesses it, and no other sign-up ever gets it."""
    return secrets.token_bytes(_REFERENCE_BYTES)


def confirm_url(signer: Signer, public_url: str, reference: bytes, now: datetime) -> str:
    """The link for a sign-up that is made now; good for seven days."""
    expires = int((now + VALID_FOR).timestamp())
    return f"{public_url}{CONFIRM_PATH}{signer.sealed(Kind.CONFIRM, reference + varint(expires))}"


def read_confirm_token(signer: Signer, token: str, now: datetime) -> bytes:
    """The sign-up's reference; BadToken when the link is forged, cut off, of another kind, or too old."""
    payload = signer.opened(Kind.CONFIRM, token)
    (expires,) = varints(payload[_REFERENCE_BYTES:])
    if now.timestamp() >= expires:
        raise BadToken
    return payload[:_REFERENCE_BYTES]
