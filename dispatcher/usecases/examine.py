"""`dispatch doctor`: try every part for real, and say how to mend what isn't right."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial

from dispatcher.channels.choose import choose_sender
from dispatcher.channels.twilio_inbound import INBOUND_PATH, inbound_token
from dispatcher.content.load import list_campaigns
from dispatcher.crew import live_workers
from dispatcher.db import database_url, open_database, refuse_missing_file
from dispatcher.embedded import Embedded
from dispatcher.errors import DatabaseMissing, DispatchError, Unexpected
from dispatcher.house import House, open_house
from dispatcher.keyring import load_keyring
from dispatcher.limiter import Lane, Limiter
from dispatcher.name_server import NameServer
from dispatcher.queue import waiting
from dispatcher.redis_client import redis_of
from dispatcher.rules.alert import Channel
from dispatcher.rules.rates import Rate
from dispatcher.settings import Settings
from dispatcher.tokens import Signer
from dispatcher.usecases.alarms.targets import targets_of
from dispatcher.usecases.alarms.trial import try_alarm
from dispatcher.usecases.callers import callbacks_condition
from dispatcher.usecases.hold import view_hold
from dispatcher.usecases.journal.condition import Condition, backup_condition, journal_condition
from dispatcher.usecases.mailbox.condition import mailbox_condition
from dispatcher.usecases.notices.condition import notices_condition
from dispatcher.usecases.organisation import organisation_of
from dispatcher.usecases.provider_privacy import provider_privacy
from dispatcher.usecases.provider_reports import provider_reports
from dispatcher.usecases.readiness import public_pages_problem
from dispatcher.usecases.sender_domain import sender_domain
from dispatcher.usecases.webhooks.condition import webhooks_condition

_SET_ALARMS = "Set DISPATCH_ALARM_URL (a chat's webhook), DISPATCH_ALARM_EMAIL, or better both."


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, how it is, and what to do about it. `ok` None: nothing is wrong, but worth knowing."""

    part: str
    ok: bool | None
    words: str
    mend: str = ""


def examine(
    settings: Settings, *, alarm: bool = False, name_server: NameServer | None = None
) -> Iterator[Finding]:
    """Every part in turn; one that fails hides no other. An embedded server runs meanwhile.

    With `alarm`, whoever is told of troubles gets a test alarm. The DNS is asked at `name_server`, by default
    this machine's own.
    """
    with ExitStack() as stack:
        for part, look in _parts(stack, name_server or NameServer(), alarm=alarm).items():
            try:
                yield from look(settings)
            except DispatchError as error:
                yield Finding(part, ok=False, words=str(error))
            except Exception as error:  # noqa: BLE001 - what nobody thought of hides nothing either
                yield Finding(part, ok=False, words=str(Unexpected(kind=type(error).__name__)))


def _parts(
    stack: ExitStack, name_server: NameServer, *, alarm: bool
) -> dict[str, Callable[[Settings], Iterator[Finding]]]:
    return {
        "database": _database,
        "keys": _keys,
        "backup": partial(_kept, "backup", backup_condition),
        "journal": partial(_kept, "journal", journal_condition),
        "hold": partial(_kept, "hold", _hold),
        "server": partial(_server, stack),
        "queue": _queue,
        "limiter": _limiter,
        "worker": _workers,
        "notices": partial(_kept, "notices", notices_condition),
        **{str(channel): partial(_sender, channel) for channel in Channel},
        "organisation": _organisation,
        "sender domain": partial(_sender_domain, name_server),
        "templates": _templates,
        "public pages": _public_pages,
        "replies": _replies,
        "mailbox": partial(_kept, "mailbox", mailbox_condition),
        "callbacks": partial(_kept, "callbacks", callbacks_condition),
        **{f"{channel} reports": partial(_reports, channel) for channel in Channel},
        "webhooks": partial(_kept, "webhooks", webhooks_condition),
        "privacy": partial(_kept, "privacy", provider_privacy),
        "alarms": _alarms_tried if alarm else _alarms,
    }


def _database(settings: Settings) -> Iterator[Finding]:
    refuse_missing_file(database_url(settings))
    database = open_database(settings, load_keyring(settings))
    database.close()
    yield Finding("database", ok=True, words=f"{database.shown} is up to date, and its key is ours.")


def _kept(part: str, look: Callable[[House], Condition], settings: Settings) -> Iterator[Finding]:
    """What must outlive the database."""
    try:
        house = open_house(settings)
    except DatabaseMissing:
        yield Finding(part, ok=None, words="there is no database to keep yet.")
        return
    with closing(house.db):
        found = look(house)
    yield Finding(part, ok=found.ok, words=found.words, mend=found.mend)


def _hold(house: House) -> Condition:
    """Whether anything is deleted at all."""
    with house.db.reading() as session:
        hold = view_hold(session)
    if hold is None:
        return Condition(True, "none is on: what has been kept long enough goes.")
    words = f"on since {hold.since:%d %B %Y}: nothing is deleted, and {hold.waiting:,} people wait for it."
    return Condition(None, words, "`dispatch hold show` says why; `dispatch hold off` ends it.")


def _server(stack: ExitStack, settings: Settings) -> Iterator[Finding]:
    if stack.enter_context(Embedded(settings)).wanted:
        yield Finding("server", ok=True, words="the embedded Redis server runs.")


def _queue(settings: Settings) -> Iterator[Finding]:
    tasks = sum(waiting(settings, str(channel)) for channel in Channel)
    yield Finding("queue", ok=True, words=f"answers; {tasks} wake-ups wait.")


def _limiter(settings: Settings) -> Iterator[Finding]:
    with closing(Limiter(redis_of(settings))) as limiter:
        limiter.reserve([Lane("doctor", Rate(1000, 1))], [1])
        lowered = limiter.lowered()
    if lowered:
        words = f"grants; slower than they are set, since their providers asked for it: {', '.join(lowered)}."
        yield Finding("limiter", ok=None, words=words, mend="They get their rate back within ten minutes.")
    else:
        yield Finding("limiter", ok=True, words="grants.")


def _workers(settings: Settings) -> Iterator[Finding]:
    alive = live_workers(settings)
    if alive:
        processes = sum(worker.concurrency for worker in alive)
        yield Finding("worker", ok=True, words=f"{len(alive)} alive, with {processes} processes.")
    elif settings.redis is None:
        yield Finding(
            "worker",
            ok=None,
            words="none alive; `dispatch send` and `dispatch web` start one when it is needed.",
        )
    else:
        yield Finding("worker", ok=False, words="none is alive.", mend="Start one: `dispatch worker`.")


def _sender(channel: Channel, settings: Settings) -> Iterator[Finding]:
    with closing(choose_sender(settings, channel)) as sender:
        health = sender.check()
        yield Finding(str(channel), ok=health.ok, words=f"{sender.name}: {health.words}", mend=health.mend)


def _organisation(settings: Settings) -> Iterator[Finding]:
    if all(settings.service(channel).scheme == "outbox" for channel in Channel):
        yield Finding("organisation", ok=None, words="not needed for practice.")
        return
    who = organisation_of(settings, practice=False)
    yield Finding("organisation", ok=True, words=f"{who.name}, writing as {who.from_email}.")


def _sender_domain(name_server: NameServer, settings: Settings) -> Iterator[Finding]:
    """What the DNS tells receivers of us."""
    if not settings.reaches_people(Channel.EMAIL):
        yield Finding("sender domain", ok=None, words="not needed while no email reaches people.")
    elif settings.from_email:  # without it the part before has said so
        for part, verdict in sender_domain(settings, name_server):
            yield Finding(part, ok=verdict.ok, words=verdict.words, mend=verdict.mend)


def _templates(_settings: Settings) -> Iterator[Finding]:
    campaigns = list_campaigns()
    for broken in (one for one in campaigns if one.source is None):
        yield Finding("templates", ok=False, words=broken.problem)
    whole = sum(one.source is not None for one in campaigns)
    yield Finding("templates", ok=True, words=f"{whole} campaigns can be read.")


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        refuse_missing_file(database_url(settings))
    except DatabaseMissing:
        yield Finding("keys", ok=None, words="are made together with the database.")
        return
    keys = load_keyring(settings)
    Signer.load(settings)
    if settings.data_key is None:
        mend = "Keep a copy of it on another machine: without it nobody's address can be read."
        yield Finding("keys", ok=None, words=f"the data key is {keys.hint}.", mend=mend)
    else:
        yield Finding("keys", ok=True, words="data key and secret key are there.")


def _public_pages(settings: Settings) -> Iterator[Finding]:
    if not any(settings.reaches_people(channel) for channel in Channel):
        yield Finding("public pages", ok=None, words="not needed while nothing reaches people.")
        return
    problem = public_pages_problem(settings)
    mend = "Run `dispatch web` behind https and set DISPATCH_PUBLIC_URL to its address." if problem else ""
    words = problem or f"{settings.public_url} is well."
    yield Finding("public pages", ok=not problem, words=words, mend=mend)


def _reports(channel: Channel, settings: Settings) -> Iterator[Finding]:
    """Who tells what becomes of messages."""
    found = provider_reports(settings, channel)
    yield Finding(f"{channel} reports", ok=found.ok, words=found.words, mend=found.mend)


def _replies(settings: Settings) -> Iterator[Finding]:
    """Whether texts that people send us can arrive."""
    if settings.sms.scheme != "twilio":
        yield Finding("replies", ok=None, words="not needed while no text reaches people.")
    elif inbound_token(settings.sms) is None:
        words = "an API key doesn't sign what Twilio calls us with, so no STOP or HELP by text arrives here."
        mend = "Give the account's SID and auth token instead: twilio://AC...:TOKEN@?from=+1..."
        yield Finding("replies", ok=None, words=words, mend=mend)
    else:
        yield Finding("replies", ok=True, words=f"can be proved; Twilio calls {INBOUND_PATH}.")


def _alarms(settings: Settings) -> Iterator[Finding]:
    told = ", ".join(target.shown for target in targets_of(settings))
    if told:
        try_it = "Try it with `dispatch doctor --alarm`."
        yield Finding("alarms", ok=True, words=f"go to {told}.", mend=try_it)
    else:
        yield Finding("alarms", ok=None, words="nobody is told when something goes wrong.", mend=_SET_ALARMS)


def _alarms_tried(settings: Settings) -> Iterator[Finding]:
    tried = list(try_alarm(settings))
    for one in tried:
        arrived = "a test alarm was taken."
        yield Finding("alarms", ok=not one.problem, words=f"{one.shown}: {one.problem or arrived}")
    if not tried:
        yield Finding("alarms", ok=False, words="nobody is told when something goes wrong.", mend=_SET_ALARMS)
