"""The addresses of a report as keys; what can't be read is left out as long as the other can."""

from dispatcher.addresses import AddressFault, AddressProblem, parse_email, parse_phone
from dispatcher.keyring import Keyring


def address_keys(keys: Keyring, email: str, phone: str) -> tuple[bytes | None, bytes | None]:
    """The keys of email address and phone number. Raises AddressProblem when neither is one."""
    found: list[bytes | None] = []
    problems = []
    for written, normalise in ((email, _email), (phone, _phone)):
        try:
            found.append(keys.address_key(normalise(written)) if written.strip() else None)
        except AddressProblem as problem:
            problems.append(problem)
            found.append(None)
    if found == [None, None]:
        raise problems[0] if problems else AddressProblem(AddressFault.EMPTY)
    return found[0], found[1]


def _email(text: str) -> str:
    return parse_email(text).normalised


def _phone(text: str) -> str:
    return parse_phone(text).e164
