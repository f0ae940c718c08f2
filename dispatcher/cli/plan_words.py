"""What staff read before they are asked: who gets what, who doesn't and why, when, and by which machines."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from dispatcher.cli.cost_words import cost_json, took
from dispatcher.cli.counting import people
from dispatcher.cli.finding_words import finding_json, finding_line
from dispatcher.cli.sign_off_words import sign_off_json, sign_off_lines
from dispatcher.cli.times import clock, duration
from dispatcher.rules.alert import Channel
from dispatcher.rules.text_cost import in_all
from dispatcher.usecases.acting.sparing import HAS_ACTED
from dispatcher.usecases.left_out import HAS_IT
from dispatcher.usecases.send_campaign import Plan
from dispatcher.usecases.survey import ChannelSurvey

_NAMES = {Channel.EMAIL: "Email", Channel.SMS: "Texts"}
_UNITS = {Channel.EMAIL: "emails", Channel.SMS: "segments"}


def plan_lines(planned: Plan) -> Iterator[str]:
    """The survey as lines of text."""
    frozen = planned.frozen
    name = f" called {planned.opening.again}" if planned.opening.again else ""
    what = f"goes on with alert {planned.alert_id}" if planned.alert_id else f"opens a new alert{name}"
    yield f"{frozen.title}"
    yield f"  {frozen.slug}: {what}"
    yield f"  from {frozen.organisation.from_name} <{frozen.organisation.from_email}>"
    yield f"  database {planned.database}"
    choice = planned.opening.choice
    if choice.segments:
        yield f"  only who is in: {'; or in: '.join(one.text for one in choice.segments)}"
    if choice.exceptions:
        yield f"  but not who is in: {'; and in: '.join(one.text for one in choice.exceptions)}"
    for channel, part in planned.survey.channels.items():
        yield from _channel_lines(channel, part, planned.senders[channel])
        read = [one for one in planned.sign_offs if one.channel is channel]
        yield from (f"  {line}" for line in sign_off_lines(read))
    yield from map(finding_line, planned.warnings)
    if planned.misses_deadline and frozen.deadline:
        yield f"WARNING: the last message would leave after the deadline, {clock(frozen.deadline)}."
    if planned.opening.practice_channels:
        names = planned.opening.practice_channels.replace(",", " and ")
        yield f"WARNING: {names} is on practice: those messages go to files on this machine, to nobody else."


def _channel_lines(channel: Channel, part: ChannelSurvey, sender: str) -> Iterator[str]:
    yield f"{_NAMES[channel]} by {sender}: {people(part.total)}"
    for language, number in sorted(part.people.items(), key=lambda pair: (-pair[1], pair[0])):
        costs = f": {took(part.texts[language])}" if language in part.texts else ""
        yield f"  {number:>9,}  {language}{costs}"
    for reason, number in part.left_out.items():
        hint = " (--include-acted writes to them, too)" if reason == HAS_ACTED else ""
        if channel is Channel.SMS and reason == HAS_IT:
            hint = " (who share a number count each)"
        yield f"  {number:>9,}  left out: {reason}{hint}"
    if part.texts:
        yield f"  {took(in_all(part.texts.values()))}"
    if part.left_today is not None:
        setting = f"DISPATCH_DAILY_{channel.upper()}"
        yield f"  {part.left_today:,} {_UNITS[channel]} may still leave that day ({setting})"
    if part.departures:
        yield f"  {_leaving(part.departures.first, part.departures.last)}"


def _leaving(first: datetime, last: datetime) -> str:
    if first == last:
        return f"all leave at once, {clock(first)}"
    takes = duration((last - first).total_seconds())
    return f"the first leaves {clock(first)}, the last {clock(last)} ({takes})"


def plan_json(planned: Plan) -> dict[str, Any]:
    """The dry run as one object."""
    last = planned.last_departure
    return {
        "campaign": planned.frozen.slug,
        "alert": planned.alert_id,
        "practice": planned.opening.practice,
        "database": planned.database,
        "total": planned.survey.total,
        "people": planned.people,
        "segments": [one.text for one in planned.opening.choice.segments],
        "exceptions": [one.text for one in planned.opening.choice.exceptions],
        "include_acted": planned.opening.choice.include_acted,
        "channels": {
            str(channel): {
                "sender": planned.senders[channel],
                "people": part.total,
                "languages": dict(part.people),
                "left_out": dict(part.left_out),
                "segments": part.segments,
                "texts": {language: cost_json(cost) for language, cost in part.texts.items()},
                "left_today": part.left_today,
                "first_departure": part.departures.first.isoformat() if part.departures else None,
                "last_departure": part.departures.last.isoformat() if part.departures else None,
            }
            for channel, part in planned.survey.channels.items()
        },
        "last_departure": last.isoformat() if last else None,
        "misses_deadline": planned.misses_deadline,
        "warnings": [finding_json(finding) for finding in planned.warnings],
        "read": sign_off_json(planned.sign_offs),
    }
