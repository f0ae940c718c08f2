"""`dispatch bounces read`: what came back by mail, from a file, a pipe, an mbox or a maildir."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import emit, json_option, note, say, table

if TYPE_CHECKING:
    from dispatcher.rules.events import Event

_MOST_SHOWN = 1_000  # mails of which a dry run tells the events one by one


@click.group()
def command() -> None:
    """Bounces, complaints and opt-outs that come by mail."""


@command.command("read")
@click.argument("place", metavar="FILE|MAILDIR|-")
@click.option("--dry-run", is_flag=True, help="Only tell what was understood: nothing changes.")
@json_option
def read(place: str, dry_run: bool, as_json: bool) -> None:
    """Read mails, and act on them: dead addresses and complaints are suppressed, opt-outs taken.

    A file may be one mail or an mbox; `-` reads standard input, as a mail server's pipe gives it. A maildir's
    new mails are seen afterwards. To read the same mail twice does no harm.
    """
    seen = _Seen()
    if dry_run:
        _read_alone(place, seen)
    else:
        _read_and_apply(place, seen)
    if as_json:
        emit(seen.facts())
        return
    if dry_run:
        rows = [(row["kind"], row["code"], row["about"]) for row in seen.rows]
        table(("understood as", "code", "about"), rows)
    say(f"{seen.mails:,} mails: " + (", ".join(_counted(seen.kinds)) or "none to read") + ".")
    if dry_run:
        note("A dry run: nothing was changed.")
    else:
        say(", ".join(_counted(seen.done)) + "." if seen.done else "Nothing to do.")


def _read_alone(place: str, seen: "_Seen") -> None:
    from dispatcher.bounces.reading import read_bounce
    from dispatcher.bounces.sources import mails_in
    from dispatcher.settings import load_settings

    mailbox = load_settings().bounces_to
    for mail in mails_in(place):
        seen.take(read_bounce(mail.raw, mailbox))


def _read_and_apply(place: str, seen: "_Seen") -> None:
    from dispatcher.bounces.reading import read_bounce
    from dispatcher.bounces.sources import mails_in
    from dispatcher.cli.opening import open_house
    from dispatcher.tokens import Signer
    from dispatcher.usecases.read_bounces import apply_bounce

    house = open_house()
    signer = Signer.load(house.settings)
    for mail in mails_in(place):
        events = read_bounce(mail.raw, house.settings.bounces_to)
        with house.db.transaction() as session:  # each its own: what one says is kept whatever the next is
            done = [str(apply_bounce(session, house.keys, signer, event)) for event in events]
        mail.done()
        seen.take(events, done)


class _Seen:
    """What was understood. Addresses are masked before they are kept."""

    def __init__(self) -> None:
        self.mails = 0
        self.kinds: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.rows: list[dict[str, str]] = []

    def take(self, events: "list[Event]", done: list[str] | None = None) -> None:
        from dispatcher.rules.masking import masked

        self.mails += 1
        self.kinds.update(str(event.kind) for event in events)
        self.done.update(done or [])
        if self.mails <= _MOST_SHOWN:
            self.rows += [
                {
                    "kind": str(event.kind),
                    "code": event.code,
                    "about": masked(event.recipient) if event.recipient else "",
                }
                for event in events
            ]

    def facts(self) -> dict[str, Any]:
        return {"mails": self.mails, "kinds": self.kinds, "done": self.done, "events": self.rows}


def _counted(counts: Counter[str]) -> list[str]:
    return [f"{number:,} {name.replace('_', ' ')}" for name, number in counts.most_common()]
