"""A folder on an IMAP server (RFC 9051, RFC 3501), opened to look at alone: nothing on the server changes, no
mail is marked, moved or deleted.

Over the standard library: five commands are all that it takes, and the bounds (of sizes, and of how long a
slow server may keep us) have to sit below whatever reads its answers.
"""

import imaplib
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from types import TracebackType
from typing import Any, Self, TypeVar

from dispatcher.errors import MailboxUnreachable
from dispatcher.rules.urls import ServiceUrl

T = TypeVar("T")

LONGEST = (
    262_144  # bytes of a mail that are fetched: reports and people's words stand before what they return
)
WINDOW = 2_000  # UIDs looked through at once: the answer stays far below the library's longest line

_ANSWERS_WITHIN = 10.0  # seconds
_SLACK = 1_000  # bytes: what a server may send beyond what it was asked for
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # RFC 9051
_DEFAULT_PORTS = {"imap": 143, "imaps": 993}


class _Bounded(imaplib.IMAP4):
    """Reads as much as it asked for, and until `until`, a reading of time.monotonic()."""

    def __init__(self, until: float, *given: Any, **named: Any) -> None:
        """A server that sends a letter now and then is never late; so at the end the socket is shut."""
        self._until = until
        self._timer = threading.Timer(max(0.0, until - time.monotonic()), self._end)
        self._timer.daemon = True
        super().__init__(*given, **named)

    def open(self, *given: Any, **named: Any) -> None:
        """Connect; from then on the time runs."""
        super().open(*given, **named)
        self._timer.start()

    def shutdown(self) -> None:
        """Hang up."""
        self._timer.cancel()
        super().shutdown()

    def _end(self) -> None:
        with suppress(OSError):  # of the socket below TLS: whoever reads there may go on undisturbed
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def read(self, size: int) -> bytes:
        """A literal. The server says its size; a wrong one isn't believed."""
        if size > LONGEST + _SLACK:
            raise self.abort("a literal that is too long")
        self._refuse_late()
        read = super().read(size)
        self._refuse_late()
        return read

    def readline(self) -> bytes:
        """A line, which the library bounds."""
        self._refuse_late()
        line = super().readline()
        self._refuse_late()
        return line

    def _refuse_late(self) -> None:
        if time.monotonic() > self._until:
            raise TimeoutError


class _BoundedTls(_Bounded, imaplib.IMAP4_SSL):
    """The same, with TLS from its first byte."""


class ImapFolder:
    """`with ImapFolder(url, seconds) as folder:`, logged in and opened. Everything it does raises
    MailboxUnreachable, in words that tell no address and nothing that the server said.
    """

    def __init__(self, url: ServiceUrl, seconds: float, *, patience: float = _ANSWERS_WITHIN) -> None:
        """The server has `seconds` for everything, and `patience` seconds for each word."""
        self._url = url
        self._patience = patience
        self._until = time.monotonic() + seconds
        self.validity = 0  # UIDVALIDITY: with another one all UIDs mean other mails
        self.next_uid = 0  # UIDNEXT when the folder was opened: every mail there has a lower UID

    def __enter__(self) -> Self:
        self._server = _worded(self._connected)
        try:
            _worded(self._log_in)
            _worded(self._open)
        except BaseException:
            self._hang_up()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            with suppress(imaplib.IMAP4.error, OSError, ValueError):
                self._server.logout()
        self._hang_up()

    def uids(self, first: int, last: int, since: date) -> list[int]:
        """The UIDs from `first` to `last` of mails that came on that day or later; at most WINDOW of them."""
        day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        lines = self._ask("SEARCH", "UID", f"{first}:{last}", "SINCE", day)
        words = b" ".join(line for line in lines if isinstance(line, bytes)).split()
        found = {int(word) for word in words if word.isdigit()}
        return sorted(uid for uid in found if first <= uid <= last)[:WINDOW]

    def mail(self, uid: int) -> bytes:
        """The first LONGEST bytes of a mail; b"" when it is gone."""
        for item in self._ask("FETCH", str(uid), f"(BODY.PEEK[]<0.{LONGEST}>)"):
            if isinstance(item, tuple) and b"BODY[]" in item[0].upper():
                return bytes(item[1])
        return b""

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        kind, answer = _worded(lambda: self._server.uid(command, *arguments))
        if kind != "OK":
            raise MailboxUnreachable(reason=f"the server refuses the command {command}")
        return answer

    def _connected(self) -> _Bounded:
        host = self._url.host
        port = self._url.port or _DEFAULT_PORTS[self._url.scheme]
        if self._url.scheme == "imaps":
            tls = ssl.create_default_context()
            return _BoundedTls(self._until, host, port, ssl_context=tls, timeout=self._patience)
        return _Bounded(self._until, host, port, timeout=self._patience)

    def _log_in(self) -> None:
        if "starttls" in self._url.options:
            self._server.starttls(ssl.create_default_context())
        if "LOGINDISABLED" in self._server.capabilities:
            raise MailboxUnreachable(reason="the server takes no password on this connection; write imaps://")
        try:
            self._server.login(_quoted(self._url.user), self._url.password)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            reason = "the server doesn't take the user or the password of DISPATCH_MAILBOX_URL"
            raise MailboxUnreachable(reason=reason) from None

    def _open(self) -> None:
        folder = self._url.path.strip("/") or "INBOX"
        kind, _ = self._server.select(_quoted(folder), readonly=True)
        if kind != "OK":
            raise MailboxUnreachable(reason=f"the server has no folder {folder}")
        self.validity = self._number("UIDVALIDITY")
        self.next_uid = self._number("UIDNEXT")

    def _number(self, name: str) -> int:
        """A number that the server told when the folder was opened."""
        _, told = self._server.response(name)
        found = re.fullmatch(rb"\d{1,10}", told[-1]) if told and isinstance(told[-1], bytes) else None
        if found is None:
            raise MailboxUnreachable(reason=f"the server doesn't tell {name}")
        return int(found[0])

    def _hang_up(self) -> None:
        with suppress(OSError, ValueError):
            self._server.shutdown()


def _quoted(text: str) -> str:
    """A string as RFC 9051 section 4.3 has it; the settings let printable ASCII through alone."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _worded(do: Callable[[], T]) -> T:
    """What `do` returns; what is wrong with the connection in our own words."""
    try:
        return do()
    except ssl.SSLCertVerificationError as error:
        reason = f"the server's certificate isn't valid ({error.verify_message})"
    except ssl.SSLError:
        reason = "there is no agreement on TLS"
    except TimeoutError:
        reason = "the server doesn't answer in time"
    except OSError as error:
        reason = f"the server can't be reached ({error.strerror or type(error).__name__})"
    except (imaplib.IMAP4.error, ValueError):
        reason = "the server hung up, or says what isn't IMAP"
    raise MailboxUnreachable(reason=reason)
