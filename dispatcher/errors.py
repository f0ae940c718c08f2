"""Every error that a user can meet. The class's docstring is the message: what is wrong, and what to do."""

import inspect
import re


class DispatchError(Exception):
    """Something went wrong."""

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        template = " ".join(inspect.cleandoc(type(self).__doc__ or "").split())
        super().__init__(template.format(**facts))

    @property
    def code(self) -> str:
        """The stable name in JSON: `UnknownCampaign` is `unknown_campaign`."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()


class WrongSettings(DispatchError):
    """{name}: {problem}"""


class DatabaseMissing(DispatchError):
    """There is no database at {where}. Create it with `dispatch db upgrade`, or practise with `dispatch demo`."""


class DatabaseUnreachable(DispatchError):
    """The database {where} can't be reached: {reason}. Check DISPATCH_DATABASE_URL and that the server runs."""


class DatabaseNotMigrated(DispatchError):
    """The database {where} is at version {found}, this program needs {wanted}. Run `dispatch db upgrade`."""


class DatabaseNewer(DispatchError):
    """The database {where} was made by a newer Dispatcher (version {found}). Install that release and try again."""


class DatabaseBusy(DispatchError):
    """The database {where} stayed locked for {seconds} seconds. Nothing was changed; try again."""


class WrongDataKey(DispatchError):
    """DISPATCH_DATA_KEY isn't the key that this database was made with; nobody's address can be read with it.
    Put the right key back (it was in {hint}); nothing was changed."""


class QueueUnreachable(DispatchError):
    """The queue {where} can't be reached: {reason}. Check DISPATCH_REDIS_URL and that the server runs."""


class NoRedisServer(DispatchError):
    """No Redis-compatible server was found to run beside us. Install one (`apt-get install redis-server`),
    or give the address of yours in DISPATCH_REDIS_URL."""


class UnknownCampaign(DispatchError):
    """There is no campaign {slug!r}. {suggestion}"""


class BrokenCampaign(DispatchError):
    """{file}{place}: {problem}"""


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


class NothingToSend(DispatchError):
    """Nobody would get {slug!r}: {reason}"""


class AlertNotRunning(DispatchError):
    """Alert {alert} is {state}. {way_on}"""


class NotConfirmed(DispatchError):
    """Nothing was sent: {reason}"""


class SenderNotReady(DispatchError):
    """{sender}: {problem} {mend}"""


class UnsafeToSend(DispatchError):
    """Sending was refused: {problem} {mend}"""


class ImportRefused(DispatchError):
    """{file}: {problem}"""


class UnknownBatch(DispatchError):
    """There is no import {batch}. See `dispatch subscribers imports`."""


class DiskFull(DispatchError):
    """There is no room left on the disk at {where}. Free some, then run the same command again: nobody is sent to twice."""


class ShippedFileMissing(DispatchError):
    """A file that belongs to Dispatcher is missing: {path}. Install it again."""
