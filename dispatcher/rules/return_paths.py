"""Addresses under the mailbox for bounces, `bounces+detail@...` (subaddresses, RFC 5233)."""

_LONGEST_LOCAL = 64  # octets before the @ (RFC 5321 section 4.5.3.1.1)


def return_path(mailbox: str, reference: str) -> str:
    """Where a message's own bounces go (VERP): its reference says which one came back, and is hard to guess.

    Bounces differ from server to server, and some don't name the recipient; the address that they go to
    always comes back. `reference` is a Message-ID without its domain.
    """
    return _under(mailbox, reference)


def reply_path(mailbox: str, reference: str) -> str:
    """Where answers to a message go; "" without a mailbox for them: to the From address.

    The address says what is answered: some providers replace our Message-ID, some mail programs name none.
    """
    return _under(mailbox, reference) if mailbox else ""


def leave_address(mailbox: str, token: str) -> str:
    """Where a mail program writes for somebody who leaves.

    Nothing without a mailbox, or when the signed token is too long for an address (an alert of very many
    lists): the https link is always there.
    """
    address = _under(mailbox, f"leave.{token}") if mailbox else ""
    return address if len(address.partition("@")[0].encode()) <= _LONGEST_LOCAL else ""


def _under(mailbox: str, detail: str) -> str:
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{detail}@{domain}"
