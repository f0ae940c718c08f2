"""Read what is new in the mailbox, some seconds at a time, one process at once.

What a mail says and how far was read are one transaction, so a crash between two mails loses none. Where the
server begins its numbers anew everything is read once more, which does no harm. A mail that nobody thought of
is passed by: it must not keep all that come after it waiting.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from dispatcher.bounces.imap import WINDOW, ImapFolder
from dispatcher.db import db_now
from dispatcher.errors import DispatchError, MailboxUnreachable
from dispatcher.house import House
from dispatcher.models import Mailbox
from dispatcher.rules.alarms import Event as AlarmEvent
from dispatcher.rules.replies import REPLIES_KEPT
from dispatcher.rules.urls import ServiceUrl
from dispatcher.sql import insert_with_conflicts
from dispatcher.tokens import Signer
from dispatcher.usecases.alarms.note import end_alarm, raise_alarm
from dispatcher.usecases.journal import refuse_older_database
from dispatcher.usecases.mailbox.mails import UNREAD, Mail, Taken, passed_by, take_mail, understand

TURN = 5.0  # seconds of reading: a worker's process has other things to do
READ_BACK = REPLIES_KEPT  # older mails are let be: what people said in them would be deleted here by now

_EVERY = 60.0  # seconds
_LEASE = 300.0  # much longer than any turn: connecting and the last mail take twenty seconds at most
_GRACE = 20.0
_LONGEST_WAIT = 900.0  # seconds between tries in vain: a server that sees many locks the user out
_ALARM_AFTER = timedelta(minutes=15)


@dataclass(slots=True)
class Turn:
    """What a turn has read; `more`: there was no time for all of it."""

    mails: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    more: bool = False


def mailbox_due(house: House) -> bool:
    """Whether it is time to look: one row by its key."""
    url = house.settings.mailbox
    if url is None:
        return False
    later = or_(Mailbox.next_read_at > db_now(), Mailbox.lease_until > db_now())
    known = exists().where(Mailbox.mailbox_key == mailbox_key(house, url), later)
    with house.db.reading() as session:
        return not session.scalar(select(known))


def mailbox_key(house: House, url: ServiceUrl) -> bytes:
    """What the folder is known by: another user, server or folder is another mailbox."""
    return house.keys.address_key(f"mailbox {url.user}@{url.host}:{url.port}{url.path}")


def read_mailbox(
    house: House,
    signer: Signer,
    stop: Callable[[], bool],
    seconds: float = TURN,
    *,
    told: Callable[[Mail, list[Taken]], None] | None = None,
) -> Turn | None:
    """Take what is new; None when another process is at it. `told` hears of each mail once it is kept.

    Raises MailboxUnreachable, after noting it: the next try comes later, and staff are told in time. Raises
    DatabaseOlder before anything is read.
    """
    url = house.settings.mailbox
    if url is None:
        return None
    refuse_older_database(house)
    reader = _Reader(house, signer, url, time.monotonic() + seconds, stop)
    if not reader.claim():
        return None
    try:
        with ImapFolder(url, seconds + _GRACE) as folder:
            reader.read(folder, told)
    except MailboxUnreachable as error:
        reader.note_failure(error)
        raise
    except BaseException:  # Ctrl-C, say: what was read is kept, and the next one needn't wait for us
        reader.give_back()
        raise
    reader.note_success()
    return reader.turn


def mails_waiting(house: House, url: ServiceUrl) -> Iterator[bytes]:
    """Every mail that is new, nothing noted. Raises MailboxUnreachable."""
    of_this = Mailbox.mailbox_key == mailbox_key(house, url)
    with house.db.reading() as session:
        known = session.execute(select(Mailbox.uid_validity, Mailbox.last_uid).where(of_this)).one_or_none()
    with ImapFolder(url, _LEASE) as folder:
        first = known.last_uid + 1 if known and known.uid_validity == folder.validity else 1
        while first < folder.next_uid:
            last = min(first + WINDOW, folder.next_uid) - 1
            for uid in folder.uids(first, last, since(house)):
                yield folder.mail(uid)
            first = last + 1


def since(house: House) -> date:
    """The day from which on mails are read."""
    return (house.db.now() - READ_BACK).date()


class _Reader:
    """One turn."""

    def __init__(
        self, house: House, signer: Signer, url: ServiceUrl, end: float, stop: Callable[[], bool]
    ) -> None:
        self.turn = Turn()
        self._house = house
        self._signer = signer
        self._end = end
        self._stop = stop
        self._key = mailbox_key(house, url)
        self._ours = Mailbox.mailbox_key == self._key
        self._known = (0, 0)  # UIDVALIDITY, and the last UID that was read

    def claim(self) -> bool:
        """Take the lease. One that was left by a process that died runs out."""
        with self._house.db.transaction() as session:
            row = insert_with_conflicts(session, Mailbox).values(mailbox_key=self._key)
            session.execute(row.on_conflict_do_nothing())
            free = or_(Mailbox.lease_until.is_(None), Mailbox.lease_until <= db_now())
            found = session.execute(
                update(Mailbox)
                .where(self._ours, free)
                .values(lease_until=db_now(_LEASE))
                .returning(Mailbox.uid_validity, Mailbox.last_uid)
            ).one_or_none()
        if found is None:
            return False
        self._known = found.uid_validity, found.last_uid
        return True

    def read(self, folder: ImapFolder, told: Callable[[Mail, list[Taken]], None] | None) -> None:
        """Mail after mail, until the turn ends or nothing is left."""
        validity, last_uid = self._known
        next_uid = last_uid + 1 if validity == folder.validity else 1
        from_day = since(self._house)
        while next_uid < folder.next_uid:
            window_end = min(next_uid + WINDOW, folder.next_uid) - 1
            for uid in folder.uids(next_uid, window_end, from_day):
                if self._stop() or time.monotonic() > self._end:
                    self.turn.more = True
                    return
                self._take(folder, uid, told)
            with self._house.db.transaction() as session:
                self._note(session, folder.validity, window_end)
            next_uid = window_end + 1

    def _take(self, folder: ImapFolder, uid: int, told: Callable[[Mail, list[Taken]], None] | None) -> None:
        raw = folder.mail(uid)
        try:
            mail = understand(raw, self._house.settings)
            with self._house.db.transaction() as session:
                outcomes = take_mail(session, self._house, self._signer, mail)
                self._note(session, folder.validity, uid)
        except (DispatchError, OSError):  # it is us: the database is away, or a disk is full
            raise
        except Exception as error:  # noqa: BLE001 - its words may hold what stands in the mail
            mail, outcomes = UNREAD, [passed_by(error)]
            with self._house.db.transaction() as session:
                self._note(session, folder.validity, uid)
        self.turn.mails += 1
        self.turn.kinds.update(str(event.kind) for event in mail.events)
        self.turn.outcomes.update(map(str, outcomes))
        if told:
            told(mail, outcomes)

    def _note(self, session: Session, validity: int, uid: int) -> None:
        session.execute(update(Mailbox).where(self._ours).values(uid_validity=validity, last_uid=uid))

    def give_back(self) -> None:
        """The lease alone."""
        with self._house.db.transaction() as session:
            session.execute(update(Mailbox).where(self._ours).values(lease_until=None))

    def note_success(self) -> None:
        """The lease is given back; what is left is read at once, what comes later in a minute."""
        values = {"lease_until": None, "failing_since": None, "tries": 0, "next_read_at": db_now()}
        if not self.turn.more:
            values |= {"next_read_at": db_now(_EVERY), "read_at": db_now()}
        with self._house.db.transaction() as session:
            session.execute(update(Mailbox).where(self._ours).values(values))
            end_alarm(session, AlarmEvent.MAILBOX_AWAY, "The mailbox can be read again.")

    def note_failure(self, error: MailboxUnreachable) -> None:
        """The next try comes later each time; staff are told when it lasts."""
        now = self._house.db.now()
        with self._house.db.transaction() as session:
            row = session.get_one(Mailbox, self._key)
            row.tries += 1
            row.lease_until = None
            row.failing_since = row.failing_since or now
            wait = min(_EVERY * 2 ** min(row.tries - 1, 10), _LONGEST_WAIT)
            row.next_read_at = now + timedelta(seconds=wait)
            if now - row.failing_since >= _ALARM_AFTER:
                raise_alarm(session, AlarmEvent.MAILBOX_AWAY, str(error))
