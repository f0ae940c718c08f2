"""An IMAP server on loopback with one folder: as much of RFC 9051 as reading takes, and faults on request."""

import re
import socketserver
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

USER, PASSWORD = "desk@org.example", 'p@ss "word" \\'
_FETCH = re.compile(r"(\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")
_SEARCH = re.compile(r"UID (\d+):(\d+) SINCE (\d\d-[A-Z][a-z]{2}-\d{4})")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass
class ImapServer:
    """`with ImapServer(...) as server:`; `mails` by UID may change meanwhile.

    `pem` (key and certificate) makes it speak TLS, from the first byte or after STARTTLS.
    """

    mails: dict[int, bytes] = field(default_factory=dict)
    days: dict[int, str] = field(default_factory=dict)  # `2026-11-05`, of mails that aren't new
    validity: int = 7
    pem: Path | None = None
    starttls: bool = False
    hang_up_at: int = 0  # the connection ends in the middle of the mail with this UID
    lie_at: int = 0  # a mail that is announced as gigabytes
    silent: bool = False  # no command is answered
    commands: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, password: str = PASSWORD, folder: str = "INBOX") -> str:
        """What DISPATCH_MAILBOX_URL is set to."""
        scheme = "imaps" if self.pem and not self.starttls else "imap"
        option = "?starttls=1" if self.starttls else ""
        return f"{scheme}://{USER}:{password}@127.0.0.1:{self.port}/{folder}{option}"

    def put(self, *mails: bytes) -> None:
        """Let mails arrive."""
        for raw in mails:
            self.mails[max(self.mails, default=0) + 1] = raw

    def __enter__(self) -> Self:
        self._server = socketserver.ThreadingTCPServer(
            ("127.0.0.1", 0), type("Talk", (_Talk,), {"state": self})
        )
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def tls(self) -> ssl.SSLContext:
        assert self.pem
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.pem)
        return context


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    state: ImapServer
    timeout = 10
    disable_nagle_algorithm = True

    def handle(self) -> None:
        with suppress(OSError):  # the other side has gone
            if self.state.pem and not self.state.starttls:
                self._secure()
            self._say("* OK ready")
            while line := self.rfile.readline().decode().rstrip("\r\n"):
                tag, _, command = line.partition(" ")
                self.state.commands.append(command.split(" ", 1)[0] if "LOGIN" in command else command)
                if self.state.silent:
                    continue
                if not self._answer(tag, command):
                    return

    def _secure(self) -> None:
        self.request = self.state.tls().wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", buffering=0)

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
        self.request.close()

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def _answer(self, tag: str, command: str) -> bool:
        """Whether the connection goes on."""
        state, verb = self.state, command.partition(" ")[0]
        if command.startswith("UID FETCH"):
            return self._fetch(tag, command)
        if command.startswith("UID SEARCH"):
            first, last, day = _SEARCH.search(command).groups()  # type: ignore[union-attr]
            since = time.strftime("%Y-%m-%d", time.strptime(day, "%d-%b-%Y"))
            found = [
                u for u in state.mails if int(first) <= u <= int(last) and state.days.get(u, "9") >= since
            ]
            self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
        elif verb == "CAPABILITY":
            secured = isinstance(self.request, ssl.SSLSocket)
            more = " STARTTLS LOGINDISABLED" if state.starttls and not secured else ""
            self._say(f"* CAPABILITY IMAP4rev1{more}")
        elif verb == "LOGIN":
            given = [re.sub(r"\\(.)", r"\1", one) for one in _QUOTED.findall(command)]
            if given != [USER, PASSWORD]:
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] {USER} isn't let in")
                return True
        elif verb == "EXAMINE":
            if command != 'EXAMINE "INBOX"':
                self._say(f"{tag} NO no such folder")
                return True
            validity, following = state.validity, max(state.mails, default=0) + 1
            self._say(f"* {len(state.mails)} EXISTS", f"* OK [UIDVALIDITY {validity}] ok")
            self._say(f"* OK [UIDNEXT {following}] ok")
        self._say(f"{tag} OK done")
        if verb == "STARTTLS":
            self._secure()
        return verb != "LOGOUT"

    def _fetch(self, tag: str, command: str) -> bool:
        uid, most = map(int, _FETCH.search(command).groups())  # type: ignore[union-attr]
        raw = self.state.mails.get(uid, b"")[:most]
        size = 3_000_000_000 if uid == self.state.lie_at else len(raw)
        self._say("* 1 FETCH (FLAGS (\\Recent))")  # as servers tell what others do meanwhile
        if raw:
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{size}}}\r\n".encode())
            cut = uid == self.state.hang_up_at
            self.wfile.write(raw[: len(raw) // 2] if cut else raw)
            if cut:
                return False
            self._say(")")
        self._say(f"{tag} OK done")
        return True
