"""Addresses as staff see them over somebody's shoulder: enough to recognise, too little to use."""

_SHOWN_DIGITS = 4  # at the end; and the country and area code in front


def masked(address: str) -> str:
    """`maria@example.org` as `m…@example.org`, `+13125550123` as `+1312…0123`."""
    local, at, domain = address.rpartition("@")
    if at:
        return f"{local[:1]}…@{domain}"
    return f"{address[:5]}…{address[-_SHOWN_DIGITS:]}"
