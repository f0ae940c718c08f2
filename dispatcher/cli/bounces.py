"""`dispatch bounces read`: what came back by mail, from a file, a pipe, an mbox, a maildir, our mailbox."""

from collections import Counter
from typing import TYPE_CHECKING, Any

import click

from dispatcher.cli.out import emit, json_option, note, say, table
from dispatcher.cli.whole_help import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatcher.rules.events import Event
    from dispatcher.usecases.mailbox.mails import Mail, Taken

_MAILBOX = "mailbox"
_MOST_SHOWN = 1_000  # mails whose events are told one by one


@click.group(cls=Group)
def command() -> None:
    """Bounces, complaints, opt-outs and answers that come by mail."""


@command.command("read")
@click.argument("place", metavar="FILE|MAILDIR|mailbox|-")
@click.option("--dry-run", is_flag=True, help="Only tell what would come of each: nothing changes.")
@json_option
def read(place: str, dry_run: bool, as_json: bool) -> None:
    """Read mails, and act on them: dead addresses and complaints are suppressed, opt-outs taken, people's
    answers kept for `dispatch replies`.

    A file may be one mail or an mbox; `-` reads standard input, as a mail server's pipe gives it. A maildir's
    new mails are seen afterwards. `mailbox` is DISPATCH_MAILBOX_URL's, where nothing changes. To read the
    same mail twice does no harm.
    """
    seen = _Seen()
    if place == _MAILBOX:
        _read_mailbox(seen, dry_run=dry_run)
    else:
        _read_files(place, seen, dry_run=dry_run)
    if as_json:
        emit(seen.facts())
        return
    if dry_run:
        rows = [(_plain(row["kind"]), row["code"], row["about"], row["outcome"]) for row in seen.rows]
        table(("understood as", "code", "about", "would be"), rows)
    say(f"{_mails(seen.mails)}: " + (", ".join(_counted(seen.kinds)) or "none to read") + ".")
    if seen.done:
        say(("It would be: " if dry_run else "") + ", ".join(_counted(seen.done)) + ".")
    elif not dry_run:
        say("Nothing to do.")
    if dry_run:
        note("A dry run: nothing was changed.")


def _read_files(place: str, seen: "_Seen", *, dry_run: bool) -> None:
    from dispatcher.bounces.sources import mails_in
    from dispatcher.cli.opening import open_house
    from dispatcher.tokens import Signer
    from dispatcher.usecases.mailbox.mails import UNREAD
    from dispatcher.usecases.read_bounces import apply_mail

    house = open_house()
    signer = Signer.load(house.settings)
    for arrived in mails_in(place):
        mail, done = apply_mail(house, signer, arrived.raw, dry_run=dry_run)
        if not dry_run and mail is not UNREAD:
            arrived.done()
        seen.take(mail.events, list(map(str, done)))


def _read_mailbox(seen: "_Seen", *, dry_run: bool) -> None:
    from dispatcher.cli.opening import open_house
    from dispatcher.errors import WrongSettings
    from dispatcher.tokens import Signer
    from dispatcher.usecases.mailbox.reading import mails_waiting, read_mailbox
    from dispatcher.usecases.read_bounces import apply_mail

    house = open_house()
    url = house.settings.mailbox
    if url is None:
        problem = "isn't set. Write imaps://user:password@host/INBOX, or ./mailbox for a file of that name."
        raise WrongSettings(name="DISPATCH_MAILBOX_URL", problem=problem)
    signer = Signer.load(house.settings)
    if dry_run:
        for raw in mails_waiting(house, url):
            mail, done = apply_mail(house, signer, raw, dry_run=True)
            seen.take(mail.events, list(map(str, done)))
        return

    def keep(mail: "Mail", outcomes: "list[Taken]") -> None:
        seen.take(mail.events, list(map(str, outcomes)))

    while (turn := read_mailbox(house, signer, lambda: False, told=keep)) and turn.more:
        note(f"{_mails(seen.mails)} so far.")
    if turn is None:
        note("Another process reads the mailbox just now.")


class _Seen:
    """What was understood. Addresses are masked before they are kept."""

    def __init__(self) -> None:
        self.mails = 0
        self.kinds: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.rows: list[dict[str, str]] = []

    def take(self, events: "Sequence[Event]", done: list[str]) -> None:
        from dispatcher.rules.masking import masked

        self.mails += 1
        self.kinds.update(str(event.kind) for event in events)
        self.done.update(done)
        if self.mails <= _MOST_SHOWN:
            self.rows += [
                {
                    "kind": str(event.kind),
                    "code": event.code,
                    "about": masked(event.recipient) if event.recipient else "",
                    "outcome": outcome,
                }
                for event, outcome in zip(events, done, strict=False)  # none of a mail that can't be read
            ]

    def facts(self) -> dict[str, Any]:
        return {"mails": self.mails, "kinds": self.kinds, "done": self.done, "events": self.rows}


def _counted(counts: Counter[str]) -> list[str]:
    return [f"{number:,} {_plain(name)}" for name, number in counts.most_common()]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _mails(number: int) -> str:
    return f"{number:,} mail" if number == 1 else f"{number:,} mails"
