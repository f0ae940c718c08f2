"""What other tables have of a person, a line each, as staff can read it. JSON has the rows as they are."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]
Line = tuple[datetime | None, str]

_NOTICES = {
    "answer": "our answer",
    "confirm": "the question whether they signed up",
    "leave": "the link for leaving",
    "manage": "the link to their preferences",
    "moved": "the code for a new address",
    "received": 'the automatic "we got your message"',
    "still": "the question whether they still want messages",
    "thanks": "the thank-you for acting",
}


def trace_lines(more: Mapping[str, list[dict[str, Any]]], campaigns: Mapping[int, str]) -> list[Line]:
    """Each row with its moment, the earliest first; `campaigns`: number -> name."""
    lines = [_line(name, row, campaigns) for name, rows in more.items() for row in rows if name not in SILENT]
    return sorted(lines, key=lambda line: (line[0] is None, line[0] and line[0].timestamp(), line[1]))


def _line(name: str, row: Row, campaigns: Mapping[int, str]) -> Line:
    if name not in WORDS:
        return None, f"{name.replace('_', ' ')}: {_facts(row)}"
    moments, words = WORDS[name]
    at = next((row[one] for one in moments if row.get(one)), None)
    told = words({**row, "campaign": campaigns.get(row.get("campaign_id", 0), "a campaign")})
    return at, told


def _facts(row: Row) -> str:
    return ", ".join(f"{key} {_plain(value)}" for key, value in row.items() if value not in (None, ""))


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone():%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _notice(row: Row) -> str:
    kind = str(row["kind"])
    what = _NOTICES.get(kind.partition("_")[0], kind.replace("_", " "))
    where = f" to {row['address']}" if row.get("address") else ""
    return f"{what}, by {row['channel']}{where}: {row['state']}{_why(row['error'])}"


def _event(row: Row) -> str:
    about = f"message {row['message_id']}" if row["message_id"] else "a message that isn't here"
    said = " ".join(filter(None, (str(row["kind"]).replace("_", " "), row["code"])))
    return f"told by {row['provider']}, {about}: {said} ({row['outcome'] or 'not applied yet'})"


def _reply(row: Row) -> str:
    alert = f", after alert {row['alert_id']}" if row["alert_id"] else ""
    who = f", with {row['assigned_to']}" if row["assigned_to"] else ""
    return f"wrote to us by {row['channel']} (reply {row['id']}{alert}): {row['state']}{who}{_said(row)}"


def _answer(row: Row) -> str:
    author = f" by {row['author']}" if row.get("author") else ""
    return f"we answered reply {row['reply_id']}{author}{_said(row)}"


def _act(row: Row) -> str:
    batch = f", import {row['batch_id']}" if row["batch_id"] else ""
    noted = f", noted {_plain(row['noted_at'])}" if row["noted_at"] else ""
    return f"acted for {row['campaign']}: {row['how']}{batch}{noted}"


def _sign_up(row: Row) -> str:
    where = f" at {row['page']}" if row["page"] else ""
    ip = f", from {row['ip_address']}" if row.get("ip_address") else ""
    return f"signed up{where} (sign-up {row['id']}){ip}"


def _sign_up_address(row: Row) -> str:
    where = f" {row['address']}" if row.get("address") else ""
    return f"sign-up {row['sign_up_id']} by {row['channel']}{where}: {_confirmed(row)}"


def _confirmed(row: Row) -> str:
    return "confirmed" if row["confirmed_at"] else "not confirmed"


def _change(row: Row) -> str:
    where = f", {row['address']}" if row.get("address") else ""
    return f"asked for another {row['channel']} address{where}; its code wasn't typed in yet"


def _told_on(row: Row) -> str:
    state = "still to be told" if row["due_at"] else "given up"
    return f"webhook {row['webhook_id']}, {row['kind']}: {state}"


def _heard(row: Row) -> str:
    asked = f"; asked {_plain(row['asked_at'])} whether they stay" if row["asked_at"] else ""
    return f"last heard from by {row['channel']}{asked}"


def _why(error: str | None) -> str:
    return f" ({error})" if error else ""


def _said(row: Row) -> str:
    return f": {' '.join(row['words'].split())!r}" if row.get("words") else ""


# Of each table the columns that may say when, the best first, and the words. One that is in neither is told
# column by column.
WORDS: dict[str, tuple[tuple[str, ...], Callable[[Row], str]]] = {
    "actions": (("at",), _act),
    "address_changes": (("created_at",), _change),
    "answers": (("at",), _answer),
    "erasures_asked": (("asked_at",), lambda _: "asked by text to be forgotten, and hasn't confirmed it"),
    "last_heard": (("heard_at",), _heard),
    "notices": (("settled_at", "created_at"), _notice),
    "provider_events": (("told_at", "taken_at"), _event),
    "replies": (("at",), _reply),
    "sign_up_addresses": (("confirmed_at",), _sign_up_address),
    "sign_ups": (("created_at",), _sign_up),
    "stop_told": (("told_at",), lambda _: "was told in a text how to stop"),
    "strikes": (("at",), lambda row: f"couldn't be reached by {row['channel']}: a strike"),
    "visits": (("at",), lambda row: f"opened a link of message {row['message_id']}"),
    "webhook_deliveries": (("at",), _told_on),
}
# They say nothing to staff: proofs that were used, and what segments look up.
SILENT = frozenset({"attribute_values", "mailboxes", "mails_taken", "spent_tokens"})
