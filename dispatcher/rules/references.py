"""Our own mark on a message, `{message id}.{opaque}`, wherever it comes back to us."""

import hmac
import re

# Numbers from here on are no message's: tests (a test never takes a message's file or Message-ID), alarms
# from 3 * 10^15 on, and notices (rules.notices.NOTICE_NUMBERS).
TEST_NUMBERS = 10**15

# A number, and sixteen hexadecimal digits that nobody can guess: the local part of a Message-ID, the detail
# of a return path (bounces+REFERENCE@...), or all of a header that a provider echoes. Other senders' ids look
# alike (20180812211713.1.DF5966851B4BAA99), so what stands around it counts.
_OPAQUE = 16
_REFERENCE = re.compile(r"(?:^|[<+=\s\"'])([0-9]{1,18}\.[0-9a-f]{16})(?=$|[@>\s\"'])")


def reference_in(*texts: str) -> str:
    """The first of our references in texts that may hold one; or ""."""
    for text in texts:
        if found := _REFERENCE.search(text):
            return found[1]
    return ""


def message_of(reference: str) -> int | None:
    """The number of the message that a reference names; None where it is no number of ours."""
    number = reference.partition(".")[0]
    fits = number.isascii() and number.isdecimal() and len(number) <= 18  # a BIGINT holds it
    return int(number) if fits else None


def reference_of(message_id: int, salt: bytes) -> str:
    """A message's reference. `salt` is the alert's own secret: nobody else can make one."""
    return f"{message_id}.{hmac.digest(salt, b'%d' % message_id, 'sha256').hex()[:_OPAQUE]}"


def reference_of_notice(number: int, made_at: str, salt: bytes) -> str:
    """A notice's reference. In a database that was put back its number may be another's, made later."""
    return f"{number}.{hmac.digest(salt, f'{number} {made_at}'.encode(), 'sha256').hex()[:_OPAQUE]}"
