"""The SMTP relay that settings name, and how a connection to it is opened: greeting, TLS, login."""

import smtplib
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, partial
from socket import AF_INET6, IPPROTO_TCP, TCP_NODELAY, socket

from dispatcher.channels.at_once import connections_of
from dispatcher.channels.base import Result
from dispatcher.rules.redaction import without_addresses
from dispatcher.rules.smtp_replies import ReplyKind, classify, split_enhanced
from dispatcher.rules.urls import ServiceUrl, is_loopback

RESULTS = {
    ReplyKind.OK: Result.ACCEPTED,
    ReplyKind.SUPPRESS: Result.REFUSED,
    ReplyKind.RETRY: Result.RETRY,
    ReplyKind.SLOW: Result.SLOW_DOWN,
    ReplyKind.PAUSE: Result.BROKEN,
    ReplyKind.DROP: Result.DROPPED,
}
_PORTS = {"smtp": 25, "smtps": 465}
_SUBMISSION_PORT = 587  # RFC 6409: who logs in, submits
_OPTIONS = ("starttls", "connections", "ehlo")


class StartTls(StrEnum):
    REQUIRED = "required"
    IF_OFFERED = "if-offered"
    NO = "no"


class CannotOpen(Exception):
    """No connection to be had, and so nothing taken: what that means, and what to do."""

    def __init__(self, result: Result, code: str, words: str, mend: str) -> None:
        super().__init__(words)
        self.result = result
        self.code = code
        self.words = words
        self.mend = mend


@dataclass(frozen=True)
class Relay:
    """Where to, how, and as whom."""

    host: str
    port: int
    tls_from_start: bool
    starttls: StartTls
    user: str
    password: str = field(repr=False)
    ehlo: str  # what we call ourselves; "": our address on that connection
    timeout: float  # seconds for connecting, and for each answer
    connections: int

    @property
    def on_loopback(self) -> bool:
        return is_loopback(self.host)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """Certificates are verified, except on this machine, where nobody stands between."""
        context = ssl.create_default_context()
        if self.on_loopback:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def open(self) -> smtplib.SMTP:
        """A connection ready for its first message; raises CannotOpen."""
        smtp: smtplib.SMTP | None = None
        try:
            smtp = self._greeted()
            self._secure(smtp)
            if self.user:
                smtp.login(self.user, self.password)
            return smtp
        except (OSError, ValueError) as error:  # SMTPException is an OSError
            if smtp is not None:
                smtp.close()
            raise self._why(error) from None

    def _greeted(self) -> smtplib.SMTP:
        kind = partial(smtplib.SMTP_SSL, context=self.tls) if self.tls_from_start else smtplib.SMTP
        smtp = kind(self.host, self.port, local_hostname=self.ehlo, timeout=self.timeout)
        assert smtp.sock is not None
        smtp.sock.setsockopt(
            IPPROTO_TCP, TCP_NODELAY, 1
        )  # a message's last packet doesn't wait for its first
        smtp.local_hostname = self.ehlo or _address_literal(smtp.sock)
        return smtp

    def _secure(self, smtp: smtplib.SMTP) -> None:
        """STARTTLS and EHLO; a password never crosses a network in the clear."""
        smtp.ehlo_or_helo_if_needed()
        wanted = not self.tls_from_start and self.starttls is not StartTls.NO
        if wanted and (self.starttls is StartTls.REQUIRED or smtp.has_extn("starttls")):
            smtp.starttls(context=self.tls)
            smtp.ehlo_or_helo_if_needed()
        if self.user and not self.on_loopback and not isinstance(smtp.sock, ssl.SSLSocket):
            raise smtplib.SMTPNotSupportedError("the password would cross the network in the clear")

    def _why(self, error: OSError | ValueError) -> CannotOpen:
        match error:
            case smtplib.SMTPResponseException():
                return self._refusal(error)
            case smtplib.SMTPServerDisconnected():
                return self._unreachable("connection lost", "it hung up before we could begin")
            case smtplib.SMTPException():
                mend = "The relay must offer STARTTLS and a login that we know; check DISPATCH_EMAIL_URL."
                return CannotOpen(Result.BROKEN, "smtp not offered", str(error), mend)
            case ssl.SSLCertVerificationError():
                mend = "Use the name that its certificate is made for in DISPATCH_EMAIL_URL."
                return CannotOpen(Result.BROKEN, "tls certificate", error.verify_message, mend)
            case OSError():
                return self._unreachable("unreachable", error.strerror or str(error) or "no answer in time")
            case _:
                mend = "Host, user and password in DISPATCH_EMAIL_URL can only have ASCII letters."
                return CannotOpen(Result.BROKEN, "smtp login", "a letter can't be said in SMTP", mend)

    def _refusal(self, error: smtplib.SMTPResponseException) -> CannotOpen:
        answer = error.smtp_error
        text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
        enhanced, words = split_enhanced(text)
        kind = classify(error.smtp_code, enhanced, words, about_sender=True)
        if kind is ReplyKind.OK or error.smtp_code < 0:
            return self._unreachable("unreachable", "it doesn't speak SMTP")
        mend = (
            "Check user and password in DISPATCH_EMAIL_URL."
            if isinstance(error, smtplib.SMTPAuthenticationError)
            else "Ask whoever runs the relay, with its words above."
        )
        shown = without_addresses(words, self.user)
        return CannotOpen(RESULTS[kind], reply_code(error.smtp_code, enhanced), shown, mend)

    def _unreachable(self, code: str, words: str) -> CannotOpen:
        mend = f"Check that {self.host}:{self.port} is right in DISPATCH_EMAIL_URL and that the relay runs."
        return CannotOpen(Result.RETRY, code, words, mend)


def reply_code(code: int, enhanced: str) -> str:
    """The stable key of a reply: "smtp 550 5.1.1"."""
    return f"smtp {code} {enhanced}".rstrip()


def relay_of(url: ServiceUrl, timeout: float) -> Relay:
    """The relay of `smtp://user:password@host:port?starttls=&connections=&ehlo=`; ValueError says what is
    wrong with it.

    STARTTLS is required beyond this machine, and used where offered on it.
    """
    if unknown := sorted(set(url.options) - set(_OPTIONS)):
        raise ValueError(f"has no option {unknown[0]!r}; it knows {', '.join(_OPTIONS)}")
    if not url.host:
        raise ValueError("needs the relay's name: smtp://user:password@mail.your.site:587")
    usual = StartTls.IF_OFFERED if is_loopback(url.host) else StartTls.REQUIRED
    chosen = url.options.get("starttls", usual)
    if chosen not in list(StartTls):
        raise ValueError(f"has starttls={chosen}; it can be {', '.join(StartTls)}")
    return Relay(
        host=url.host.strip("[]"),
        port=url.port or (_SUBMISSION_PORT if url.scheme == "smtp" and url.user else _PORTS[url.scheme]),
        tls_from_start=url.scheme == "smtps",
        starttls=StartTls(chosen),
        user=url.user,
        password=url.password,
        ehlo=url.options.get("ehlo", ""),
        timeout=timeout,
        connections=connections_of(url),
    )


def _address_literal(ours: socket) -> str:
    """Our address, as RFC 5321 4.1.3 wants it of who has no name: a look-up can take seconds."""
    address = ours.getsockname()[0]
    return f"[IPv6:{address}]" if ours.family == AF_INET6 else f"[{address}]"
