"""Addresses that can belong to nobody: practice people have them, and a real sender never gets them."""

import re

PRACTICE_DOMAIN = "example.org"  # where the people of `dispatch demo` live

# RFC 2606 and RFC 6761: reserved for documentation and tests.
_DOMAINS = re.compile(r"(?:.*\.)?(?:example\.(?:com|net|org)|test|invalid|localhost|example)", re.IGNORECASE)
# 555-0100 to 555-0199 are set aside for fiction in every area code (NANPA).
_NUMBERS = re.compile(r"\+1\d{3}55501\d\d")


def is_reserved(address: str) -> bool:
    """Whether an email address or E.164 number is one that is set aside for examples, tests or fiction."""
    if "@" in address:
        return bool(_DOMAINS.fullmatch(address.rpartition("@")[2]))
    return bool(_NUMBERS.fullmatch(address))
