"""One person's whole story, for reading or as JSON."""

from datetime import datetime
from typing import Any

from dispatcher.cli.out import say
from dispatcher.cli.people_words import story_facts, tell
from dispatcher.cli.trace_words import trace_lines
from dispatcher.usecases.whole_story import WholeStory
from dispatcher.usecases.why_not import Told


def whole_facts(whole: WholeStory, *, reveal: bool) -> dict[str, Any]:
    """The story as an object; each message has its events."""
    told = story_facts(whole.story, reveal=reveal)
    for message in told["messages"]:
        message["events"] = [
            {"at": one.at.isoformat(), "status": str(one.status), "error": one.error, "detail": one.detail}
            for one in whole.events.get(message["message"], ())
        ]
    return told | {
        "alerts": [_alert(one) for one in whole.alerts],
        "to_be_forgotten": whole.to_be_forgotten,
        "more": {name: [_row(row) for row in rows] for name, rows in whole.more.items()},
    }


def tell_whole(whole: WholeStory, *, reveal: bool) -> None:
    """The story, for reading."""
    tell(whole.story, reveal=reveal)
    if whole.to_be_forgotten:
        say("  is to be forgotten: a legal hold keeps what is here until it ends")
    for number, events in whole.events.items():
        for one in events:
            why = ": ".join(filter(None, (one.error, one.detail)))
            say(f"  {_clock(one.at)}  message {number}: {one.status}{f' ({why})' if why else ''}")
    for at, words in trace_lines(whole.more, whole.campaigns):
        say(f"  {_clock(at)}  {words}" if at else f"  {words}")
    for alert in whole.alerts:
        name = f" ({alert.name})" if alert.name else ""
        got = ": ".join(filter(None, (alert.status or "nothing", alert.reason)))
        say(f"  alert {alert.alert_id}, {alert.campaign}{name} by {alert.channel}: {got}")


def _alert(one: Told) -> dict[str, Any]:
    return {
        "alert": one.alert_id,
        "campaign": one.campaign,
        "name": one.name,
        "channel": str(one.channel),
        "at": one.at.isoformat() if one.at else None,
        "status": one.status or None,
        "reason": one.reason or None,
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in row.items()}


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
