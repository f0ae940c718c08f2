"""A report in sentences: what happened, what to know beside the numbers, and what to do."""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo

from dispatcher.rules.alert import AlertState, Channel
from dispatcher.rules.prices import money
from dispatcher.rules.small_counts import LEAST, OTHER
from dispatcher.rules.text_cost import in_all
from dispatcher.usecases.report.errors import Trouble
from dispatcher.usecases.report.meanings import Meaning
from dispatcher.usecases.report.measures import Measure, Row
from dispatcher.usecases.report.report import Report

NOT_TOLD = "not told"  # of what arrived, where no provider says so
NOT_KNOWN = "-"
HIDDEN = "hidden"  # small, or hidden so that a small one can't be reckoned
_NOUNS = {Channel.EMAIL: ("email", "emails"), Channel.SMS: ("text", "texts")}
_DEAD = {Meaning.DEAD_ADDRESS: ("address", "addresses"), Meaning.DEAD_NUMBER: ("number", "numbers")}


def counted(number: int, one: str, many: str) -> str:
    """`1 email`, `1,204 emails`."""
    return f"{number:,} {one if number == 1 else many}"


def of_channel(channel: Channel, number: int) -> str:
    """`1 email`, `1,204 texts`."""
    return counted(number, *_NOUNS[channel])


def shown(row: Row, measure: Measure) -> str:
    """A number as tables have it; where nobody knows it, so it says: never 0."""
    if measure in row.hidden:
        return HIDDEN
    number = row[measure]
    if number is None:
        return NOT_TOLD if measure is Measure.DELIVERED else NOT_KNOWN
    return f"{number:,}"


def when(moment: datetime | date, zone: tzinfo | None) -> str:
    """`2026-03-02 15:04 CST`, in a zone (None: this machine's); where only the day is told, the day."""
    if isinstance(moment, datetime):
        return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"
    return f"{moment:%Y-%m-%d}"


def lead(report: Report) -> str:
    """What happened, for somebody who reads nothing else."""
    if report.began is None:
        return f"Alert {report.alert_id} hasn't begun yet: nobody has been written to."
    if not report.channels:
        return f"Alert {report.alert_id} had nobody to write to."
    sentences = [_handed_over(channel, row) for channel, row in report.channels.items()]
    return " ".join([*sentences, *_people(report), *_dead(report)])


def _handed_over(channel: Channel, row: Row) -> str:
    audience = of_channel(channel, row.count(Measure.AUDIENCE))
    sent, bounced = row.count(Measure.SENT), row.count(Measure.BOUNCED)
    delivered = row[Measure.DELIVERED]
    if delivered is None:
        words = f"{sent:,} of {audience} were handed over"
        words += f", {bounced:,} of them bounced" if bounced else ""
        if sent > bounced:
            words += f"; whether {'the others' if bounced else 'they'} arrived, nobody told us"
    else:
        words = f"{delivered:,} of {audience} arrived"
        if untold := sent - bounced - delivered:
            words += f", and of {untold:,} more nobody told us whether they did"
    if waiting := row.count(Measure.WAITING):
        words += f"; {waiting:,} still wait"
    return f"{words}."


def _people(report: Report) -> Iterator[str]:
    """`31 people clicked, 12 acted, 3 left.` What isn't known is left out."""
    rows = report.channels.values()
    clicked = [row.count(Measure.CLICKED) for row in rows if row[Measure.CLICKED] is not None]
    left = [row.count(Measure.LEFT) for row in rows if row[Measure.LEFT] is not None]
    in_emails = " in an email" if len(clicked) < len(rows) else ""  # of texts it isn't kept who
    told = [(sum(clicked), f"clicked{in_emails}")] if clicked else []
    told += [] if report.acted is None else [(report.acted, "acted")]
    told += [(sum(left), "left")] if left else []
    if told:
        (first, did), *others = told
        noun = "person" if first == 1 else "people"
        yield ", ".join([f"{first:,} {noun} {did}", *(f"{number:,} {verb}" for number, verb in others)]) + "."


def _dead(report: Report) -> Iterator[str]:
    dead = [one for one in report.troubles if one.meaning in _DEAD]
    if dead:
        them = " and ".join(counted(one.number, *_DEAD[one.meaning]) for one in dead)
        number = sum(one.number for one in dead)
        yield f"{them} {'is' if number == 1 else 'are'} dead and won't be written to again."


def remarks(report: Report) -> list[str]:
    """What to know before the numbers are used for anything."""
    return [*_remarks(report)]


def _remarks(report: Report) -> Iterator[str]:
    if report.closed:
        yield "Its messages are deleted, as retention wants it: only counts are left."
    if any(row[Measure.DELIVERED] is None for row in report.channels.values()):
        yield f'"{NOT_TOLD}": no provider has said what arrived. That isn\'t 0, it is unknown.'
    if report.sensitive:
        yield (
            f"A list of it is sensitive: counts under {LEAST} of languages and domains stand under "
            f'"{OTHER}", with larger ones where the sum would tell them. Who clicked isn\'t kept.'
        )
    if report.next_began:
        yield "Acts since the campaign's next alert began count for that one."
    if others := report.acted_at_all - (report.acted or 0):
        whom = (
            "acted, asked or not" if report.acted is None else "more acted, whom this alert had not reached"
        )
        yield f"{counted(others, 'person', 'people')} {whom}."


def cost(report: Report) -> str:
    """What the texts took; empty without any. Emails have no price here."""
    taken = in_all(report.texts.values())
    if not taken.segments:
        return ""
    words = f"{of_channel(Channel.SMS, taken.texts)} took {counted(taken.segments, 'segment', 'segments')}"
    if not taken.currency:
        return f"{words}. DISPATCH_SMS_PRICES lets a report say what they cost."
    unpriced = f", and {taken.unpriced:,} segments to countries without a price" if taken.unpriced else ""
    return f"{words}: {money(taken.cost, taken.currency)}{unpriced}."


def to_do(report: Report) -> list[str]:
    """What somebody should do now, the most frequent matter first; empty when nothing."""
    found = [_advice(report, trouble) for trouble in report.troubles if trouble.explained.to_do]
    if report.state == AlertState.PAUSED:
        found.insert(0, f"It is paused: `dispatch status {report.alert_id}` says why and how to go on.")
    return found


def _advice(report: Report, trouble: Trouble) -> str:
    words = trouble.explained.to_do.format(alert=report.alert_id)
    return f"{of_channel(trouble.channel, trouble.number)} ({trouble.explained.words.split(';')[0]}): {words}"
