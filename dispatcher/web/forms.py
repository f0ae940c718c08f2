"""What a form holds: plain fields, nothing else, and not many."""

from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

_KIND = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50


async def read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form's POST, each with all of its values in their order, blank ones too.

    Raises HTTPException: 415 for another kind of body, 400 for one that isn't UTF-8, holds NUL or has too
    many fields. How large a body may be is the guards' business.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _KIND:
        raise HTTPException(415, "This must be sent as a form.")
    try:
        text = (await request.body()).decode()
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:  # UnicodeDecodeError is one
        raise HTTPException(400, "The form can't be read.") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if "\0" in name or "\0" in value:
            raise HTTPException(400, "The form can't be read.")
        fields.setdefault(name, []).append(value)
    return fields
