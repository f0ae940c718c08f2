"""Forms as providers post them: each field's values in their order. Whatever isn't a form gives no fields."""

import re
from urllib.parse import parse_qsl

from dispatcher.callbacks.base import LONGEST_BODY, RawRequest
from dispatcher.callbacks.fields import clean

Fields = dict[str, list[str]]

_MOST_FIELDS = 500
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_NAME = re.compile(rb"content-disposition:\s*form-data;[^\r\n]*?\bname=\"([^\"\r\n]{1,200})\"", re.IGNORECASE)
_LONGEST_HEAD = 2000  # bytes of one part's headers


def read_form(request: RawRequest) -> Fields:
    """The fields of an urlencoded or multipart body (RFC 7578); files among them are read like fields."""
    body = request.body[:LONGEST_BODY]
    if request.content_type == "multipart/form-data":
        found = _BOUNDARY.search(request.header("Content-Type"))
        pairs = _parts(body, found[1] or found[2]) if found else []
    else:
        pairs = _pairs(body)
    fields: Fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        read = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return []
    return [(clean(name), clean(value)) for name, value in read]


def _parts(body: bytes, boundary: str) -> list[tuple[str, str]]:
    """Name and value of each part; nothing of a body without its end, which was cut off."""
    mark = b"\r\n--" + boundary.encode("utf-8", "replace")
    *parts, end = (b"\r\n" + body).split(mark, _MOST_FIELDS)
    if not end.startswith(b"--"):
        return []
    pairs = []
    for part in parts[1:]:
        head, _, value = part.partition(b"\r\n\r\n")
        name = _NAME.search(head[:_LONGEST_HEAD])
        if name:
            pairs.append((clean(name[1].decode("utf-8", "replace")), clean(value.decode("utf-8", "replace"))))
    return pairs
