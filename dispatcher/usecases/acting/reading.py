"""What a site where people act has posted, as acts: whatever it is, this reads it or finds nothing in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from dispatcher.callbacks.base import RawRequest
from dispatcher.callbacks.fields import json_or_none, text
from dispatcher.callbacks.forms import read_form
from dispatcher.usecases.acting import fields
from dispatcher.usecases.importing.spellings import NO, plain

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_DEEPEST = 4  # objects in objects
_MOST = 1000  # acts of one call
_WIDEST = 200  # fields of one object that are looked at


@dataclass(frozen=True, slots=True)
class Told:
    """One act in the site's own words; "" where it doesn't say."""

    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    at: str = ""


def read_acts(request: RawRequest) -> list[Told] | None:
    """The acts of a call, at most a thousand; None when it is neither JSON nor a form."""
    if request.content_type in FORMS:
        form = {name.removesuffix("[]"): values[0] for name, values in read_form(request).items()}
        return list(_acts(form)) if form else None
    body = json_or_none(request.body)
    if not isinstance(body, dict | list):
        return None
    return [told for _, told in zip(range(_MOST), _acts(body), strict=False)]


def _acts(body: object, depth: int = 0) -> Iterator[Told]:
    if depth > _DEEPEST:
        return
    if isinstance(body, list):
        for one in body[:_MOST]:
            yield from _acts(one, depth + 1)
    elif isinstance(body, Mapping):
        named = {name: value for name, value in body.items() if ":" in name and isinstance(value, Mapping)}
        if named:
            yield from _osdi(named)
        elif (told := _one(body)) is not None:
            yield told
        else:
            for name, value in body.items():
                if isinstance(value, list) and plain(name) in fields.LISTS:
                    yield from _acts(value, depth + 1)


def _osdi(named: Mapping[str, Mapping[str, Any]]) -> Iterator[Told]:
    """Action Network's: each object says by its name what it is."""
    for name in sorted(named.keys() & fields.OSDI_ACTS):
        told = _one(named[name])
        unsent = name == fields.OSDI_LETTER and not named[name].get(fields.OSDI_TARGETS)
        if told is not None and not unsent:
            yield told


def _one(body: Mapping[str, Any]) -> Told | None:
    """One act; None without any address, or when the site itself hasn't confirmed it."""
    found: dict[str, str] = {}
    _gather(body, found, 0)
    if not (found.get("email") or found.get("phone")) or plain(found.get("confirmed", "")) in NO:
        return None
    return Told(found.get("email", ""), found.get("phone", ""), found.get("at", ""))


def _gather(body: Mapping[str, Any], found: dict[str, str], depth: int) -> None:
    """Fields by their names, the outermost first: a person's own date isn't the act's."""
    named = {plain(name): value for name, value in list(body.items())[:_WIDEST]}
    for name, spellings in _spellings().items():
        said = next((value for word in spellings if (value := _value(named.get(word)))), "")
        if said:
            found.setdefault(name, said)
    for word in fields.INSIDE:
        inner = named.get(word)
        if isinstance(inner, Mapping) and depth < _DEEPEST:
            _gather(inner, found, depth + 1)


def _value(value: object) -> str:
    """A text or number; of a list its first item, of an object its address."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = next((inner for word in fields.VALUES if (inner := value.get(word))), "")
    return str(value).lower() if isinstance(value, bool) else text(value).strip()


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    return fields.spellings()
