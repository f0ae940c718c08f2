"""TXT records of the form `v=X; name=value; ...` (RFC 6376 section 3.2), as DKIM and DMARC have them."""


def tags(record: str) -> dict[str, str]:
    """The tags of one record; of a repeated one the last."""
    pairs = (piece.partition("=") for piece in record.split(";"))
    return {name.strip().lower(): value.strip() for name, found, value in pairs if found}


def records_of(version: str, texts: list[str]) -> list[str]:
    """Of all the texts of one name, those that say they are of this kind: `v=spf1`, `v=DMARC1`."""
    wanted = version.lower()
    return [
        text
        for text in texts
        if text.strip().lower() == wanted or text.strip().lower().startswith((f"{wanted} ", f"{wanted};"))
    ]
