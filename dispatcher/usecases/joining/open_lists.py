"""The lists that people may join by themselves."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatcher.errors import ListClosed
from dispatcher.models import List, SignUp

JOIN_PATH = "/join"  # the page for everybody; then a slash and a list's number


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be joined under one public name: one list, or several that people know by the same name."""

    list_ids: tuple[int, ...]
    public_name: str
    sensitive: bool = False

    @property
    def number(self) -> int:
        """What a form names it by."""
        return self.list_ids[0]


def offer(session: Session, list_id: int) -> Offer | None:
    """One list on its own page, also a sensitive one; None when it isn't there or isn't open."""
    one = session.scalars(select(List).where(List.id == list_id, List.open)).first()
    return Offer((one.id,), one.public_name, one.sensitive) if one else None


def offers(session: Session) -> list[Offer]:
    """What the page for everybody offers: the open lists by public name, without the sensitive ones.

    Who wants one of those comes from its campaign: a row of names would tell what the house knows of.
    """
    named: dict[str, list[int]] = {}
    for one in session.scalars(select(List).where(List.open, List.sensitive.is_(False)).order_by(List.id)):
        named.setdefault(one.public_name, []).append(one.id)
    return [Offer(tuple(ids), name) for name, ids in named.items()]


def open_numbers(session: Session, slugs: Collection[str]) -> dict[str, int]:
    """Slug -> number, of those of these lists that people may join."""
    rows = session.execute(select(List.slug, List.id).where(List.slug.in_(slugs), List.open))
    return {row.slug: row.id for row in rows}


def require_open(session: Session, list_ids: Collection[int]) -> list[List]:
    """These lists; ListClosed when one isn't there or isn't open."""
    found = list(session.scalars(select(List).where(List.id.in_(list_ids), List.open).order_by(List.id)))
    if missing := set(list_ids) - {one.id for one in found}:
        raise ListClosed(number=min(missing))
    return found


def sign_up_url(public_url: str, number: int) -> str:
    """The page on which people join the list of this number. No list's own name stands in it."""
    return f"{public_url}{JOIN_PATH}/{number}"


def public_names(session: Session, sign_up: SignUp) -> tuple[str, ...]:
    """The names of a sign-up's lists, each once."""
    wanted = list_ids_of(sign_up)
    names = session.scalars(select(List.public_name).where(List.id.in_(wanted)).order_by(List.id))
    return tuple(dict.fromkeys(names))


def list_ids_of(sign_up: SignUp) -> list[int]:
    """The numbers of a sign-up's lists."""
    return [int(number) for number in json.loads(sign_up.list_ids)]
