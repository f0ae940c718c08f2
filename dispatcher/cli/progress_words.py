"""How far an alert is, in words."""

from collections.abc import Iterator, Mapping

from dispatcher.cli.cost_words import took
from dispatcher.cli.times import clock, duration
from dispatcher.rules.moves import Status
from dispatcher.rules.reputation_words import percent_of
from dispatcher.rules.text_cost import TextCost, in_all
from dispatcher.usecases.status import Progress, Unwelcome


def result_lines(now_at: Progress, texts: Mapping[str, TextCost] | None = None) -> Iterator[str]:
    """An alert as lines: its state, each channel's counts, what its texts took by language, and the next
    useful command.
    """
    name = f" ({now_at.name})" if now_at.name else ""
    since = f", after {duration(now_at.seconds)}" if now_at.seconds else ""
    verb = "starts" if now_at.state == "scheduled" else "goes on"
    held = f", {verb} {clock(now_at.held_until)}" if now_at.held_until else ""
    yield f"Alert {now_at.alert_id}, {now_at.slug}{name}: {now_at.state}{since}{held}"
    if now_at.reason:
        yield f"  {now_at.reason}"
    if now_at.segments:
        yield f"  only who is in: {'; or in: '.join(now_at.segments)}"
    if now_at.exceptions:
        yield f"  but not who is in: {'; and in: '.join(now_at.exceptions)}"
    for channel, by_status in now_at.counts.items():
        yield f"  {channel:<5} " + ", ".join(f"{number:,} {status}" for status, number in by_status.items())
        yield from _unwelcome(now_at.unwelcome.get(channel))
    if texts:
        yield f"  texts took {took(in_all(texts.values()))}"
    for language, cost in texts.items() if texts and len(texts) > 1 else ():
        yield f"    {language}: {took(cost)}"
    yield from _next_steps(now_at)


def _unwelcome(found: Unwelcome | None) -> Iterator[str]:
    """Complaints and leavers where there are any; what they are a share of isn't `sent` alone."""
    if found is None or not found.not_bounced:
        return
    told = ((found.complained, "reported it as spam"), (found.left or 0, "left because of it"))
    shares = [f"{number:,} {did} ({percent_of(number, found.not_bounced)})" for number, did in told if number]
    if shares:
        yield f"        of {found.not_bounced:,} that didn't bounce, {', '.join(shares)}"


def _next_steps(now_at: Progress) -> Iterator[str]:
    if now_at.state == "paused":
        yield f"  Go on with `dispatch resume {now_at.alert_id}`."
    if failed := now_at.count(Status.FAILED):
        yield f"  Why {failed:,} failed: `dispatch retry {now_at.alert_id} --failed` shows, and asks."
    if uncertain := now_at.count(Status.UNCERTAIN):
        yield (
            f"  {uncertain:,} may or may not have arrived: the provider's answer was lost. "
            f"`dispatch retry {now_at.alert_id} --uncertain` shows, and asks."
        )
