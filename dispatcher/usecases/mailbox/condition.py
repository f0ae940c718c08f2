"""How it stands with the mailbox, for `dispatch doctor`: it logs in and looks, and changes nothing."""

from datetime import timedelta

from sqlalchemy import select

from dispatcher.bounces.imap import WINDOW, ImapFolder
from dispatcher.errors import MailboxUnreachable
from dispatcher.house import House
from dispatcher.models import Mailbox
from dispatcher.rules.urls import ServiceUrl
from dispatcher.usecases.journal.condition import Condition
from dispatcher.usecases.mailbox.reading import mailbox_key, since

_SECONDS = 20.0
_STALE = timedelta(hours=1)  # it is read once a minute; what waited long may take many turns
_SET = "Set DISPATCH_MAILBOX_URL, or have bounces piped to `dispatch bounces read`."
_LOOK = "Look at the user, the password and the folder of DISPATCH_MAILBOX_URL, and whether its server is up."
_NOBODY_READS = "See that a worker runs, and what its log says of the mailbox."


def mailbox_condition(house: House) -> Condition:
    """Whether it can be read, how many mails wait, and when it was read last."""
    url = house.settings.mailbox
    if url is None:
        return Condition(None, "none is read: nobody sees bounces and answers that come by mail.", _SET)
    of_this = Mailbox.mailbox_key == mailbox_key(house, url)
    with house.db.reading() as session:
        known = session.execute(
            select(Mailbox.uid_validity, Mailbox.last_uid, Mailbox.read_at).where(of_this)
        ).one_or_none()
    validity, last_uid, read_at = known or (0, 0, None)
    try:
        number = _waiting(house, url, validity, last_uid)
    except MailboxUnreachable as error:
        return Condition(False, str(error), _LOOK)
    words = f"can be read; {number:,}{' or more' if number >= WINDOW else ''} mails wait"
    if read_at is None:
        return Condition(None, f"{words}; it was never read.", "A running worker reads it within a minute.")
    words += f"; it was last read on {read_at:%d %B %Y at %H:%M} UTC."
    if house.db.now() - read_at > _STALE:
        return Condition(False, words, _NOBODY_READS)
    return Condition(True, words)


def _waiting(house: House, url: ServiceUrl, validity: int, last_uid: int) -> int:
    with ImapFolder(url, _SECONDS) as folder:
        first = last_uid + 1 if validity == folder.validity else 1
        if first >= folder.next_uid:
            return 0
        return len(folder.uids(first, folder.next_uid - 1, since(house)))
