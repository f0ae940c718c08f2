"""Export people as CSV: what an import reads back, with their consent for each list and channel."""

import csv
from typing import IO

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from dispatcher.models import List
from dispatcher.rules.alert import Channel
from dispatcher.rules.formulas import defused
from dispatcher.usecases.view_subscribers import SubscriberView, view_subscribers

FIELDS = ("id", "email", "phone", "first_name", "last_name", "language", "time_zone", "postal_code")


def export_subscribers(
    session: Session,
    file: IO[str],
    *,
    list_id: int | None = None,
    segment: ColumnElement[bool] | None = None,
) -> int:
    """Write everybody, or who is on one list or in a segment, a row each; how many. Memory stays flat.

    A column for each list and channel, `daca:email`, says when they joined, or when they left. No cell can
    be run by a spreadsheet as a formula.
    """
    lists = select(List.slug)
    slugs = sorted(session.scalars(lists if list_id is None else lists.where(List.id == list_id)))
    consents = [(slug, channel) for slug in slugs for channel in Channel]
    writer = csv.writer(file, lineterminator="\r\n")  # RFC 4180
    writer.writerow([*FIELDS, *(f"{slug}:{channel}" for slug, channel in consents)])
    rows = 0
    for person in view_subscribers(session, list_id=list_id, segment=segment):
        told = _consents(person)
        cells = [str(getattr(person, name) or "") for name in FIELDS]
        writer.writerow([*map(defused, cells), *(told.get(consent, "") for consent in consents)])
        rows += 1
    return rows


def _consents(person: SubscriberView) -> dict[tuple[str, Channel], str]:
    told = {}
    for one in person.subscriptions:
        joined = f"joined {one.joined_at:%Y-%m-%d}" + ("" if one.current else " with another address")
        told[one.list_slug, one.channel] = f"left {one.left_at:%Y-%m-%d}" if one.left_at else joined
    return told
