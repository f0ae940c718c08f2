"""What stands for attributes in the database: keyed hashes, which a stolen database doesn't give away."""

from dispatcher.db import keyring


def name_key(name: str) -> bytes:
    """What stands for an attribute's name."""
    return keyring().address_key(f"attribute:{name}")


def value_key(name: str, value: str) -> bytes:
    """What stands for one value of one attribute: the same word elsewhere has another key."""
    return keyring().address_key(f"attribute:{name}={value}")
