"""Every error that a user can meet. The class's docstring is the message: what is wrong, and what to do."""

import inspect
import re
from typing import Any


class DispatchError(Exception):
    """Something went wrong."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        template = " ".join(inspect.cleandoc(type(self).__doc__ or "").split())
        super().__init__(template.format(**facts))

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross from process to process whole: pickle alone can't do keyword arguments."""
        return _again, (type(self), self.facts)

    @property
    def code(self) -> str:
        """The stable name in JSON: `UnknownCampaign` is `unknown_campaign`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()


def _again(kind: type[DispatchError], facts: dict[str, object]) -> DispatchError:
    return kind(**facts)


class Unexpected(DispatchError):
    """Something that should not happen did ({kind}). Nothing is sent twice by trying again; the same
    command with `dispatch --debug ...` shows where it was."""


class WrongSettings(DispatchError):
    """{name}: {problem}"""


class DatabaseMissing(DispatchError):
    """There is no database at {where}. Create it with `dispatch db upgrade`,
    or practise with `dispatch demo`."""


class DatabaseUnreachable(DispatchError):
    """The database {where} can't be reached: {reason}.
    Check DISPATCH_DATABASE_URL and that the server runs."""


class DatabaseNotMigrated(DispatchError):
    """The database {where} is at version {found}, this program needs {wanted}. Run `dispatch db upgrade`."""


class DatabaseNewer(DispatchError):
    """The database {where} was made by a newer Dispatcher (version {found}).
    Install that release and try again."""


class DatabaseBusy(DispatchError):
    """Somebody else kept the database {where} locked for too long. Nothing was changed; try again."""


class DatabaseOlder(DispatchError):
    """The database {where} is older than its journal in {places}: it was put back to an earlier day. People
    may have left since, and messages may have been sent, that it doesn't know of, so nothing is sent now. Run
    `dispatch restore --replay` there."""


class WrongDataKey(DispatchError):
    """DISPATCH_DATA_KEY isn't the key that this database was made with; nobody's address can be read with it.
    Put the right key back (it was in {hint}); nothing was changed."""


class QueueUnreachable(DispatchError):
    """The queue {where} can't be reached: {reason}. Check DISPATCH_REDIS_URL (or DISPATCH_BROKER_URL) and
    that the server runs."""


class NoRedisServer(DispatchError):
    """No Redis-compatible server was found to run beside us. Install one (`apt-get install redis-server`),
    or give the address of yours in DISPATCH_REDIS_URL."""


class UnknownCampaign(DispatchError):
    """There is no campaign {slug!r}. {suggestion}"""


class BrokenCampaign(DispatchError):
    """{file}{place}: {problem}"""


class WrongCampaignName(DispatchError):
    """{slug!r} can't be a campaign's name: use small letters, digits and hyphens, as in state-budget-2027."""


class CampaignExists(DispatchError):
    """{folder} is there already; nothing was written over. Choose another name, or edit what is there."""


class UnknownList(DispatchError):
    """There is no list {slug!r}. {suggestion}"""


class UnknownAlert(DispatchError):
    """There is no alert {ref!r}. See `dispatch status`."""


class UnknownSubscriber(DispatchError):
    """Nobody here has that address or number."""


class InvalidAddress(DispatchError):
    """{problem}"""


class ContentChanged(DispatchError):
    """The content of {slug!r} has changed while alert {alert} is running:
    {differences}
    To send the corrected words to those still waiting: `dispatch resume {alert} --corrected`."""


class SenderChanged(DispatchError):
    """Alert {alert} was opened with {before} on practice, which is different now: going on would leave
    people out who only got a practice message. Open the next one with `dispatch send --campaign {slug}
    --again NAME`."""


class StartsOtherwise(DispatchError):
    """Alert {alert} is {state} already; --at can't change when it starts. Leave --at out to go on with it,
    or open the next one with --again NAME."""


class RealPeopleHere(DispatchError):
    """The database {where} has people in it who aren't made up. Practise in an empty folder: nothing was
    changed."""


class NothingToSend(DispatchError):
    """Nobody would get {slug!r}: {reason}"""


class AlertNotRunning(DispatchError):
    """Alert {alert} is {state}. {way_on}"""


class NotConfirmed(DispatchError):
    """Nothing was done: {reason}"""


class SenderNotReady(DispatchError):
    """{sender}: {problem}. {mend}"""


class UnsafeToSend(DispatchError):
    """Sending was refused: {problem} {mend}"""


class ImportRefused(DispatchError):
    """{file}: {problem}"""


class UnknownBatch(DispatchError):
    """There is no import {batch}. See `dispatch subscribers imports`."""


class UnknownActionBatch(DispatchError):
    """There is no import of acts {batch}. `dispatch actions ls --campaign SLUG` has their numbers."""


class ChromiumMissing(DispatchError):
    """Pictures are taken by Chromium, and there is none on PATH. Install it (`apt-get install chromium
    fonts-noto-core`; Google Chrome will do, too), or look at the message with --open."""


class ChromiumFailed(DispatchError):
    """{program} took no picture: {problem}. The message can be looked at with --open."""


class DiskFull(DispatchError):
    """There is no room left on the disk at {where}. Free some, then run the same command again:
    nobody is sent to twice."""


class BackupExists(DispatchError):
    """{path} is there already; nothing was written over. Choose another name, or say --yes to replace it."""


class BackupBroken(DispatchError):
    """{path} can't be restored: {problem}. Nothing was changed."""


class BackupOfAnotherKind(DispatchError):
    """{path} is a backup of {kind}, and DISPATCH_DATABASE_URL names a database of another kind: {where}.
    Nothing was changed."""


class BackupProgramMissing(DispatchError):
    """{name} isn't on this machine. Install PostgreSQL's client programs, at least as new as the server
    (`apt-get install postgresql-client`)."""


class BackupProgramTooOld(DispatchError):
    """{name} is of PostgreSQL {version}, and the server of {server}: it can't copy what is newer than itself.
    Install postgresql-client-{server}."""


class BackupProgramFailed(DispatchError):
    """{name} stopped: {reason}."""


class WorkersRunning(DispatchError):
    """{number} workers are running on the database that would be replaced. Stop them first (SIGTERM: each
    finishes the few messages in its hands), then run this again."""


class JournalMissing(DispatchError):
    """No journal of this database is in {folder}. If it is on another host, replay it there, or bring the
    file here and name it with --journal. If it is lost for good, --without-journal pauses every alert, makes
    what was still to be sent uncertain, and lets you go on: whoever left since the backup is on the lists
    again."""


class JournalOfAnother(DispatchError):
    """{path} isn't a journal that was written with this data key. Nothing was changed."""


class ShippedFileMissing(DispatchError):
    """A file that belongs to Dispatcher is missing: {path}. Install it again."""


class BadToken(DispatchError):
    """The link isn't complete, or isn't one of ours. Open it again from the message that it came in."""


class ListClosed(DispatchError):
    """List {number} isn't open: nobody can join it by themselves. `dispatch lists open` lets them."""


class ApiKeyExists(DispatchError):
    """There is, or was, a key {name!r} already: give the new one another name, so that nobody mixes them
    up."""


class UnknownApiKey(DispatchError):
    """There is no key {name!r}. See `dispatch keys ls`."""


class WrongApiKeyName(DispatchError):
    """A key can't be called {name!r}: use small letters, digits and hyphens, such as our-website."""


class ListExists(DispatchError):
    """There is a list {slug!r} already. See `dispatch lists show {slug}`."""


class WrongListName(DispatchError):
    """A list can't be called {slug!r}: use small letters, digits and hyphens, such as daca-renewals."""


class ImportAlreadyUndone(DispatchError):
    """Import {batch} was taken back already, on {at}. Nothing was changed."""


class ImportStopped(DispatchError):
    """Import {batch} stopped after {rows} rows: {reason} What was imported is kept; run the same command
    again to go on, or take it back with `dispatch subscribers import --undo {batch}`."""


class RenderFailed(DispatchError):
    """This message can't be written: {reason}{detail}."""

    @property
    def reason(self) -> str:
        """A short stable key, without personal data: what is kept beside the message."""
        return str(self.facts["reason"])

    @property
    def detail(self) -> str:
        """What more can be said, without personal data."""
        return str(self.facts["detail"])


class LimiterUnavailable(DispatchError):
    """The limiter's Redis {where} can't be reached: {reason}. Nothing is sent without its limits; sending
    goes on by itself once it answers."""


class EmbeddedServerFailed(DispatchError):
    """The embedded Redis server didn't start: {reason}. Its own words are in {log}. Or give the address
    of a server of yours in DISPATCH_REDIS_URL."""


class SharedPhone(DispatchError):
    """{number} people share that phone number. Say which one is meant, by id: {ids}."""


class NotOursToLift(DispatchError):
    """That address is suppressed for another reason than bounces: {reason}. Only its owner can take that
    back: by signing up on the site, or by texting START after a STOP."""


class NothingToCorrect(DispatchError):
    """Alert {alert} sends the campaign's files as they are already; nothing was changed. Edit them first,
    look with `dispatch check {slug}`, then run this again."""


class NoSuchAlert(DispatchError):
    """No alert {state}, so there is nothing to {verb}. See `dispatch status`."""


class NotOnlyPractice(DispatchError):
    """{file} names a database or a queue of yours. Practise in an empty folder: nothing was changed."""


class FileUnusable(DispatchError):
    """{path} can't be used: {reason}. Nothing is lost; mend that, then run the same command again."""


class NameServerSilent(DispatchError):
    """No name server could say what {name} is ({reason})."""


class DkimKeyExists(DispatchError):
    """{path} is there already; nothing was written over. A new key needs a new name, so that messages signed
    with the old one can still be checked: --selector {another}."""


class CantAsk(DispatchError):
    """An OK can be asked for by text alone: give a phone number with --to. What somebody has said of the
    email is written down by `dispatch campaigns translate ok {slug} --language {language} --by NAME`."""


class LanguageRefused(DispatchError):
    """{language!r} can't be begun: {problem}"""


class TranslationRefused(DispatchError):
    """{file}: nothing was written. {problems}"""


class HoldInForce(DispatchError):
    """Nothing is deleted while a legal hold is on, since {since}. `dispatch hold show` says why;
    `dispatch hold off` ends it."""


class ExportNotConfirmed(DispatchError):
    """Nothing was exported: it would tell who is on a sensitive list. Give its name and why you need it:
    `--confirm-name {name} --reason TEXT`. Both are kept (`dispatch acts ls`)."""


class NoHold(DispatchError):
    """There is no legal hold to end."""


class NotTaken(DispatchError):
    """{failed} of {total} test messages weren't taken by {sender}: {why}. Nobody else was written to;
    look with `dispatch doctor`."""


class WrongSegment(DispatchError):
    """The segment can't be read: {problem}{where}"""


class WrongAttributes(DispatchError):
    """{file}: {problem}"""


class MailboxUnreachable(DispatchError):
    """The mailbox that is read for us can't be read: {reason}. Nothing is lost: what waits there is read
    once it can be. `dispatch doctor` tries it again."""


class UnknownWebhook(DispatchError):
    """There is no webhook {number}. See `dispatch webhooks ls`."""


class WrongWebhook(DispatchError):
    """Nobody was added: {problem}"""


class WebhookRefused(DispatchError):
    """The test event wasn't taken: {problem}. {mend}"""


class UnknownReply(DispatchError):
    """There is no reply {number}; they are kept for 30 days. See `dispatch replies ls --all`."""


class ReplyNotAnswerable(DispatchError):
    """Reply {number} can't be answered from here: {reason} Nothing was sent."""


class AnsweredMeanwhile(DispatchError):
    """Somebody else answered reply {number} while you wrote. Nothing was sent; look first:
    `dispatch replies show {number}`."""


# What passes by itself: worth another try while a lease lasts.
DATABASE_AWAY: tuple[type[DispatchError], ...] = (DatabaseBusy, DatabaseUnreachable, DiskFull)
